//! The network that comes with memloom: MobileNetV3 Small on CIFAR-10. `models/README.md` says where it is from.

/// Its weights (safetensors) and its ranges (JSON).
pub fn embedded() -> (&'static [u8], &'static str) {
    (
        include_bytes!("../../models/mobilenet_v3_small_cifar10.safetensors"),
        include_str!("../../models/mobilenet_v3_small_cifar10.ranges.json"),
    )
}
