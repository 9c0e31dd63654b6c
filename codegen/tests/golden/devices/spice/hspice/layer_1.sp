* devices: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 1 x 3 cells of HfO2
.subckt ml_Weights__array row col_0 col_1 col_2
X0_0 w_0_0 b_0_0 HfO2 x_0=1
Rw0_0 row w_0_0 'ml_r_wire'
Rb0_0 b_0_0 col_0 'ml_r_wire'
Rw0_1 w_0_0 w_0_1 'ml_r_wire'
Rb0_1 b_0_1 col_1 'ml_r_wire'
X0_2 w_0_2 b_0_2 HfO2 x_0=0
Rw0_2 w_0_1 w_0_2 'ml_r_wire'
Rb0_2 b_0_2 col_2 'ml_r_wire'
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row col_0 col_1 col_2
Xarray row col_0 col_1 col_2 ml_Weights__array
.ends Weights
