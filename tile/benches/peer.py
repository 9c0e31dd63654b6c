"""badcrossbar 1.1.0 on seeded tiles: its CPU seconds and output currents, as JSON.

Usage: peer.py N SEED LOW HIGH VECTORS REPEAT [WORDLINE BITLINE DRIVER SENSE CONTACT]. Tiles and voltages are those of
`tile/tests/tile/kit.rs`. Segments of wordlines and bitlines have WORDLINE and BITLINE ohm, 1 if left out. badcrossbar knows
no ends of lines: DRIVER and SENSE are whole numbers of segments more, along columns and rows that have no cells. CONTACT
ohm are added to each cell.
"""

import json
import logging
import sys
import time

import badcrossbar
import numpy as np

logging.disable(logging.CRITICAL)
n, seed, low, high, vectors, repeat = int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:5]), *map(int, sys.argv[5:7])
wordline, bitline, driver, sense, contact = map(float, sys.argv[7:12]) if len(sys.argv) > 7 else (1, 1, 0, 0, 0)
state = (2 * seed + 1) % 2**64


def number():
    """The next number in 0..1."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2**53


resistances = np.array([low * (high / low) ** number() for _ in range(n * n)]).reshape(n, n)
resistances = np.pad(resistances + contact, ((0, int(sense)), (int(driver), 0)), constant_values=np.inf)
volts = np.array([0.5 * number() for _ in range(n)]).reshape(n, 1).repeat(vectors, axis=1)
volts = np.pad(volts, ((0, int(sense)), (0, 0)))
seconds = []
for _ in range(repeat):
    start = time.process_time()
    solution = badcrossbar.compute(volts, resistances, r_i_word_line=wordline, r_i_bit_line=bitline)
    seconds.append(time.process_time() - start)
print(json.dumps({"seconds": seconds, "currents": [float(i) for i in solution.currents.output[0][int(driver) :]]}))
