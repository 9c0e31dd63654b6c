* ReLU over -4 to 4 units of 50 mV; its step.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
vi i 0 pulse(0.7 1.1 0.1u 1n 1n 10u 20u)
x i o vref vd1 0 sky130_relu
cl o 0 0.5p

.control
op
write op.raw i(vd)
dc vi 0.7 1.1 0.005
write curve.raw v(i) v(o)
tran 10n 1.2u
write step.raw v(o)
quit
.endc
.end
