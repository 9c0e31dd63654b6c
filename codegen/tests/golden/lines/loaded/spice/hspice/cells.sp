* small: cells
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
.hdl "../../verilog_a/vteam.va"
.hdl "../../verilog_a/op_amp.va"
.hdl "../../verilog_a/hard_swish.va"
.hdl "../../verilog_a/hard_sigmoid.va"
.hdl "../../verilog_a/relu.va"
.hdl "../../verilog_a/multiplier.va"
.model HfO2 ml_vteam
+ k_off=0.091
+ k_on=-216.2
+ alpha_off=4
+ alpha_on=4
+ v_off=0.3
+ v_on=-1.5
+ r_on=1e4
+ r_off=1e6
+ d=3e-9
+ c_x=1e-9
+ x_0=0
.model Ota ml_op_amp
+ gain=1e4
+ gbw=1e7
+ slew_rate=1e7
+ offset=1e-3
+ low=0.1
+ high=1.7
+ c_in=2e-12
.model HardSwish ml_hard_swish
+ unit=0.1
+ low=0.1
+ high=1.7
.model HardSigmoid ml_hard_sigmoid
+ unit=0.2
+ low=0.1
+ high=1.7
.model Relu ml_relu
+ unit=0.08
+ low=0.1
+ high=1.7
.model Multiplier ml_multiplier
+ unit=0.25
+ low=0.1
+ high=1.7
.param ml_r_wordline=3
.param ml_r_bitline=0.5
.param ml_r_driver=100
.param ml_r_sense=50
.param ml_r_contact=1e3
.param ml_c_wire=2e-16
.param ml_c_cell=1e-16
* TIA
.subckt Readout inp out v_ref r_f=1e4
Xamp v_ref inp out Ota
Rr_f inp out 'r_f'
Cc_f inp out 1e-12
.ends Readout
