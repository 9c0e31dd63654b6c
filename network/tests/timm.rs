//! timm's state dicts are the networks that torchvision's are.

mod common;

use common::StateDict;
use memloom_network::{Network, Reference, sidecar::Hints};

/// What timm calls each of the tiny network's tensors; blocks of its stages are counted by hand.
fn timm(dict: &StateDict) -> StateDict {
    const PLACES: [&str; 11] = ["0.0", "1.0", "1.1", "2.0", "2.1", "2.2", "3.0", "3.1", "4.0", "4.1", "4.2"];
    let name = |name: &str| -> String {
        let head =
            [("features.0.0", "conv_stem"), ("features.0.1", "bn1"), ("features.12.0", "blocks.5.0.conv")];
        let tail = [
            ("features.12.1", "blocks.5.0.bn1"),
            ("classifier.0", "conv_head"),
            ("classifier.3", "classifier"),
        ];
        for (from, to) in head.into_iter().chain(tail) {
            if let Some(rest) = name.strip_prefix(from).filter(|rest| rest.starts_with('.')) {
                return format!("{to}{rest}");
            }
        }
        let parts: Vec<&str> = name.split('.').collect();
        let [_, index, _, place, part, leaf] = parts[..] else { panic!("{name}") };
        let block = PLACES[index.parse::<usize>().unwrap() - 1];
        let is_conv = |place: &usize| {
            let prefix = format!("features.{index}.block.{place}.0.");
            dict.iter().any(|(name, ..)| name.starts_with(&prefix))
        };
        // Convolution and batch norm, in order.
        let names: &[[&str; 2]] = match (0..4).filter(is_conv).count() {
            3 => &[["conv_pw", "bn1"], ["conv_dw", "bn2"], ["conv_pwl", "bn3"]],
            _ => &[["conv_dw", "bn1"], ["conv_pw", "bn2"]],
        };
        let before = (0..place.parse().unwrap()).filter(is_conv).count();
        let layer = match part {
            "fc1" => "se.conv_reduce",
            "fc2" => "se.conv_expand",
            part => names[before][part.parse::<usize>().unwrap()],
        };
        format!("blocks.{block}.{layer}.{leaf}")
    };
    let mut renamed: StateDict = dict.iter().map(|(n, s, x)| (name(n), s.clone(), x.clone())).collect();
    let head = renamed.iter_mut().find(|(name, ..)| name == "conv_head.weight").unwrap();
    head.1.extend([1, 1]);
    renamed
}

#[test]
fn the_same_weights_give_the_same_logits() {
    let metadata = common::metadata("3x16x16");
    let dict = common::tiny();
    let ours =
        Network::parse("torchvision", &common::safetensors(&dict, &metadata), Hints::default()).unwrap();
    let file = common::safetensors(&timm(&dict), &metadata);
    let theirs = Network::parse("timm", &file, Hints::default()).unwrap();
    // PyTorch's own epsilon, which nobody states; torchvision's is another.
    assert_eq!((theirs.settings.bn_eps, ours.settings.bn_eps), (1e-5, 1e-3));
    assert!(theirs.unstated.iter().any(|u| u.setting == "bn_eps" && u.value == "0.00001"));
    let told = Hints { bn_eps: Some(1e-3), ..Hints::default() };
    let theirs = Network::parse("timm", &file, told).unwrap();
    let mut noise = common::Noise(7);
    let image: Vec<f64> = (0..3 * 16 * 16).map(|_| noise.next()).collect();
    assert_eq!(Reference::new(&theirs.graph).run(&image), Reference::new(&ours.graph).run(&image));
    let names = |network: &Network| network.graph.nodes().iter().map(|n| n.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&theirs), names(&ours));
}

#[test]
fn what_is_missing_is_called_by_its_makers_name() {
    let error = |change: &dyn Fn(&mut StateDict)| {
        let mut dict = timm(&common::tiny());
        change(&mut dict);
        let file = common::safetensors(&dict, &common::metadata("3x16x16"));
        Network::parse("timm", &file, Hints::default()).unwrap_err().to_string()
    };
    let text = error(&|dict| dict.retain(|(name, ..)| name != "blocks.1.0.bn2.running_var"));
    assert!(text.contains("tensor `blocks.1.0.bn2.running_var` is missing"), "{text}");
    let text = error(&|dict| dict.retain(|(name, ..)| !name.contains(".se.")));
    assert!(text.contains("timm's `minimal` networks"), "{text}");
}
