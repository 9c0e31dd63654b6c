//! Reading what a user names, once: files of any length, and pipes.
//!
//! A path may name anything. A pipe can be read a single time and may have nobody at its other end, a device may
//! never end: what is read here is read once, is never more than the caller's limit, and is the only copy to hash
//! and to parse.

use std::{
    fs::{File, FileType, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;

/// How long a pipe may have no writer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two looks into a pipe that is empty.
const PAUSE: Duration = Duration::from_millis(2);

/// Bytes taken from a pipe at a time: what Linux keeps in one.
const CHUNK: usize = 1 << 16;

/// All that a path held when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether they came through a pipe, which has no other files beside it.
    pub piped: bool,
}

/// Reads a file or a pipe (standard input as `/dev/stdin`, a process substitution, a named pipe) of at most `longest`
/// bytes.
///
/// # Errors
/// Where it cannot be opened, is neither file nor pipe, is longer, or is a pipe that nobody writes to for 5 s.
pub fn read(path: &Path, longest: u64) -> io::Result<Contents> {
    // Without `NONBLOCK` the opening of a pipe waits for a writer; files do not mind.
    let flags = OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let kind = metadata.file_type();
    if kind.is_file() {
        let bytes = read_file(file, metadata.len(), longest)?;
        return Ok(Contents { bytes, piped: false });
    }
    if kind.is_fifo() {
        return Ok(Contents { bytes: read_pipe(file, longest)?, piped: true });
    }
    let text = format!("it is {}; give a file or a pipe", what(kind));
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

/// The text of a file of at most `longest` bytes.
pub(crate) fn read_text(path: &Path, longest: u64) -> io::Result<String> {
    let bytes = read(path, longest)?.bytes;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// A file is refused by its length; one that grows as it is read, by what was read.
fn read_file(file: File, length: u64, longest: u64) -> io::Result<Vec<u8>> {
    if length > longest {
        return Err(too_long(longest));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest { Err(too_long(longest)) } else { Ok(bytes) }
}

/// A pipe ends when its writers have gone; one that never had any is given up after a while.
fn read_pipe(mut pipe: File, longest: u64) -> io::Result<Vec<u8>> {
    let start = Instant::now();
    let (mut bytes, mut chunk, mut written) = (Vec::new(), vec![0; CHUNK], false);
    loop {
        match pipe.read(&mut chunk) {
            Ok(0) if written => return Ok(bytes),
            Ok(0) if start.elapsed() > PATIENCE => return Err(nobody_writes()),
            Ok(0) => thread::sleep(PAUSE),
            Ok(length) => {
                written = true;
                bytes.extend_from_slice(&chunk[..length]);
                if bytes.len() as u64 > longest {
                    return Err(too_long(longest));
                }
            }
            // Somebody has it open and will write.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn too_long(longest: u64) -> io::Error {
    let text = format!("it is longer than {longest} bytes; give a shorter file");
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}

fn nobody_writes() -> io::Error {
    let text = format!(
        "it is a pipe that nothing was written to in {} s; start the program that writes to it first",
        PATIENCE.as_secs()
    );
    io::Error::new(io::ErrorKind::TimedOut, text)
}

fn what(kind: FileType) -> &'static str {
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "a socket",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn refused(path: &Path, longest: u64) -> String {
        read(path, longest).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        assert!(refused(Path::new("/dev/zero"), 10).contains("a device; give a file"));
        assert!(refused(Path::new("/"), 10).contains("a folder; give a file"));
    }

    #[test]
    fn no_more_than_the_limit_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), Contents { bytes: b"12345".into(), piped: false });
        assert!(refused(&path, 4).contains("longer than 4 bytes"));
        // A hole of a terabyte is refused by its length.
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(refused(&path, 1 << 30).contains("longer than"));
    }

    #[test]
    fn a_pipe_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert!(refused(&path, 10).contains("start the program that writes"));
        let to = path.clone();
        let writer = thread::spawn(move || {
            let mut pipe = File::options().write(true).open(to).unwrap();
            // More than a pipe holds, after a while.
            thread::sleep(Duration::from_millis(20));
            io::Write::write_all(&mut pipe, &vec![7; 3 * CHUNK + 1])
        });
        let read = read(&path, 1 << 20).unwrap();
        writer.join().unwrap().unwrap();
        assert_eq!(read, Contents { bytes: vec![7; 3 * CHUNK + 1], piped: true });
    }

    #[test]
    fn a_pipe_without_end_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let to = path.clone();
        let writer = thread::spawn(move || {
            let mut pipe = File::options().write(true).open(to).unwrap();
            while io::Write::write_all(&mut pipe, &[7; 1000]).is_ok() {}
        });
        assert!(refused(&path, 1 << 18).contains("longer than 262144 bytes"));
        writer.join().unwrap();
    }
}
