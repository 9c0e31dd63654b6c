* 1T1R: a memristor of r ohm between the wordline and the drain of its select transistor
.include "level1.sp"
.subckt cell_1t1r p n sel bulk r=100k
Rcell p drain {r}
Mselect drain sel n bulk nch w=10u l=0.5u
.ends cell_1t1r
