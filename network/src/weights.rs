//! Weights from a safetensors file, checked: every tensor is present, of the right shape and finite.
//!
//! A file is hostile until it is parsed: it may be cut short, lie about its sizes, or hold infinities.

use std::{collections::BTreeMap, io, ops::Range, sync::Arc};

use crate::names::advice;
use safetensors::{Dtype, SafeTensorError, SafeTensors, tensor::TensorInfo};

/// The longest weights file that is read, in bytes: some sixty times a MobileNetV3 Large.
pub const LONGEST_FILE: u64 = 1 << 30;

/// The longest header that is parsed, in bytes: some hundred times a MobileNetV3 Large's.
pub const LONGEST_HEADER: u64 = 1 << 22;

/// One tensor, row major.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Arc<[f32]>,
}

/// The tensors of one file that nobody has taken yet, and the file's metadata. Values stay as the file has them until
/// they are taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    file: String,
    metadata: BTreeMap<String, String>,
    bytes: Arc<Vec<u8>>,
    tensors: BTreeMap<String, Stored>,
    /// The names of all tensors of the file, those that were taken too.
    all: Arc<Vec<String>>,
}

/// Where a tensor lies in the file.
#[derive(Clone, Debug, PartialEq)]
struct Stored {
    shape: Vec<usize>,
    dtype: Dtype,
    range: Range<usize>,
}

/// What is wrong with a weights file.
#[derive(Debug, thiserror::Error)]
#[error("weights file `{file}`: {problem}")]
pub struct WeightsError {
    /// The file's name.
    pub file: String,
    /// What is wrong.
    #[source]
    pub problem: WeightsProblem,
}

/// What is wrong, without the file.
#[derive(Debug, thiserror::Error)]
pub enum WeightsProblem {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Not safetensors, or cut short.
    #[error("is not a whole safetensors file ({0}); export it again with `safetensors.torch.save_file`")]
    Format(#[from] SafeTensorError),
    /// A header beyond all sense.
    #[error(
        "has a header of {bytes} bytes, where {LONGEST_HEADER} are more than enough for any network's names; export \
         its state dict alone, without other tensors and metadata"
    )]
    Header {
        /// The length that the file claims for it.
        bytes: u64,
    },
    /// A tensor of integers or the like.
    #[error("tensor `{tensor}` is `{dtype}`; save it as F32, F64, F16 or BF16")]
    Dtype {
        /// The tensor.
        tensor: String,
        /// Its type.
        dtype: Dtype,
    },
    /// A weight that is NaN or infinite, or overflows 32 bits.
    #[error(
        "tensor `{tensor}` holds `{value}` at index {index}; every weight must be a finite 32-bit number"
    )]
    NotFinite {
        /// The tensor.
        tensor: String,
        /// The place, row major.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A tensor without elements, whose other sizes could be anything.
    #[error("tensor `{tensor}` has shape {shape:?}, which holds nothing; every size must be at least 1")]
    Empty {
        /// The tensor.
        tensor: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A variance below nought.
    #[error("tensor `{tensor}` holds `{value}` at index {index}; a variance cannot be negative")]
    Negative {
        /// The tensor.
        tensor: String,
        /// The place.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A tensor that the network needs.
    #[error("tensor `{tensor}` is missing; {advice}")]
    Missing {
        /// The tensor.
        tensor: String,
        /// What the file has instead, if something, and what to do.
        advice: String,
    },
    /// A tensor of another shape.
    #[error("tensor `{tensor}` has shape {found}, expected {expected}")]
    Shape {
        /// The tensor.
        tensor: String,
        /// The shape the network needs; `*` stands for any size.
        expected: String,
        /// Its shape.
        found: String,
    },
    /// Tensors that the network does not use.
    #[error("tensor `{tensor}`{} not part of a MobileNetV3; remove what is not", others(*.more))]
    Unknown {
        /// The first of them.
        tensor: String,
        /// How many more there are.
        more: usize,
    },
}

fn others(more: usize) -> String {
    if more == 0 { " is".to_owned() } else { format!(" and {more} more are") }
}

impl Weights {
    /// As [`Weights::from_bytes`], of a copy of `bytes`.
    ///
    /// # Errors
    /// As [`Weights::from_bytes`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, WeightsError> {
        Self::from_bytes(file, bytes.to_vec())
    }

    /// Takes the bytes of a safetensors file; `file` is its name for messages.
    ///
    /// Counters (`num_batches_tracked` of batch norm, `n_averaged` of averaged weights) are left out, for they say nothing
    /// about the trained function.
    ///
    /// # Errors
    /// Where it is cut short or not safetensors, or a tensor is empty or not of real numbers.
    pub fn from_bytes(file: &str, bytes: Vec<u8>) -> Result<Self, WeightsError> {
        match header(&bytes) {
            Ok((metadata, tensors)) => {
                let all = Arc::new(tensors.keys().cloned().collect());
                Ok(Self { file: file.to_owned(), metadata, bytes: Arc::new(bytes), tensors, all })
            }
            Err(problem) => Err(WeightsError { file: file.to_owned(), problem }),
        }
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The file's metadata, text to text.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The names of the tensors left, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// Leaves out what stands before the names of all tensors, as wrappers put it there (`module.` of data parallel
    /// training, `model.`, `_orig_mod.` of a compiled model); what it was, if something. `is_own` tells a part of a name
    /// that is the network's own.
    pub fn strip(&mut self, is_own: impl Fn(&str) -> bool) -> Option<String> {
        let mut stripped = String::new();
        loop {
            let first = self.tensors.keys().next()?;
            let Some((part, _)) = first.split_once('.').filter(|(part, _)| !is_own(part)) else { break };
            let prefix = format!("{part}.");
            if !self.tensors.keys().all(|name| name.starts_with(&prefix)) {
                break;
            }
            let renamed = std::mem::take(&mut self.tensors).into_iter();
            self.tensors = renamed.map(|(name, tensor)| (name[prefix.len()..].to_owned(), tensor)).collect();
            stripped += &prefix;
            self.all = Arc::new(self.tensors.keys().cloned().collect());
        }
        (!stripped.is_empty()).then_some(stripped)
    }

    /// The shape of a tensor that is left.
    pub fn shape(&self, tensor: &str) -> Option<&[usize]> {
        self.tensors.get(tensor).map(|tensor| tensor.shape.as_slice())
    }

    /// Takes a tensor whose shape is `expected`, where `None` stands for any size. Values of 64 bits are rounded to 32.
    ///
    /// # Errors
    /// Where it is missing or of another shape, or a value is not a finite 32-bit number.
    pub fn take(&mut self, tensor: &str, expected: &[Option<usize>]) -> Result<Tensor, WeightsError> {
        let Some(found) = self.tensors.remove(tensor) else {
            let advice = advice(tensor, &self.all.iter().map(String::as_str).collect::<Vec<_>>());
            return Err(self.error(WeightsProblem::Missing { tensor: tensor.to_owned(), advice }));
        };
        let fits =
            |(size, expected): (&usize, &Option<usize>)| expected.is_none_or(|expected| expected == *size);
        if found.shape.len() == expected.len() && found.shape.iter().zip(expected).all(fits) {
            let values = found.decode(tensor, &self.bytes).map_err(|problem| self.error(problem))?;
            return Ok(Tensor { shape: found.shape, values });
        }
        let expected =
            format_shape(expected.iter().map(|size| size.map_or("*".to_owned(), |size| size.to_string())));
        let found = format_shape(found.shape.iter().map(usize::to_string));
        Err(self.error(WeightsProblem::Shape { tensor: tensor.to_owned(), expected, found }))
    }

    /// Ends the reading: every tensor must have been taken.
    ///
    /// # Errors
    /// Names the first one left.
    pub fn finish(self) -> Result<(), WeightsError> {
        let Some(tensor) = self.tensors.keys().next().cloned() else { return Ok(()) };
        let more = self.tensors.len() - 1;
        Err(self.error(WeightsProblem::Unknown { tensor, more }))
    }

    /// An error about this file.
    pub(crate) fn error(&self, problem: WeightsProblem) -> WeightsError {
        WeightsError { file: self.file.clone(), problem }
    }
}

/// What tensors are called that only count training's steps.
const COUNTERS: [&str; 2] = ["num_batches_tracked", "n_averaged"];

type Header = (BTreeMap<String, String>, BTreeMap<String, Stored>);

/// Reads a file's header, and checks that its tensors lie in the file.
fn header(bytes: &[u8]) -> Result<Header, WeightsProblem> {
    check_length(bytes)?;
    let (length, header) = SafeTensors::read_metadata(bytes)?;
    let metadata =
        header.metadata().iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect();
    let start = size_of::<u64>() + length;
    let stored = |info: &TensorInfo| Stored {
        shape: info.shape.clone(),
        dtype: info.dtype,
        range: start + info.data_offsets.0..start + info.data_offsets.1,
    };
    let counted = |name: &str| COUNTERS.contains(&name.rsplit('.').next().unwrap_or_default());
    let tensors = header.tensors().into_iter().filter(|(name, _)| !counted(name));
    let tensors: BTreeMap<_, _> = tensors.map(|(name, info)| (name, stored(info))).collect();
    // In the order of names, so that the first error is always the same one.
    tensors.iter().try_for_each(|(name, tensor)| tensor.check(name))?;
    Ok((metadata, tensors))
}

/// Refuses a header by the length that the file claims for it, before it is parsed.
fn check_length(bytes: &[u8]) -> Result<(), WeightsProblem> {
    let claimed = bytes.first_chunk().map_or(0, |length| u64::from_le_bytes(*length));
    // One that is longer than the file is no header at all, which the parser says.
    match claimed > LONGEST_HEADER && claimed <= bytes.len() as u64 {
        true => Err(WeightsProblem::Header { bytes: claimed }),
        false => Ok(()),
    }
}

impl Stored {
    fn check(&self, name: &str) -> Result<(), WeightsProblem> {
        if self.shape.contains(&0) {
            return Err(WeightsProblem::Empty { tensor: name.to_owned(), shape: self.shape.clone() });
        }
        match self.dtype {
            Dtype::F32 | Dtype::F64 | Dtype::F16 | Dtype::BF16 => Ok(()),
            dtype => Err(WeightsProblem::Dtype { tensor: name.to_owned(), dtype }),
        }
    }

    /// Its values: little-endian numbers of one of four types, as finite `f32`.
    fn decode(&self, name: &str, bytes: &[u8]) -> Result<Arc<[f32]>, WeightsProblem> {
        let data = &bytes[self.range.clone()];
        match self.dtype {
            Dtype::F64 => values(name, data, f64::from_le_bytes),
            Dtype::F16 => values(name, data, |bytes| half(u16::from_le_bytes(bytes))),
            Dtype::BF16 => {
                values(name, data, |bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16).into())
            }
            _ => values(name, data, |bytes| f32::from_le_bytes(bytes).into()),
        }
    }
}

fn values<const N: usize>(
    tensor: &str,
    data: &[u8],
    value: impl Fn([u8; N]) -> f64,
) -> Result<Arc<[f32]>, WeightsProblem> {
    let values = || data.as_chunks().0.iter().map(|bytes| value(*bytes));
    match values().enumerate().find(|(_, value)| !(*value as f32).is_finite()) {
        Some((index, value)) => Err(WeightsProblem::NotFinite { tensor: tensor.to_owned(), index, value }),
        None => Ok(values().map(|value| value as f32).collect()),
    }
}

/// IEEE 754 half precision: a sign, 5 bits of exponent (bias 15) and 10 of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    match i32::from(bits >> 10 & 0x1f) {
        0 => sign * fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        exponent => sign * (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}

fn format_shape(sizes: impl Iterator<Item = String>) -> String {
    format!("[{}]", sizes.collect::<Vec<_>>().join(", "))
}
