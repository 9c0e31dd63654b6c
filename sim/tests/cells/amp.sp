* an amplifier of a low gain about vss
.subckt amp vdd vss inp inn out gain=1
Eamp out vss inp inn {gain}
.ends amp
* its output stands at half of its input: what no declared function says
.subckt half inp out v_ref vss
Ehalf out v_ref inp v_ref 0.5
.ends half
