.subckt sense bl blr q qb vdd vss vbias r_load=20k
Rq vdd q {r_load}
Rqb vdd qb {r_load}
Mq q blr tail vss pair_n w=10u l=1u
Mqb qb bl tail vss pair_n w=10u l=1u
Mtail tail vbias vss vss pair_n w=2u l=1u
.ends sense
