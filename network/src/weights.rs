//! Weights from a safetensors file, checked: every tensor is present, of the right shape and finite.
//!
//! A file is hostile until it is parsed: it may be cut short, lie about its sizes, or hold infinities.

use std::{collections::BTreeMap, io, path::Path, sync::Arc};

use safetensors::{Dtype, SafeTensorError, SafeTensors};

use crate::files;

/// The longest weights file that is read, in bytes: some sixty times a MobileNetV3 Large.
pub const LONGEST_FILE: u64 = 1 << 30;

/// One tensor, row major.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Arc<[f32]>,
}

/// The tensors of one file that nobody has taken yet, and the file's metadata.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    file: String,
    metadata: BTreeMap<String, String>,
    tensors: BTreeMap<String, Tensor>,
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
    #[error("tensor `{tensor}` is missing; export the whole state dict with torchvision's names")]
    Missing {
        /// The tensor.
        tensor: String,
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
    #[error("tensor `{tensor}`{} not part of a torchvision MobileNetV3; remove what is not", others(*.more))]
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
    /// Reads a file of at most [`LONGEST_FILE`] bytes.
    ///
    /// # Errors
    /// As [`Weights::parse`], or where the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let file = path.display().to_string();
        match files::read(path, LONGEST_FILE) {
            Ok(bytes) => Self::parse(&file, &bytes),
            Err(error) => Err(WeightsError { file, problem: error.into() }),
        }
    }

    /// Parses the bytes of a safetensors file; `file` is its name for messages.
    ///
    /// `num_batches_tracked` counters are left out, for they say nothing about the trained function. Weights of
    /// 64 bits are rounded to 32.
    ///
    /// # Errors
    /// Where it is cut short or not safetensors, or a weight is not a finite real number.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, WeightsError> {
        parse(bytes)
            .map(|(metadata, tensors)| Self { file: file.to_owned(), metadata, tensors })
            .map_err(|problem| WeightsError { file: file.to_owned(), problem })
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

    /// The shape of a tensor that is left.
    pub fn shape(&self, tensor: &str) -> Option<&[usize]> {
        self.tensors.get(tensor).map(|tensor| tensor.shape.as_slice())
    }

    /// Takes a tensor whose shape is `expected`, where `None` stands for any size.
    ///
    /// # Errors
    /// Where it is missing or of another shape.
    pub fn take(&mut self, tensor: &str, expected: &[Option<usize>]) -> Result<Tensor, WeightsError> {
        let Some(found) = self.tensors.remove(tensor) else {
            return Err(self.error(WeightsProblem::Missing { tensor: tensor.to_owned() }));
        };
        let fits =
            |(size, expected): (&usize, &Option<usize>)| expected.is_none_or(|expected| expected == *size);
        if found.shape.len() == expected.len() && found.shape.iter().zip(expected).all(fits) {
            return Ok(found);
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

type Parsed = (BTreeMap<String, String>, BTreeMap<String, Tensor>);

fn parse(bytes: &[u8]) -> Result<Parsed, WeightsProblem> {
    let (_, header) = SafeTensors::read_metadata(bytes)?;
    let metadata =
        header.metadata().iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect();
    let file = SafeTensors::deserialize(bytes)?;
    // In the order of names, so that the first error is always the same one.
    let mut views: Vec<_> = file.iter().filter(|(name, _)| !name.ends_with(".num_batches_tracked")).collect();
    views.sort_by_key(|(name, _)| *name);
    let mut tensors = BTreeMap::new();
    for (name, view) in views {
        if view.shape().contains(&0) {
            return Err(WeightsProblem::Empty { tensor: name.to_owned(), shape: view.shape().to_vec() });
        }
        let values = decode(name, view.dtype(), view.data())?;
        tensors.insert(name.to_owned(), Tensor { shape: view.shape().to_vec(), values });
    }
    Ok((metadata, tensors))
}

/// Little-endian values of one of four types, as finite `f32`.
fn decode(tensor: &str, dtype: Dtype, data: &[u8]) -> Result<Arc<[f32]>, WeightsProblem> {
    let values: Vec<f64> = match dtype {
        Dtype::F32 => chunks(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F64 => chunks(data, f64::from_le_bytes),
        Dtype::F16 => chunks(data, |bytes| half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => {
            chunks(data, |bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16).into())
        }
        _ => return Err(WeightsProblem::Dtype { tensor: tensor.to_owned(), dtype }),
    };
    match values.iter().position(|&value| !(value as f32).is_finite()) {
        Some(index) => {
            Err(WeightsProblem::NotFinite { tensor: tensor.to_owned(), index, value: values[index] })
        }
        None => Ok(values.into_iter().map(|value| value as f32).collect()),
    }
}

fn chunks<const N: usize>(data: &[u8], value: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    data.as_chunks().0.iter().map(|&bytes| value(bytes)).collect()
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
