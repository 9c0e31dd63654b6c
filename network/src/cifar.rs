//! CIFAR-10's binary batches: per image a label byte (0 to 9), then red, green and blue planes of 32 rows of 32.

use std::path::Path;

use crate::{
    files,
    graph::Shape,
    images::{Image, ImageError},
};

/// The size of every image.
pub const SHAPE: Shape = Shape::new(3, 32, 32);

const RECORD: usize = 1 + SHAPE.elements();

/// The longest batch that is read, in bytes: far more than the whole data set.
pub const LONGEST_FILE: u64 = 1 << 30;

/// A batch, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    file: String,
    bytes: Vec<u8>,
}

impl Batch {
    /// Reads a batch.
    ///
    /// # Errors
    /// As [`Batch::parse`], or where the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, ImageError> {
        let file = path.display().to_string();
        match files::read(path, LONGEST_FILE) {
            Ok(contents) => Self::parse(&file, contents.bytes),
            Err(error) => Err(ImageError::Io { file, error }),
        }
    }

    /// Takes the bytes of a batch; `file` is its name for messages.
    ///
    /// # Errors
    /// Where the length is not a positive multiple of 3073, or a label is above 9.
    pub fn parse(file: &str, bytes: Vec<u8>) -> Result<Self, ImageError> {
        let file = file.to_owned();
        if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
            return Err(ImageError::CifarLength { file, bytes: bytes.len() });
        }
        match bytes.iter().step_by(RECORD).position(|&label| label > 9) {
            Some(index) => Err(ImageError::CifarLabel { file, index, label: bytes[index * RECORD] }),
            None => Ok(Self { file, bytes }),
        }
    }

    /// How many images there are, at least one.
    #[expect(clippy::len_without_is_empty, reason = "a batch is never empty")]
    pub fn len(&self) -> usize {
        self.bytes.len() / RECORD
    }

    /// One image with its label.
    ///
    /// # Errors
    /// Where there is no such image.
    pub fn image(&self, index: usize) -> Result<Image, ImageError> {
        let images = self.len();
        let record = self.bytes.chunks_exact(RECORD).nth(index);
        let record =
            record.ok_or_else(|| ImageError::CifarIndex { file: self.file.clone(), index, images })?;
        Ok(image(record))
    }

    /// All images, in order.
    pub fn images(&self) -> impl ExactSizeIterator<Item = Image> {
        self.bytes.chunks_exact(RECORD).map(image)
    }
}

fn image(record: &[u8]) -> Image {
    Image { shape: SHAPE, pixels: record[1..].to_vec(), label: Some(record[0].into()) }
}
