"""Prints as JSON what spicelib reads in a netlist: its parameters, the pins of each subcircuit, and its elements."""

import json
import sys

from spicelib import SpiceEditor
from spicelib.editor.spice_subcircuit import SpiceCircuit


def elements(circuit):
    """Nodes, value and parameters of each element by its reference."""
    return {
        reference: {
            "nodes": circuit.get_component_nodes(reference),
            "value": str(circuit.get_component_value(reference)),
            "parameters": {
                name: str(value)
                for name, value in circuit.get_component_parameters(reference).items()
                if name != "Value"
            },
        }
        for reference in circuit.get_components()
    }


def head(circuit):
    """The words of the `.subckt` line after the name."""
    return str(circuit.netlist[0].obj).split()[2:]


editor = SpiceEditor(sys.argv[1])
circuits = [line for line in editor.netlist if isinstance(line, SpiceCircuit)]
found = {c.name(): {"head": head(c), "elements": elements(c)} for c in circuits}
parameters = {name: str(editor.get_parameter(name)) for name in editor.get_all_parameter_names()}
json.dump({"circuits": found, "parameters": parameters}, sys.stdout)
