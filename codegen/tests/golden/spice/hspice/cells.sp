* small: cells
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
.hdl "../../verilog_a/vteam.va"
.hdl "../../verilog_a/op_amp.va"
.hdl "../../verilog_a/hard_swish.va"
.hdl "../../verilog_a/hard_sigmoid.va"
.hdl "../../verilog_a/relu.va"
.hdl "../../verilog_a/multiplier.va"
.hdl "../../verilog_a/sample_hold.va"
.hdl "../../verilog_a/switch.va"
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
.model ml_sample_hold ml_sample_hold
.model ml_switch ml_switch
.param ml_r_wire=2.5
* a frame memory
.subckt ml_store_3x3_k2_s2_p1 inp tap_0 tap_1 tap_2 tap_3 wr_row_0 wr_row_1 wr_row_2 wr_col_0 wr_col_1 wr_col_2 rd_row_0
+ rd_row_1 rd_col_0 rd_col_1 v_ref
Xcell_0_0 inp pixel_0_0 wr_row_0 wr_col_0 ml_sample_hold
Xcell_0_1 inp pixel_0_1 wr_row_0 wr_col_1 ml_sample_hold
Xcell_0_2 inp pixel_0_2 wr_row_0 wr_col_2 ml_sample_hold
Xcell_1_0 inp pixel_1_0 wr_row_1 wr_col_0 ml_sample_hold
Xcell_1_1 inp pixel_1_1 wr_row_1 wr_col_1 ml_sample_hold
Xcell_1_2 inp pixel_1_2 wr_row_1 wr_col_2 ml_sample_hold
Xcell_2_0 inp pixel_2_0 wr_row_2 wr_col_0 ml_sample_hold
Xcell_2_1 inp pixel_2_1 wr_row_2 wr_col_1 ml_sample_hold
Xcell_2_2 inp pixel_2_2 wr_row_2 wr_col_2 ml_sample_hold
Xrow_0_0_0 v_ref line_0_0 rd_row_0 ml_switch
Xrow_0_0_1 pixel_1_0 line_0_0 rd_row_1 ml_switch
Xrow_0_1_0 v_ref line_0_1 rd_row_0 ml_switch
Xrow_0_1_1 pixel_1_1 line_0_1 rd_row_1 ml_switch
Xrow_0_2_0 v_ref line_0_2 rd_row_0 ml_switch
Xrow_0_2_1 pixel_1_2 line_0_2 rd_row_1 ml_switch
Xcol_0_0_0 v_ref picked_0_0 rd_col_0 ml_switch
Xcol_0_0_1 line_0_1 picked_0_0 rd_col_1 ml_switch
Eout_0_0 tap_0 0 picked_0_0 0 1
Xcol_0_1_0 line_0_0 picked_0_1 rd_col_0 ml_switch
Xcol_0_1_1 line_0_2 picked_0_1 rd_col_1 ml_switch
Eout_0_1 tap_1 0 picked_0_1 0 1
Xrow_1_0_0 pixel_0_0 line_1_0 rd_row_0 ml_switch
Xrow_1_0_1 pixel_2_0 line_1_0 rd_row_1 ml_switch
Xrow_1_1_0 pixel_0_1 line_1_1 rd_row_0 ml_switch
Xrow_1_1_1 pixel_2_1 line_1_1 rd_row_1 ml_switch
Xrow_1_2_0 pixel_0_2 line_1_2 rd_row_0 ml_switch
Xrow_1_2_1 pixel_2_2 line_1_2 rd_row_1 ml_switch
Xcol_1_0_0 v_ref picked_1_0 rd_col_0 ml_switch
Xcol_1_0_1 line_1_1 picked_1_0 rd_col_1 ml_switch
Eout_1_0 tap_2 0 picked_1_0 0 1
Xcol_1_1_0 line_1_0 picked_1_1 rd_col_0 ml_switch
Xcol_1_1_1 line_1_2 picked_1_1 rd_col_1 ml_switch
Eout_1_1 tap_3 0 picked_1_1 0 1
.ends ml_store_3x3_k2_s2_p1
* TIA
.subckt Readout inp out v_ref r_f=1e4
Xamp v_ref inp out Ota
Rr_f inp out 'r_f'
Cc_f inp out 1e-12
.ends Readout
.subckt Inverter inp out v_ref
Xamp v_ref sum out Ota
Rr_in inp sum 1e4
Rr_f sum out 1e4
.ends Inverter
