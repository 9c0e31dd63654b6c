* MOSFETs of the textbook: square law, no channel-length modulation, no body effect
.model nch nmos(level=1 vto=0.5 kp=200u lambda=0 gamma=0)
