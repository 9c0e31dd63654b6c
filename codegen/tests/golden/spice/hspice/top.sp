* small: top
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
.include "cells.sp"
.include "layer_1.sp"
.include "layer_2.sp"
* 4 inputs, 3 outputs
.subckt FullyConnected x_0 x_1 x_2 x_3 y_0 y_1 y_2 v_ref
Xinv_0 x_0 negative_0 v_ref Inverter
Xinv_1 x_1 negative_1 v_ref Inverter
Xinv_2 x_2 negative_2 v_ref Inverter
Xinv_3 x_3 negative_3 v_ref Inverter
Xxbar x_0 x_1 x_2 x_3 negative_0 negative_1 negative_2 negative_3 i_0 i_1 i_2 Weights
Xtia_0 i_0 v_0 v_ref Readout r_f=1e4
Xtia_1 i_1 v_1 v_ref Readout r_f=2e4
Xtia_2 i_2 v_2 v_ref Readout r_f=3e4
Xact_0 v_0 y_0 v_ref HardSwish unit_in=0.05
Xact_1 v_1 y_1 v_ref HardSwish unit_in=0.05
Xact_2 v_2 y_2 v_ref HardSwish unit_in=0.05
.ends FullyConnected
