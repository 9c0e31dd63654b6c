* Row driver: both rails over the read range, its step on 1 pF, and what current it gives and takes.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
vi i 0 pulse(0.9 1.1 0.1u 1n 1n 10u 20u)
x i p n vref vd1 0 sky130_row_driver
cp p 0 1p
cn n 0 1p
x2 i p2 n2 vref vdd 0 sky130_row_driver
il p2 0 0

.control
op
write op.raw v(p) v(n) i(vd)
dc vi 0.7 1.1 0.02
write rails.raw v(i) v(p) v(n)
dc il -500u 1000u 10u
write drive.raw v(p2)
tran 10n 1.2u
write step.raw v(p) v(n)
quit
.endc
.end
