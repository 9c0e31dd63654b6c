//! Arguments of all commands that read a network.

use crate::quantity::limits;
use clap::Args;
use memloom_network::budget::Budget;
use memloom_network::graph::Shape;
use std::path::PathBuf;

/// Most input pins of a circuit: an image of 3x1024x1024.
const MOST_INPUTS: usize = 3 << 20;

/// Which network, and what its weights do not say.
#[derive(Debug, Args, Default)]
pub(crate) struct ModelArgs {
    /// Weights: a safetensors file with torchvision's tensor names (MobileNetV3 Small or Large). The embedded
    /// network if left out. Settings are read from its metadata and from a `.json` file of its name beside it.
    #[arg(value_name = "MODEL")]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
}

/// What weights do not say.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Network")]
pub(crate) struct SettingsArgs {
    /// Size of an image: channels, rows, columns, such as `3x32x32`.
    #[arg(long, value_name = "CxHxW", value_parser = shape)]
    pub(crate) input: Option<Shape>,
    #[arg(long, value_name = "N", value_parser = |t: &str| limits::STRIDE.read::<usize>(t),
        help = limits::STRIDE.help("Stride of the first convolution"))]
    pub(crate) stem_stride: Option<usize>,
    #[arg(long, value_name = "N", value_parser = |t: &str| limits::STRIDE.read::<usize>(t),
        help = limits::STRIDE.help("Stride of the first block"))]
    pub(crate) first_block_stride: Option<usize>,
    /// Whether the first block ends in a sum with its input; torchvision's rule if left out.
    #[arg(long, value_name = "true|false")]
    pub(crate) first_block_residual: Option<bool>,
    #[arg(long, value_name = "EPSILON", value_parser = |t: &str| limits::BN_EPS.read(t), allow_hyphen_values = true,
        help = limits::BN_EPS.help("Batch norm's epsilon"))]
    pub(crate) bn_eps: Option<f64>,
    #[arg(long, value_name = "M,M,M", value_delimiter = ',', value_parser = |t: &str| limits::MEAN.read(t),
        allow_hyphen_values = true,
        help = limits::MEAN.help("Mean of each input channel that is subtracted from pixels in 0 to 1"))]
    pub(crate) mean: Vec<f64>,
    #[arg(long, value_name = "S,S,S", value_delimiter = ',', value_parser = |t: &str| limits::STD.read(t),
        allow_hyphen_values = true,
        help = limits::STD.help("Standard deviation of each input channel that they are then divided by"))]
    pub(crate) std: Vec<f64>,
    /// Ranges that `calibrate` wrote; `MODEL` with the ending `.ranges.json` if left out and there is one, else
    /// measured on built-in pictures.
    #[arg(long, value_name = "FILE")]
    pub(crate) ranges: Option<PathBuf>,
    /// Memory that the network may take, such as `12GiB`; a network that needs more is refused before it is built. 8 GiB
    /// if left out, or three quarters of the machine's memory if that is less.
    #[arg(long, value_name = "SIZE", env = "MEMLOOM_MEMORY")]
    pub(crate) memory_budget: Option<Budget>,
}

impl SettingsArgs {
    /// The flags that state settings of the network's function, as words of a command line.
    pub(crate) fn flags(&self) -> Vec<String> {
        let list = |numbers: &[f64]| {
            let text = numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
            (!numbers.is_empty()).then_some(text)
        };
        let stated = [
            ("--input", self.input.map(|shape| shape.to_string())),
            ("--stem-stride", self.stem_stride.map(|n| n.to_string())),
            ("--first-block-stride", self.first_block_stride.map(|n| n.to_string())),
            ("--first-block-residual", self.first_block_residual.map(|is| is.to_string())),
            ("--bn-eps", self.bn_eps.map(|eps| eps.to_string())),
            ("--mean", list(&self.mean)),
            ("--std", list(&self.std)),
        ];
        let words = stated.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
        words.flatten().collect()
    }
}

/// An image's size, each side and all together within what a circuit takes.
fn shape(text: &str) -> Result<Shape, String> {
    let sides = text.split('x').map(|side| limits::SIDE.read(side)).collect::<Result<Vec<usize>, _>>();
    let advice = |what: String| format!("{what}, for an image `3x32x32`");
    match sides.map_err(advice)?[..] {
        [channels, height, width] if channels * height * width <= MOST_INPUTS => {
            Ok(Shape::new(channels, height, width))
        }
        [_, _, _] => Err(format!(
            "`{text}` has more than {MOST_INPUTS} values, each an input pin of the circuit; write fewer, such as `3x32x32`"
        )),
        _ => Err(format!(
            "`{text}` is no size of an image; write channels, rows and columns, such as `3x32x32`"
        )),
    }
}
