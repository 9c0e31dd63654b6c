//! How a file of memloom's is known again: by its content.

use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Where in a text the mark is looked for, bytes from its start.
const HEAD: u64 = 1 << 14;
/// Longest end of a Parquet file that is looked through, bytes.
const FOOTER: u64 = 1 << 24;

/// The mark of one command's files of one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    form: Form,
    by: &'static str,
}

/// What a file is, and so where its mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An object with the key `generator`.
    Json,
    /// `<meta name="generator" content="..">` in the head.
    Html,
    /// A comment behind the first tag.
    Svg,
    /// `generator` among the key-value metadata.
    Parquet,
    /// Tables have no place for a mark: one of these beginnings of the first line.
    Csv(&'static [&'static str]),
}

#[derive(Deserialize)]
struct Json {
    generator: String,
}

impl Mark {
    /// The mark of what `by` writes, such as `memloom sweep`.
    pub const fn new(form: Form, by: &'static str) -> Self {
        Self { form, by }
    }

    /// The command, as it stands in the mark.
    pub const fn by(&self) -> &'static str {
        self.by
    }

    /// An SVG picture with the mark in it.
    pub fn sign_svg(&self, svg: &str) -> String {
        match svg.split_once('>') {
            Some((tag, rest)) => format!("{tag}>\n{}{rest}", self.comment()),
            None => svg.to_owned(),
        }
    }

    fn comment(&self) -> String {
        format!("<!-- generator: {} -->", self.by)
    }

    /// Whether the file has the mark.
    pub(super) fn is_on(&self, path: &Path) -> io::Result<bool> {
        let mut file = File::open(path)?;
        match self.form {
            Form::Json => {
                // The reader goes through a value of any size without keeping it.
                let json = serde_json::from_reader::<_, Json>(BufReader::new(file));
                Ok(json.is_ok_and(|json| json.generator == self.by))
            }
            Form::Html => Ok(contains(
                &head(file)?,
                format!("<meta name=\"generator\" content=\"{}\">", self.by).as_bytes(),
            )),
            Form::Svg => Ok(contains(&head(file)?, self.comment().as_bytes())),
            Form::Parquet => Ok(contains(&footer(&mut file)?, &self.pair())),
            Form::Csv(beginnings) => {
                let head = head(file)?;
                Ok(beginnings.iter().any(|beginning| head.starts_with(beginning.as_bytes())))
            }
        }
    }

    /// The key and the value as Thrift's compact protocol writes the two strings of a `KeyValue` (parquet.thrift).
    fn pair(&self) -> Vec<u8> {
        let string = |text: &str| [&[0x18, text.len() as u8], text.as_bytes()].concat();
        [string("generator"), string(self.by), vec![0]].concat()
    }
}

fn head(file: File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// The metadata at the end of a Parquet file: before its length (4 bytes, little-endian) and `PAR1`. Empty if the file
/// is none.
fn footer(file: &mut File) -> io::Result<Vec<u8>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut tail = [0; 8];
    if length < 12 {
        return Ok(Vec::new());
    }
    file.seek(SeekFrom::Start(length - 8))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let size = u64::from(u32::from_le_bytes([a, b, c, d]));
    if &magic != b"PAR1" || size > FOOTER.min(length - 12) {
        return Ok(Vec::new());
    }
    file.seek(SeekFrom::Start(length - 8 - size))?;
    let mut footer = vec![0; size as usize];
    file.read_exact(&mut footer)?;
    Ok(footer)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
