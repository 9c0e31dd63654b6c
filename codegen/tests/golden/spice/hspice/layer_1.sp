* small: layer_1
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
* 8 x 3 cells of HfO2
.subckt ml_Weights__array row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2
R0_0 w_0_0 b_0_0 1.0000000252621254e5
Rw0_0 row_0 w_0_0 2.5e0
Rb0_0 b_0_0 b_1_0 2.5e0
R0_1 w_0_1 b_0_1 5.000000126310627e4
Rw0_1 w_0_0 w_0_1 2.5e0
Rb0_1 b_0_1 b_1_1 2.5e0
Rw0_2 w_0_1 w_0_2 2.5e0
Rb0_2 b_0_2 b_1_2 2.5e0
R1_0 w_1_0 b_1_0 3.333333417540418e4
Rw1_0 row_1 w_1_0 2.5e0
Rb1_0 b_1_0 b_2_0 2.5e0
Rw1_1 w_1_0 w_1_1 2.5e0
Rb1_1 b_1_1 b_2_1 2.5e0
R1_2 w_1_2 b_1_2 1.0000000025247573e6
Rw1_2 w_1_1 w_1_2 2.5e0
Rb1_2 b_1_2 b_2_2 2.5e0
R2_0 w_2_0 b_2_0 2.5000000063118932e5
Rw2_0 row_2 w_2_0 2.5e0
Rb2_0 b_2_0 b_3_0 2.5e0
R2_1 w_2_1 b_2_1 2.0000000505242508e5
Rw2_1 w_2_0 w_2_1 2.5e0
Rb2_1 b_2_1 b_3_1 2.5e0
R2_2 w_2_2 b_2_2 1.6666666077152433e5
Rw2_2 w_2_1 w_2_2 2.5e0
Rb2_2 b_2_2 b_3_2 2.5e0
R3_0 w_3_0 b_3_0 1.0000000252621256e4
Rw3_0 row_3 w_3_0 2.5e0
Rb3_0 b_3_0 b_4_0 2.5e0
Rw3_1 w_3_0 w_3_1 2.5e0
Rb3_1 b_3_1 b_4_1 2.5e0
R3_2 w_3_2 b_3_2 4.000000101048502e4
Rw3_2 w_3_1 w_3_2 2.5e0
Rb3_2 b_3_2 b_4_2 2.5e0
Rw4_0 row_4 w_4_0 2.5e0
Rb4_0 b_4_0 b_5_0 2.5e0
R4_1 w_4_1 b_4_1 6.666666835080837e4
Rw4_1 w_4_0 w_4_1 2.5e0
Rb4_1 b_4_1 b_5_1 2.5e0
R4_2 w_4_2 b_4_2 1.4285714089768296e5
Rw4_2 w_4_1 w_4_2 2.5e0
Rb4_2 b_4_2 b_5_2 2.5e0
Rw5_0 row_5 w_5_0 2.5e0
Rb5_0 b_5_0 b_6_0 2.5e0
R5_1 w_5_1 b_5_1 1.2500000031559466e5
Rw5_1 w_5_0 w_5_1 2.5e0
Rb5_1 b_5_1 b_6_1 2.5e0
Rw5_2 w_5_1 w_5_2 2.5e0
Rb5_2 b_5_2 b_6_2 2.5e0
Rw6_0 row_6 w_6_0 2.5e0
Rb6_0 b_6_0 b_7_0 2.5e0
Rw6_1 w_6_0 w_6_1 2.5e0
Rb6_1 b_6_1 b_7_1 2.5e0
R6_2 w_6_2 b_6_2 3.333333417540418e4
Rw6_2 w_6_1 w_6_2 2.5e0
Rb6_2 b_6_2 b_7_2 2.5e0
R7_0 w_7_0 b_7_0 8.333333038576216e4
Rw7_0 row_7 w_7_0 2.5e0
Rb7_0 b_7_0 col_0 2.5e0
Rw7_1 w_7_0 w_7_1 2.5e0
Rb7_1 b_7_1 col_1 2.5e0
Rw7_2 w_7_1 w_7_2 2.5e0
Rb7_2 b_7_2 col_2 2.5e0
.ends ml_Weights__array
* wordlines in, bitlines out
.subckt Weights row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2
Xarray row_0 row_1 row_2 row_3 row_4 row_5 row_6 row_7 col_0 col_1 col_2 ml_Weights__array
.ends Weights
