* Transimpedance amplifier of every code; its line and its step at code 63 with 1 pF of bitline.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

vd vdd vd1 0
vk code 0 63
* The bits of a code from 1 to 63, by what is left of it after the higher ones.
b5 d5 0 v = v(code) > 31.5 ? 1.8 : 0
bl5 l5 0 v = v(code) - 32 * v(d5) / 1.8
b4 d4 0 v = v(l5) > 15.5 ? 1.8 : 0
bl4 l4 0 v = v(l5) - 16 * v(d4) / 1.8
b3 d3 0 v = v(l4) > 7.5 ? 1.8 : 0
bl3 l3 0 v = v(l4) - 8 * v(d3) / 1.8
b2 d2 0 v = v(l3) > 3.5 ? 1.8 : 0
bl2 l2 0 v = v(l3) - 4 * v(d2) / 1.8
b1 d1 0 v = v(l2) > 1.5 ? 1.8 : 0
bl1 l1 0 v = v(l2) - 2 * v(d1) / 1.8
b0 d0 0 v = v(l1) > 0.5 ? 1.8 : 0
ii 0 n pulse(0 40u 0.1u 1n 1n 10u 20u)
cb n 0 1p
x n o vref d5 d4 d3 d2 d1 d0 vd1 0 sky130_tia

.control
op
write op.raw v(o) i(vd)
dc vk 1 63 1 ii -1u 1u 1u
write codes.raw v(code) v(o)
dc ii -70u 70u 5u
write line.raw v(o)
tran 10n 1.5u
write step.raw v(o)
quit
.endc
.end
