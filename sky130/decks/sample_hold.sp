* Sample-and-hold: tracking, the step that opening the switch makes, the droop.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
vi i 0 pulse(0.7 1.1 0.1u 1n 1n 50u 100u)
von on 0 pulse(1.8 0 1u 1n 1n 200u 400u)
x i o on vd1 0 sky130_sample_hold
cl o 0 0.5p
vi2 i2 0 0.7
x2 i2 o2 on vdd 0 sky130_sample_hold
cl2 o2 0 0.5p
vi3 i3 0 dc 0.9 ac 1
x3 i3 o3 on vdd 0 sky130_sample_hold
cl3 o3 0 0.5p

.control
op
write op.raw i(vd)
noise v(o3) vi3 dec 10 10 1g
write noise.raw onoise_total
tran 20n 6u
write hold.raw v(o) v(o2) v(o3)
quit
.endc
.end
