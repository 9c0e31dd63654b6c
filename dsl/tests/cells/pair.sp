* two pins and no parameter
.subckt pair p n
R1 p n 1k
.ends pair
