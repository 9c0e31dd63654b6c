* a memristor with its select transistor, an amplifier: pins in an order of their own
.subckt cell_1t1r sel p n bulk r=1e4
M1 p sel m bulk nch w=1u l=0.15u
R1 m n {r}
.ends
.subckt amplifier vss vdd out inn inp
E1 out vss inp inn 1e4
.ends
.model nch nmos level=1
