//! What is wrong with a model is said with its place, and nothing is dropped.

mod common;

use common::StateDict;
use memloom_network::{Network, graph::Shape, sidecar::Hints, weights::Weights};
use pretty_assertions::assert_eq;
use safetensors::{Dtype, tensor::TensorView};

/// The error of the tiny network after a change to its state dict.
fn broken(change: impl FnOnce(&mut StateDict)) -> String {
    let mut dict = common::tiny();
    change(&mut dict);
    let file = common::safetensors(&dict, &common::metadata("3x16x16"));
    Network::parse("tiny", &file, Hints::default()).unwrap_err().to_string()
}

/// The error of the tiny network with more metadata.
fn misdescribed(key: &'static str, value: &str) -> String {
    let mut metadata = common::metadata("3x16x16");
    metadata.retain(|(other, _)| *other != key);
    metadata.push((key, value.to_owned()));
    let file = common::safetensors(&common::tiny(), &metadata);
    Network::parse("tiny", &file, Hints::default()).unwrap_err().to_string()
}

fn tensor<'d>(dict: &'d mut StateDict, name: &str) -> &'d mut (String, Vec<usize>, Vec<f32>) {
    dict.iter_mut().find(|(other, ..)| other == name).unwrap()
}

#[test]
fn the_tiny_network_itself_is_sound() {
    let file = common::safetensors(&common::tiny(), &common::metadata("3x16x16"));
    let network = Network::parse("tiny", &file, Hints::default()).unwrap();
    assert_eq!(network.settings.classes, ["class 0", "class 1", "class 2"]);
    assert_eq!(network.graph.nodes().last().unwrap().shape, Shape::vector(3));
}

#[test]
fn a_missing_tensor_is_named() {
    let text = broken(|dict| dict.retain(|(name, ..)| name != "features.4.block.1.1.running_var"));
    assert_eq!(
        text,
        "weights file `tiny`: tensor `features.4.block.1.1.running_var` is missing; \
         export the whole state dict with its maker's names"
    );
}

#[test]
fn a_wrong_shape_is_told_with_the_right_one() {
    let text = broken(|dict| {
        *tensor(dict, "features.2.block.0.0.weight") =
            ("features.2.block.0.0.weight".into(), vec![6, 5, 1, 1], vec![0.5; 30])
    });
    assert_eq!(
        text,
        "weights file `tiny`: tensor `features.2.block.0.0.weight` has shape [6, 5, 1, 1], expected [*, 4, 1, 1]"
    );
    let text = broken(|dict| tensor(dict, "classifier.3.weight").1 = vec![27]);
    assert_eq!(text, "weights file `tiny`: tensor `classifier.3.weight` has shape [27], expected [*, *]");
    let text = broken(|dict| {
        *tensor(dict, "features.0.0.weight") = ("features.0.0.weight".into(), vec![4, 3, 2, 2], vec![0.5; 48])
    });
    assert_eq!(
        text,
        "weights file `tiny`: tensor `features.0.0.weight` has shape [4, 3, 2, 2], expected [*, 3, k, k] with k odd"
    );
}

#[test]
fn a_tensor_of_nothing_is_an_error() {
    let text = broken(|dict| {
        let last = tensor(dict, "classifier.3.weight");
        (last.1, last.2) = (vec![1 << 60, 0], Vec::new());
    });
    assert!(
        text.contains("tensor `classifier.3.weight` has shape [1152921504606846976, 0], which holds nothing"),
        "{text}"
    );
}

#[test]
fn weights_that_are_no_numbers_are_found() {
    let text = broken(|dict| tensor(dict, "classifier.0.weight").2[5] = f32::NAN);
    assert_eq!(
        text,
        "weights file `tiny`: tensor `classifier.0.weight` holds `NaN` at index 5; \
         every weight must be a finite 32-bit number"
    );
    let text = broken(|dict| tensor(dict, "features.0.1.running_var").2[2] = -0.5);
    assert_eq!(
        text,
        "weights file `tiny`: tensor `features.0.1.running_var` holds `-0.5` at index 2; a variance cannot be negative"
    );
}

#[test]
fn an_unknown_tensor_is_an_error_but_a_counter_of_batches_is_not() {
    let text = broken(|dict| {
        dict.push(("features.0.2.alpha".into(), vec![1], vec![1.0]));
        dict.push(("extra".into(), vec![1], vec![1.0]));
    });
    assert_eq!(
        text,
        "weights file `tiny`: tensor `extra` and 1 more are not part of a MobileNetV3; remove what is not"
    );
    let mut dict = common::tiny();
    dict.push(("features.0.1.num_batches_tracked".into(), vec![1], vec![f32::NAN]));
    let file = common::safetensors(&dict, &common::metadata("3x16x16"));
    assert!(Network::parse("tiny", &file, Hints::default()).is_ok());
}

#[test]
fn a_block_of_another_make_is_an_error() {
    let text = broken(|dict| dict.push(("features.3.block.3.0.weight".into(), vec![1], vec![1.0])));
    assert!(
        text.contains(
            "block `features.3.block` has the layers [convolution, convolution, convolution, convolution]"
        ),
        "{text}"
    );
    let text = broken(|dict| dict.retain(|(name, ..)| !name.starts_with("features.12.")));
    assert!(
        text.contains("expected exactly one of the tensors `features.12.0.weight` (torchvision, small)"),
        "{text}"
    );
}

/// The error of the tiny network under other names.
fn renamed(name: impl Fn(&str) -> String) -> String {
    broken(|dict| dict.iter_mut().for_each(|(own, ..)| *own = name(own)))
}

#[test]
fn what_stands_before_all_names_is_left_out_and_told() {
    let own = {
        let file = common::safetensors(&common::tiny(), &common::metadata("3x16x16"));
        Network::parse("tiny", &file, Hints::default()).unwrap()
    };
    assert_eq!(own.prefix, None);
    for prefix in ["module.", "model.", "_orig_mod.", "module.model."] {
        let mut dict = common::tiny();
        dict.iter_mut().for_each(|(name, ..)| *name = format!("{prefix}{name}"));
        dict.push((format!("{prefix}features.0.1.num_batches_tracked"), vec![1], vec![7.0]));
        // As `torch.optim.swa_utils.AveragedModel` has it.
        dict.push(("n_averaged".into(), vec![1], vec![7.0]));
        let file = common::safetensors(&dict, &common::metadata("3x16x16"));
        let network = Network::parse("tiny", &file, Hints::default()).unwrap();
        assert_eq!((network.prefix.as_deref(), &network.graph), (Some(prefix), &own.graph));
    }
    // Where only some have it, it is another network's.
    let text = broken(|dict| dict.push(("module.x".into(), vec![1], vec![1.0])));
    assert!(text.contains("`module.x` is not part of"), "{text}");
}

#[test]
fn what_a_state_dict_has_instead_is_said_with_what_to_do() {
    let text =
        renamed(|name| name.replace("classifier.0", "classifier.1").replace("classifier.3", "classifier.5"));
    assert!(
        text.contains(
            "`classifier.3.weight` is missing; the file has `classifier.1` and `classifier.5`; rename them to"
        ) && text.ends_with("`classifier.0` and `classifier.3`"),
        "{text}"
    );
    let text = broken(|dict| {
        dict.retain(|(name, ..)| !name.starts_with("features.0.1."));
        dict.push(("features.0.0.bias".into(), vec![4], vec![0.5; 4]));
    });
    assert!(
        text.contains(
            "`features.0.1.weight` is missing; there is `features.0.0.bias` and no batch norm behind it"
        ) && text.contains("export the state dict before it is fused"),
        "{text}"
    );
    let text = renamed(|name| name.replace("features.0.0", "conv_stem").replace("features.", "blocks."));
    assert!(
        text.contains("tensors: `blocks.") && text.contains("`blocks.5.0.conv.weight` (timm, small)"),
        "{text}"
    );
    let text = renamed(|name| name.replace("features.12", "features.13"));
    assert!(text.contains("Found ") && text.contains("last of its layers is `features.13`"), "{text}");
    let text = broken(|dict| dict.retain(|(name, ..)| !name.starts_with("classifier")));
    assert!(text.contains("besides `features` the file has nothing"), "{text}");
    let text = broken(|dict| dict.retain(|(name, ..)| !name.starts_with("features.1.block.1.fc1")));
    assert!(text.contains("beside it the file has `features.1.block.1.fc2.bias`"), "{text}");
}

#[test]
fn settings_that_nobody_states_are_known_for_what_they_are() {
    let read = |metadata: &[(&str, String)], caller: Hints| {
        let network =
            Network::parse("tiny", &common::safetensors(&common::tiny(), metadata), caller).unwrap();
        network.unstated.into_iter().map(|u| (u.setting, u.value)).collect::<Vec<_>>()
    };
    let all = read(&[], Hints::default());
    let wanted = [
        ("input", "3x224x224"),
        ("stem_stride", "2"),
        ("first_block_stride", "2"),
        ("bn_eps", "0.001"),
        ("mean", "0.485,0.456,0.406"),
        ("std", "0.229,0.224,0.225"),
    ];
    assert_eq!(all, wanted.map(|(setting, value)| (setting, value.to_owned())));
    let caller =
        Hints { bn_eps: Some(1e-5), mean: Some(vec![0.0; 3]), std: Some(vec![1.0; 3]), ..Hints::default() };
    // At stride 1 the sum of the first block is a question, which torchvision's rule answers.
    let some = read(&common::metadata("3x16x16"), caller);
    assert_eq!(some, [("first_block_residual", "false".to_owned())]);
}

#[test]
fn a_file_cut_short_is_not_whole() {
    let file = common::safetensors(&common::tiny(), &[]);
    let text = Weights::parse("tiny", &file[..file.len() - 1]).unwrap_err().to_string();
    assert!(text.starts_with("weights file `tiny`: is not a whole safetensors file ("), "{text}");
    let text = Network::read("no/such.safetensors".as_ref(), Hints::default()).unwrap_err().to_string();
    assert!(text.starts_with("weights file `no/such.safetensors`: cannot be read: "), "{text}");
}

fn typed(dtype: Dtype, bytes: &[u8]) -> Result<Vec<f32>, String> {
    let size = dtype.bitsize() / 8;
    let view = TensorView::new(dtype, vec![bytes.len() / size], bytes).unwrap();
    let file = safetensors::serialize([("x", view)], None).unwrap();
    let mut weights = Weights::parse("typed", &file).map_err(|error| error.to_string())?;
    weights.take("x", &[None]).map(|x| x.values.to_vec()).map_err(|error| error.to_string())
}

#[test]
fn every_floating_type_is_read() {
    let values = [1.0, -0.5, 65504.0, 2f32.powi(-24), 0.333_251_95];
    let half = [0x3c00u16, 0xb800, 0x7bff, 0x0001, 0x3555].map(u16::to_le_bytes).concat();
    assert_eq!(typed(Dtype::F16, &half).unwrap(), values);
    let brain = [0x3f80u16, 0xbf00].map(u16::to_le_bytes).concat();
    assert_eq!(typed(Dtype::BF16, &brain).unwrap(), values[..2]);
    let double = values.map(|value| f64::from(value).to_le_bytes()).concat();
    assert_eq!(typed(Dtype::F64, &double).unwrap(), values);
    let infinite = typed(Dtype::F16, &0x7c00u16.to_le_bytes()).unwrap_err();
    assert!(infinite.contains("tensor `x` holds `inf` at index 0"), "{infinite}");
    let overflow = typed(Dtype::F64, &1e300f64.to_le_bytes()).unwrap_err();
    assert!(
        overflow.contains("tensor `x` holds `1e300` at index 0") || overflow.contains("holds `1000"),
        "{overflow}"
    );
    let whole = typed(Dtype::I32, &[0; 4]).unwrap_err();
    assert_eq!(whole, "weights file `typed`: tensor `x` is `I32`; save it as F32, F64, F16 or BF16");
}

#[test]
fn metadata_that_make_no_sense_are_errors() {
    let cases = [
        ("stem_stride", "0", "`stem_stride` is `0`; write a whole number of 1 or more"),
        ("stem_stride", "two", "metadata `stem_stride` is `two`; write it as a whole number"),
        ("first_block_stride", "0", "`first_block_stride` is `0`; write a whole number of 1 or more"),
        (
            "first_block_residual",
            "yes",
            "metadata `first_block_residual` is `yes`; write it as `true` or `false`",
        ),
        ("bn_eps", "0", "`bn_eps` is `0.0`; write a number between 0 and 1"),
        ("bn_eps", "NaN", "`bn_eps` is `NaN`; write a number between 0 and 1"),
        ("mean", "0.5,0.5", "`mean` is `[0.5, 0.5]`; write 3 finite numbers, one per input channel"),
        (
            "std",
            "1,1,0",
            "`std` is `[1.0, 1.0, 0.0]`; write 3 finite numbers, one per input channel, each above 0",
        ),
        ("classes", "a,b", "`classes` is `[\"a\", \"b\"]`; write 3 different names, one per output"),
        ("classes", "a,b,a", "`classes` is `[\"a\", \"b\", \"a\"]`; write 3 different names, one per output"),
        (
            "num_classes",
            "4",
            "`num_classes` is `4`; the last layer has 3 outputs; remove the key or write that",
        ),
        ("input", "3x0x3", "`input` is `3x0x3`; every size must be at least 1"),
        ("input", "32", "metadata `input` is `32`; write it as channels x height x width, such as `3x32x32`"),
        (
            "arch",
            "mobilenet_v3_large",
            "`arch` is `mobilenet_v3_large`; the tensors are those of `mobilenet_v3_small`; remove the key or write that",
        ),
        (
            "arch",
            "resnet",
            "metadata `arch` is `resnet`; write it as `mobilenet_v3_small` or `mobilenet_v3_large`",
        ),
    ];
    for (key, value, expected) in cases {
        assert_eq!(misdescribed(key, value), format!("settings of `tiny`: {expected}"));
    }
}

#[test]
fn a_residual_that_cannot_be_is_an_error() {
    let file = common::safetensors(&common::tiny(), &[("input", "3x16x16".into())]);
    let caller = Hints { first_block_residual: Some(true), ..Hints::default() };
    let text = Network::parse("tiny", &file, caller).unwrap_err().to_string();
    assert_eq!(text, "layer `b0.add`: the second summand is 4x8x8, expected 4x4x4");
}

#[test]
fn images_beyond_all_sense_are_errors() {
    let text = misdescribed("input", "3x99999999999x99999999999");
    assert!(text.starts_with("layer `input`: its output would have more than 268435456 elements"), "{text}");
}

#[test]
fn the_caller_goes_before_the_sidecar_and_the_sidecar_must_agree_with_the_metadata() {
    let weights = || {
        let file = common::safetensors(&common::tiny(), &common::metadata("3x16x16"));
        Weights::parse("tiny", &file).unwrap()
    };
    let sidecar = || Hints::from_json(r#"{"stem_stride": 2, "classes": ["x", "y", "z"]}"#).unwrap();
    let text = Network::build(weights(), sidecar(), Hints::default()).unwrap_err().to_string();
    assert_eq!(
        text,
        "settings of `tiny`: `stem_stride` is `2` in the JSON file and `1` in the weights' metadata; make them agree"
    );
    let caller = Hints { stem_stride: Some(3), ..Hints::default() };
    let settings = Network::build(weights(), sidecar(), caller).unwrap().settings;
    assert_eq!((settings.stem_stride, settings.classes[2].as_str()), (3, "z"));
    let text = Hints::from_json(r#"{"stem_strid": 2}"#).unwrap_err().to_string();
    assert!(text.contains("unknown field `stem_strid`"), "{text}");
}

#[test]
fn a_sidecar_beside_the_weights_is_read() {
    let folder = std::env::temp_dir().join(format!("memloom-sidecar-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("tiny.safetensors");
    std::fs::write(&path, common::safetensors(&common::tiny(), &[])).unwrap();
    std::fs::write(folder.join("tiny.json"), r#"{"arch": "mobilenet_v3_small", "input": "3x20x20"}"#)
        .unwrap();
    let read = Network::read(&path, Hints::default());
    std::fs::write(folder.join("tiny.json"), "[]").unwrap();
    let error = Network::read(&path, Hints::default());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(read.unwrap().settings.input, Shape::new(3, 20, 20));
    let text = error.unwrap_err().to_string();
    assert!(text.contains("tiny.json`: the settings beside the weights cannot be read: "), "{text}");
}
