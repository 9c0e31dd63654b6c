* small: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 2 x 2 cells of HfO2
.subckt ml_Weights__array row_0 row_1 col_0 col_1
R0_0 row_0 col_0 1e5
Cw0 row_0 0 'ml_c_wire*2'
R1_0 row_1 col_0 5e4
R1_1 row_1 col_1 33333.334
Cw1 row_1 0 'ml_c_wire*2'
Cb0 col_0 0 'ml_c_wire*2'
Cb1 col_1 0 'ml_c_wire*2'
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row_0 row_1 col_0 col_1
Xarray row_0 row_1 col_0 col_1 ml_Weights__array
.ends Weights
