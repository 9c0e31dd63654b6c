//! The network that comes with memloom: MobileNetV3 Small on CIFAR-10. The crate's README says where it is from.

/// Its weights, a safetensors file under torchvision's names.
pub const WEIGHTS: &[u8] = include_bytes!("../mobilenet_v3_small_cifar10.safetensors");

/// How large each stage's values get: a ranges file (JSON) as `memloom calibrate` writes it.
pub const RANGES: &str = include_str!("../mobilenet_v3_small_cifar10.ranges.json");
