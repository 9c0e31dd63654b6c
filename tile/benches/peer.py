"""badcrossbar 1.1.0 on seeded tiles of 1 ohm segments: its CPU seconds and output currents, as JSON.

Usage: peer.py N SEED LOW HIGH VECTORS REPEAT. Tiles and voltages are those of `tile/tests/tile/kit.rs`.
"""

import json
import logging
import sys
import time

import badcrossbar
import numpy as np

logging.disable(logging.CRITICAL)
n, seed, low, high, vectors, repeat = int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:5]), *map(int, sys.argv[5:7])
state = (2 * seed + 1) % 2**64


def number():
    """The next number in 0..1."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2**53


resistances = np.array([low * (high / low) ** number() for _ in range(n * n)]).reshape(n, n)
volts = np.array([0.5 * number() for _ in range(n)]).reshape(n, 1).repeat(vectors, axis=1)
seconds = []
for _ in range(repeat):
    start = time.process_time()
    solution = badcrossbar.compute(volts, resistances, r_i=1.0)
    seconds.append(time.process_time() - start)
print(json.dumps({"seconds": seconds, "currents": [float(i) for i in solution.currents.output[0]]}))
