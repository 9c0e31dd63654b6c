//! A trained network to a graph, a plan and a circuit.
