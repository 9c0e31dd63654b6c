* Multiplier over -0.2 to 0.2 V by 0 to 0.3 V; its step.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
vg kg 0 0.52
vdr kd 0 1.22
vn kn 0 1.3
va a 0 pulse(0.8 1.0 0.1u 1n 1n 10u 20u)
vb b 0 dc 0.9
x a b o vref kg kd kn vd1 0 sky130_multiplier
cl o 0 0.5p

.control
op
write op.raw i(vd)
dc va 0.7 1.1 0.025 vb 0.9 1.2 0.05
write product.raw v(a) v(b) v(o)
alter vb = 1.1
tran 10n 1.2u
write step.raw v(o)
quit
.endc
.end
