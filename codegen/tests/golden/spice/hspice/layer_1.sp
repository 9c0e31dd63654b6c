* small: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 8 x 3 cells of HfO2
.subckt ml_Weights__array row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2
R0_0 w_0_0 b_0_0 1e5
Rw0_0 row_0 w_0_0 'ml_r_wire'
Rb0_0 b_0_0 b_1_0 'ml_r_wire'
R0_1 w_0_1 b_0_1 5e4
Rw0_1 w_0_0 w_0_1 'ml_r_wire'
Rb0_1 b_0_1 b_1_1 'ml_r_wire'
Rw0_2 w_0_1 w_0_2 'ml_r_wire'
Rb0_2 b_0_2 b_1_2 'ml_r_wire'
R1_0 w_1_0 b_1_0 33333.334
Rw1_0 row_1 w_1_0 'ml_r_wire'
Rb1_0 b_1_0 b_2_0 'ml_r_wire'
Rw1_1 w_1_0 w_1_1 'ml_r_wire'
Rb1_1 b_1_1 b_2_1 'ml_r_wire'
R1_2 w_1_2 b_1_2 1e6
Rw1_2 w_1_1 w_1_2 'ml_r_wire'
Rb1_2 b_1_2 b_2_2 'ml_r_wire'
R2_0 w_2_0 b_2_0 2.5e5
Rw2_0 row_2 w_2_0 'ml_r_wire'
Rb2_0 b_2_0 b_3_0 'ml_r_wire'
R2_1 w_2_1 b_2_1 2e5
Rw2_1 w_2_0 w_2_1 'ml_r_wire'
Rb2_1 b_2_1 b_3_1 'ml_r_wire'
R2_2 w_2_2 b_2_2 166666.66
Rw2_2 w_2_1 w_2_2 'ml_r_wire'
Rb2_2 b_2_2 b_3_2 'ml_r_wire'
R3_0 w_3_0 b_3_0 1e4
Rw3_0 row_3 w_3_0 'ml_r_wire'
Rb3_0 b_3_0 b_4_0 'ml_r_wire'
Rw3_1 w_3_0 w_3_1 'ml_r_wire'
Rb3_1 b_3_1 b_4_1 'ml_r_wire'
R3_2 w_3_2 b_3_2 4e4
Rw3_2 w_3_1 w_3_2 'ml_r_wire'
Rb3_2 b_3_2 b_4_2 'ml_r_wire'
Rw4_0 row_4 w_4_0 'ml_r_wire'
Rb4_0 b_4_0 b_5_0 'ml_r_wire'
R4_1 w_4_1 b_4_1 66666.67
Rw4_1 w_4_0 w_4_1 'ml_r_wire'
Rb4_1 b_4_1 b_5_1 'ml_r_wire'
R4_2 w_4_2 b_4_2 142857.14
Rw4_2 w_4_1 w_4_2 'ml_r_wire'
Rb4_2 b_4_2 b_5_2 'ml_r_wire'
Rw5_0 row_5 w_5_0 'ml_r_wire'
Rb5_0 b_5_0 b_6_0 'ml_r_wire'
R5_1 w_5_1 b_5_1 125000
Rw5_1 w_5_0 w_5_1 'ml_r_wire'
Rb5_1 b_5_1 b_6_1 'ml_r_wire'
Rw5_2 w_5_1 w_5_2 'ml_r_wire'
Rb5_2 b_5_2 b_6_2 'ml_r_wire'
Rw6_0 row_6 w_6_0 'ml_r_wire'
Rb6_0 b_6_0 b_7_0 'ml_r_wire'
Rw6_1 w_6_0 w_6_1 'ml_r_wire'
Rb6_1 b_6_1 b_7_1 'ml_r_wire'
R6_2 w_6_2 b_6_2 33333.334
Rw6_2 w_6_1 w_6_2 'ml_r_wire'
Rb6_2 b_6_2 b_7_2 'ml_r_wire'
R7_0 w_7_0 b_7_0 83333.33
Rw7_0 row_7 w_7_0 'ml_r_wire'
Rb7_0 b_7_0 col_0 'ml_r_wire'
Rw7_1 w_7_0 w_7_1 'ml_r_wire'
Rb7_1 b_7_1 col_1 'ml_r_wire'
Rw7_2 w_7_1 w_7_2 'ml_r_wire'
Rb7_2 b_7_2 col_2 'ml_r_wire'
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2
Xarray row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2 ml_Weights__array
.ends Weights
