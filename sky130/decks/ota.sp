* Two-stage amplifier: loop gain on 10 kohm parallel 1 pF, follower, transimpedance of 10 kohm.
.include "corner.sp"
.include "cells.sp"
vdd vdd 0 1.8
vref vref 0 0.9

* Open loop: an inductor closes the loop for direct current alone.
vip ip 0 dc 0.9 ac 1
x1 ip in1 o1 vdd 0 sky130_ota
l1 o1 in1 1meg
c1 in1 0 1
rl1 o1 vref 10k
cl1 o1 0 1p
x2 ip in2 o2 vdd 0 sky130_ota
l2 o2 in2 1meg
c2 in2 0 1
cl2 o2 0 1p

* Follower.
vi i 0 ac 1 pulse(0.9 0.5 0.1u 1n 1n 0.4u 1u)
vd vdd vd3 0
x3 i o3 o3 vd3 0 sky130_ota
rl3 o3 vref 10k
cl3 o3 0 1p

* Transimpedance amplifier.
ii 0 n4 0
x4 vref n4 o4 vdd 0 sky130_ota
rf4 o4 n4 10k
cf4 o4 n4 1p

.control
op
write op.raw v(o3) i(vd)
ac dec 50 1 1g
write ac.raw v(o1) v(o2)
noise v(o3) vi dec 10 10 1g
write noise.raw onoise_total
dc vi 0.1 1.3 0.02
write follower.raw v(i) v(o3)
dc ii -100u 100u 2u
write transimpedance.raw v(o4)
tran 4n 1u
write step.raw v(i) v(o3)
quit
.endc
.end
