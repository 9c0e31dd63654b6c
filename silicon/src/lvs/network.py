"""Reads netlists with KLayout, tells their subcircuits, and compares two of them. Input and output as in array.py."""

import json
import sys
import time

import klayout.db as db


class Differences(db.GenericNetlistCompareLogger):
    """Collects what does not match."""

    def __init__(self):
        super().__init__()
        self.circuit = ""
        self.found = []

    def say(self, kind, names, message):
        self.found.append(f"{self.circuit}: {kind} {names[0]}, {names[1]} of the reference {message}".strip())

    def begin_circuit(self, a, b):
        self.circuit = (a or b).name

    def expanded(self, kind, a, b, message):
        self.say(kind, [x.expanded_name() if x is not None else "nothing" for x in (a, b)], message)

    def named(self, kind, a, b, message):
        self.say(kind, [x.name if x is not None else "nothing" for x in (a, b)], message)

    def net_mismatch(self, a, b, message=""):
        self.expanded("net", a, b, message)

    def device_mismatch(self, a, b, message=""):
        self.expanded("device", a, b, message)

    def match_devices_with_different_parameters(self, a, b):
        self.expanded("device", a, b, "has another value")

    def match_devices_with_different_device_classes(self, a, b):
        self.expanded("device", a, b, "is of another kind")

    def subcircuit_mismatch(self, a, b, message=""):
        self.expanded("subcircuit", a, b, message)

    def pin_mismatch(self, a, b, message=""):
        self.say("pin", [x.name() if x is not None else "nothing" for x in (a, b)], message)

    def circuit_mismatch(self, a, b, message=""):
        self.named("circuit", a, b, message)

    circuit_skipped = circuit_mismatch

    def device_class_mismatch(self, a, b, message=""):
        self.named("device class", a, b, message)


def read(path):
    netlist = db.Netlist()
    netlist.read(path, db.NetlistSpiceReader())
    return netlist


def anchor(comparer, differences, own, other):
    """Holds the pins of one subcircuit to those of the same names of the other."""
    pins = {pin.name().upper(): pin for pin in other.each_pin()}
    for pin in own.each_pin():
        twin = pins.pop(pin.name().upper(), None)
        if twin is None:
            differences.found.append(f"{own.name}: pin {pin.name()} is not in the reference")
            continue
        nets = [circuit.net_for_pin(p) for circuit, p in ((own, pin), (other, twin))]
        if None not in nets:
            comparer.same_nets(own, other, nets[0], nets[1], True)
    differences.found += [f"{own.name}: pin {name} of the reference is missing" for name in pins]


def compare(netlist, reference, top):
    differences = Differences()
    comparer = db.NetlistComparer(differences)
    comparer.max_depth = 100
    for circuit in netlist.each_circuit():
        twin = reference.circuit_by_name(circuit.name)
        if twin is None:
            differences.found.append(f"{circuit.name}: the reference has no such subcircuit")
        else:
            comparer.same_circuits(circuit, twin)
            anchor(comparer, differences, circuit, twin)
    for netlist_of, whose in ((netlist, "the netlist"), (reference, "the reference")):
        if netlist_of.circuit_by_name(top) is None:
            return [f"{whose} has no subcircuit {top}"]
    if not comparer.compare(netlist, reference) and not differences.found:
        differences.found.append("the comparison failed and does not say why")
    return differences.found


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    start = time.process_time()
    netlist = read(job["netlist"])
    read_s = time.process_time() - start
    circuits = [[circuit.name, circuit.pin_count()] for circuit in netlist.each_circuit()]
    differences, compare_s = [], 0.0
    if job["reference"]:
        reference = read(job["reference"])
        start = time.process_time()
        differences = compare(netlist, reference, job["top"])
        compare_s = time.process_time() - start
    found = {"circuits": circuits, "differences": differences, "read_s": read_s, "compare_s": compare_s}
    json.dump(found, sys.stdout)


main()
