* Adder: gain, its error over 0.2 V, the step.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
va a 0 pulse(0.9 1.1 0.1u 1n 1n 10u 20u)
vb b 0 dc 0.9
x a b o vref vd1 0 sky130_adder
cl o 0 1p

.control
op
write op.raw v(o) i(vd)
dc va 0.7 1.1 0.05 vb 0.7 1.1 0.1
write sum.raw v(a) v(b) v(o)
tran 10n 1.2u
write step.raw v(o)
quit
.endc
.end
