* small: layer_2
* written by memloom VERSION for hspice; its models have their own temperature, whatever the simulator's
* not run in a simulator: no test of memloom has one that reads this dialect
.subckt Memory inp_0 inp_1 tap_0 tap_1 tap_2 tap_3 tap_4 tap_5 tap_6 tap_7 wr_row_0 wr_row_1 wr_row_2 wr_col_0 wr_col_1
+ wr_col_2 rd_row_0 rd_row_1 rd_col_0 rd_col_1 v_ref
Xstore_0 inp_0 tap_0 tap_1 tap_2 tap_3 wr_row_0 wr_row_1 wr_row_2 wr_col_0 wr_col_1 wr_col_2 rd_row_0 rd_row_1 rd_col_0
+ rd_col_1 v_ref ml_store_3x3_k2_s2_p1
Xstore_1 inp_1 tap_4 tap_5 tap_6 tap_7 wr_row_0 wr_row_1 wr_row_2 wr_col_0 wr_col_1 wr_col_2 rd_row_0 rd_row_1 rd_col_0
+ rd_col_1 v_ref ml_store_3x3_k2_s2_p1
.ends Memory
