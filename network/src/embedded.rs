//! The network that comes with memloom, of the crate `memloom-models`.

/// Its weights (safetensors) and its ranges (JSON).
pub fn embedded() -> (&'static [u8], &'static str) {
    (memloom_models::WEIGHTS, memloom_models::RANGES)
}
