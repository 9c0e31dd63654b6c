//! What a state dict was found to be where it is no MobileNetV3's, and what to do about it.

use std::collections::BTreeSet;

/// The most names that are shown.
const SHOWN: usize = 6;

/// What to do about a tensor that is missing among `names`, those of the whole file.
pub(crate) fn advice(tensor: &str, names: &[&str]) -> String {
    let (layer, _) = tensor.rsplit_once('.').unwrap_or((tensor, ""));
    if names.iter().any(|name| name.strip_prefix(layer).is_some_and(|rest| rest.starts_with('.'))) {
        return "export the whole state dict with its maker's names".into();
    }
    if let Some(place) = layer.strip_suffix(".1").filter(|place| has(names, &format!("{place}.0.bias"))) {
        return format!(
            "there is `{place}.0.bias` and no batch norm behind it, so the norm was fused into the convolution; export \
             the state dict before it is fused (`torch.ao.quantization.fuse_modules`, `fuse_conv_bn_eval`)"
        );
    }
    if layer.starts_with("classifier.") {
        return classifier(names);
    }
    let parent = layer.rsplit_once('.').map_or("", |(parent, _)| parent);
    let beside: Vec<_> =
        names.iter().copied().filter(|name| name.starts_with(&format!("{parent}."))).collect();
    match beside.is_empty() {
        true => {
            format!("the file has {}; export the whole state dict with its maker's names", shown(names))
        }
        false => format!(
            "beside it the file has {}; export the whole state dict with its maker's names",
            shown(&beside)
        ),
    }
}

/// Linear layers under other numbers, as other makers of MobileNetV3 have them.
fn classifier(names: &[&str]) -> String {
    let number =
        |name: &&str| name.strip_prefix("classifier.")?.strip_suffix(".weight")?.parse::<usize>().ok();
    let found: BTreeSet<usize> = names.iter().filter_map(number).collect();
    match found.into_iter().collect::<Vec<_>>()[..] {
        [a, b] => format!(
            "the file has `classifier.{a}` and `classifier.{b}`; rename them to torchvision's `classifier.0` and \
             `classifier.3`"
        ),
        _ if has(names, "classifier.weight") => {
            "the file has `classifier.weight`, one linear layer; torchvision's MobileNetV3 has two, `classifier.0` and \
             `classifier.3`"
                .into()
        }
        _ => {
            let of: Vec<_> = names.iter().copied().filter(|name| !name.starts_with("features.")).collect();
            format!(
                "besides `features` the file has {}; torchvision's linear layers are `classifier.0` and `classifier.3`",
                shown(&of)
            )
        }
    }
}

/// What a state dict without either network's last convolution seems to be.
pub(crate) fn found(names: &[&str]) -> String {
    let all = format!("{} tensors: {}", names.len(), shown(names));
    if names.iter().any(|name| name.contains(".num_batches") || name.starts_with("optimizer")) {
        return format!("{all}. Export the state dict of the network alone");
    }
    let last = |name: &&str| name.strip_prefix("features.")?.split('.').next()?.parse::<usize>().ok();
    match names.iter().filter_map(last).max() {
        Some(last) => format!("{all}, the last of its layers is `features.{last}`"),
        None => all,
    }
}

fn has(names: &[&str], name: &str) -> bool {
    names.contains(&name)
}

/// The first names, and how many there are beside.
fn shown(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".into();
    }
    let cut = |name: &&str| format!("`{}`", name.chars().take(60).collect::<String>());
    let first = names.iter().take(SHOWN).map(cut).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
