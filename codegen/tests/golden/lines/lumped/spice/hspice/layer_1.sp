* small: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 2 x 2 cells of HfO2
.subckt ml_Weights__array row_0 row_1 col_0 col_1
Rd0 row_0 d_0 'ml_r_driver'
R0_0 d_0 c_0_0 1e5
Rc0_0 c_0_0 s_0 'ml_r_contact'
C0_0 d_0 c_0_0 'ml_c_cell'
Cw0 d_0 0 'ml_c_wire*2'
Rd1 row_1 d_1 'ml_r_driver'
R1_0 d_1 c_1_0 5e4
Rc1_0 c_1_0 s_0 'ml_r_contact'
C1_0 d_1 c_1_0 'ml_c_cell'
R1_1 d_1 c_1_1 33333.334
Rc1_1 c_1_1 s_1 'ml_r_contact'
C1_1 d_1 c_1_1 'ml_c_cell'
Cw1 d_1 0 'ml_c_wire*2'
Rs0 s_0 col_0 'ml_r_sense'
Cb0 s_0 0 'ml_c_wire*2'
Rs1 s_1 col_1 'ml_r_sense'
Cb1 s_1 0 'ml_c_wire*2'
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row_0 row_1 col_0 col_1
Xarray row_0 row_1 col_0 col_1 ml_Weights__array
.ends Weights
