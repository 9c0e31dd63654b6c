* a two-stage op-amp's place: what the tests of #[subcircuit] read
.subckt ota inp inn out vdd vss w=10u m=1
Gm 0 out inp inn 1m
.ends ota

.lib tt
.subckt swish inp out v_ref vdd vss unit_in=0.1 unit_out=0.1
Rload out v_ref 1k
.ends swish
.endl tt

.lib ff
.endl ff

.subckt cell1t1r p n gate g=1u
Rcell p n {1/g}
.ends cell1t1r
