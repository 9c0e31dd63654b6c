use memloom_network::{Network, sidecar::Hints, stage::stages};

/// A safetensors file: header, tensors, the settings among its metadata, the state dict, and the stages that come of it.
pub fn weights(bytes: &[u8]) -> bool {
    let Ok(network) = Network::parse("fuzz.safetensors", bytes, Hints::default()) else { return false };
    assert_eq!(network.settings.classes.len(), network.graph.nodes().last().map_or(0, |n| n.shape.channels));
    stages(&network.graph).is_ok()
}
