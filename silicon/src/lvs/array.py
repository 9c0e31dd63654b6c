"""Extracts an array from its layout with KLayout, compares it with its netlist and checks design rules.

Reads a job from the file that is its argument, prints what it found; both are JSON. What it looks for stands in the job:
this script knows no process.
"""

import json
import sys
import time

import klayout.db as db


class Cell(db.DeviceClass):
    """A memristor: terminal p is its wordline, n its bitline. They are not alike."""

    def __init__(self, name):
        super().__init__()
        self.name = name
        for terminal in ("p", "n"):
            self.add_terminal(db.DeviceTerminalDefinition(terminal, ""))


class Memristors(db.GenericDeviceExtractor):
    """Finds memristors where both metals cover a via that is one."""

    def __init__(self, cell):
        super().__init__()
        self.name = cell.name
        self.cell = cell

    def setup(self):
        self.define_layer("P", "covered by the wordlines' metal")
        self.define_layer("N", "covered by the bitlines' metal")
        self.register_device_class(self.cell)

    def get_connectivity(self, layout, layers):
        both = db.Connectivity()
        both.connect(layers[0], layers[1])
        return both

    def extract_devices(self, geometry):
        for shape in (geometry[0] & geometry[1]).merged().each():
            device = self.create_device()
            device.trans = db.DCplxTrans(shape.bbox().center().to_dtype(self.dbu()) - db.DPoint())
            self.define_terminal(device, 0, 0, shape)
            self.define_terminal(device, 1, 1, shape)


class Reader(db.NetlistSpiceReaderDelegate):
    """Reads calls of the cell's subcircuit as devices."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def wants_subcircuit(self, name):
        return name.upper() == self.cell.name.upper()

    def element(self, circuit, element, name, model, value, nets, parameters):
        if element != "X" or not self.wants_subcircuit(model):
            return super().element(circuit, element, name, model, value, nets, parameters)
        if len(nets) != 2:
            self.error(f"{name} has {len(nets)} pins, {model} has 2")
        classes = circuit.netlist()
        device_class = classes.device_class_by_name(self.cell.name)
        if device_class is None:
            device_class = Cell(self.cell.name)
            classes.add(device_class)
        device = circuit.create_device(device_class, name)
        for terminal, net in zip(("p", "n"), nets):
            device.connect_terminal(terminal, net)
        return True


class Differences(db.GenericNetlistCompareLogger):
    """Collects what does not match."""

    def __init__(self):
        super().__init__()
        self.found = []

    def say(self, kind, layout, schematic, message=""):
        names = [x.expanded_name() if x is not None else "nothing" for x in (layout, schematic)]
        self.found.append(f"{kind} {names[0]} of the layout, {names[1]} of the netlist {message}".strip())

    def net_mismatch(self, a, b, message=""):
        self.say("net", a, b, message)

    def device_mismatch(self, a, b, message=""):
        self.say("device", a, b, message)

    def pin_mismatch(self, a, b, message=""):
        names = [x.name() if x is not None else "nothing" for x in (a, b)]
        self.found.append(f"pin {names[0]} of the layout, {names[1]} of the netlist {message}".strip())

    def circuit_mismatch(self, a, b, message=""):
        names = [x.name if x is not None else "nothing" for x in (a, b)]
        self.found.append(f"circuit {names[0]} of the layout, {names[1]} of the netlist {message}".strip())

    circuit_skipped = circuit_mismatch

    def device_class_mismatch(self, a, b, message=""):
        names = [x.name if x is not None else "nothing" for x in (a, b)]
        self.found.append(f"device class {names[0]} of the layout, {names[1]} of the netlist {message}".strip())


def layer(layout, pair):
    return layout.layer(*pair)


def extract(layout, top, job):
    """The layout's netlist."""
    cell = Cell(job["cell"])
    found = db.LayoutToNetlist(db.RecursiveShapeIterator(layout, top, []))
    found.threads = 1
    metals = []
    for side in ("wordline", "bitline"):
        metal = found.make_polygon_layer(layer(layout, job[side]["drawing"]), side)
        labels = found.make_text_layer(layer(layout, job[side]["label"]), side + "_label")
        found.connect(metal)
        found.connect(metal, labels)
        metals.append(metal)
    via = found.make_polygon_layer(layer(layout, job["via"]), "via")
    memristor = found.make_polygon_layer(layer(layout, job["memristor"]), "memristor")
    cells = via.inside(memristor)
    # A via that no memristor encloses connects.
    plain = via.outside(memristor)
    found.register(plain, "plain")
    found.connect(metals[0], plain)
    found.connect(plain, metals[1])
    terminals = []
    for name, metal in zip(("p", "n"), metals):
        terminal = metal & cells
        found.register(terminal, name)
        found.connect(metal, terminal)
        terminals.append(terminal)
    found.extract_devices(Memristors(cell), {"P": terminals[0], "N": terminals[1]})
    found.extract_netlist()
    netlist = found.netlist()
    netlist.flatten()
    netlist.make_top_level_pins()
    netlist.purge()
    return found, netlist


def devices(circuit, dbu):
    """Position in nanometres and the two nets of each device."""
    for device in circuit.each_device():
        at = device.trans.disp
        nets = [device.net_for_terminal(k) for k in (0, 1)]
        yield [round(at.x * 1000), round(at.y * 1000)] + [net.name if net else "" for net in nets]


def compare(netlist, reference, top):
    """What does not match between the extracted netlist and the schematic's; all pins are anchored by name."""
    differences = Differences()
    comparer = db.NetlistComparer(differences)
    comparer.max_depth = 100
    own, other = netlist.circuit_by_name(top), reference.circuit_by_name(top)
    if own is None or other is None:
        return [f"no circuit {top} in the {'layout' if own is None else 'netlist'}"]
    pins = {pin.name().upper(): other.net_for_pin(pin) for pin in other.each_pin()}
    for pin in own.each_pin():
        net = pins.pop(pin.name().upper(), None)
        if net is None:
            differences.found.append(f"pin {pin.name()} of the layout is not in the netlist")
        else:
            comparer.same_nets(own, other, own.net_for_pin(pin), net, True)
    differences.found += [f"pin {name} of the netlist is not in the layout" for name in pins]
    same = comparer.compare(netlist, reference)
    if not same and not differences.found:
        differences.found.append("the comparison failed and does not say why")
    return differences.found


def violations(layout, top, rule, memristor):
    """Edges or shapes that break a rule, as boxes."""

    def shapes(pair):
        return db.Region(top.begin_shapes_rec(layer(layout, pair))).merged()

    nm = round(rule["nm"] / 1000 / layout.dbu)
    kind = rule["kind"]
    if kind == "width":
        pairs = shapes(rule["layer"]).width_check(nm)
    elif kind == "space":
        pairs = shapes(rule["layer"]).space_check(nm)
    elif kind == "square":
        odd = shapes(rule["layer"]).each()
        return [p.bbox() for p in odd if not (p.is_box() and p.bbox().width() == p.bbox().height() == nm)]
    else:
        outer, inner = shapes(rule["outer"]), shapes(rule["inner"])
        if rule["outer"] == memristor:
            # A via that no memristor touches is a plain one.
            inner = inner.interacting(outer)
        opposite = db.Region.TwoOppositeSidesAllowed if kind == "enclosure_of_two_sides" else db.Region.NoRectFilter
        pairs = inner.enclosed_check(
            outer, nm, False, db.Region.Projection, None, None, None, False, db.Region.NoOppositeFilter, opposite
        )
        outside = (inner - outer) if kind == "enclosure" else db.Region()
        return [pair.bbox() for pair in pairs.each()] + [p.bbox() for p in outside.each()]
    return [pair.bbox() for pair in pairs.each()]


def check(layout, top, rule, memristor):
    boxes = violations(layout, top, rule, memristor)
    where = [[round(x * layout.dbu * 1000) for x in (box.center().x, box.center().y)] for box in boxes[:10]]
    return {"rule": rule["name"], "count": len(boxes), "where": where}


def write_extracted(circuit, cell, path):
    """The extracted netlist as SPICE, for another tool."""
    with open(path, "w") as out:
        out.write(f".SUBCKT {cell} p n\n.ENDS\n")
        pins = [pin.name() for pin in circuit.each_pin()]
        lines = [f".SUBCKT {circuit.name}"] + [f"+ {pin}" for pin in pins]
        out.write("\n".join(lines) + "\n")
        for number, device in enumerate(circuit.each_device()):
            nets = [device.net_for_terminal(k) for k in (0, 1)]
            out.write(f"X{number} {nets[0].expanded_name()} {nets[1].expanded_name()} {cell}\n")
        out.write(".ENDS\n")


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    name = job["name"]
    reference = db.Netlist()
    reference.read(job["cdl"], db.NetlistSpiceReader(Reader(Cell(job["cell"]))))
    start = time.process_time()
    layout = db.Layout()
    layout.read(job["gds"])
    top = layout.cell(name)
    if top is None:
        raise SystemExit(f"{job['gds']} has no cell {name}")
    found, netlist = extract(layout, top, job)
    circuit = netlist.circuit_by_name(name)
    cells = list(devices(circuit, layout.dbu)) if circuit else []
    extracted = time.process_time()
    differences = compare(netlist, reference, name)
    compared = time.process_time()
    if circuit:
        write_extracted(circuit, job["cell"], job["extracted"])
    told = {
        "pins": [pin.name() for pin in circuit.each_pin()] if circuit else [],
        "devices": cells,
        "differences": differences,
        "rules": [check(layout, top, rule, job["memristor"]) for rule in job["rules"]],
        "extract_s": extracted - start,
        "compare_s": compared - extracted,
    }
    json.dump(told, sys.stdout)


main()
