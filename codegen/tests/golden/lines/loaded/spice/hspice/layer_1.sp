* small: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 2 x 2 cells of HfO2
.subckt ml_Weights__array row_0 row_1 col_0 col_1
Rd0 row_0 d_0 'ml_r_driver'
R0_0 w_0_0 c_0_0 1e5
Rc0_0 c_0_0 b_0_0 'ml_r_contact'
C0_0 w_0_0 c_0_0 'ml_c_cell'
Rw0_0 d_0 w_0_0 'ml_r_wordline'
Rb0_0 b_0_0 b_1_0 'ml_r_bitline'
Cw0_0 w_0_0 0 'ml_c_wire'
Cb0_0 b_0_0 0 'ml_c_wire'
Rw0_1 w_0_0 w_0_1 'ml_r_wordline'
Rb0_1 b_0_1 b_1_1 'ml_r_bitline'
Cw0_1 w_0_1 0 'ml_c_wire'
Cb0_1 b_0_1 0 'ml_c_wire'
Rd1 row_1 d_1 'ml_r_driver'
R1_0 w_1_0 c_1_0 5e4
Rc1_0 c_1_0 b_1_0 'ml_r_contact'
C1_0 w_1_0 c_1_0 'ml_c_cell'
Rw1_0 d_1 w_1_0 'ml_r_wordline'
Rb1_0 b_1_0 s_0 'ml_r_bitline'
Cw1_0 w_1_0 0 'ml_c_wire'
Cb1_0 b_1_0 0 'ml_c_wire'
R1_1 w_1_1 c_1_1 33333.334
Rc1_1 c_1_1 b_1_1 'ml_r_contact'
C1_1 w_1_1 c_1_1 'ml_c_cell'
Rw1_1 w_1_0 w_1_1 'ml_r_wordline'
Rb1_1 b_1_1 s_1 'ml_r_bitline'
Cw1_1 w_1_1 0 'ml_c_wire'
Cb1_1 b_1_1 0 'ml_c_wire'
Rs0 s_0 col_0 'ml_r_sense'
Rs1 s_1 col_1 'ml_r_sense'
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row_0 row_1 col_0 col_1
Xarray row_0 row_1 col_0 col_1 ml_Weights__array
.ends Weights
