//! Hashes in text.

/// Bytes in hexadecimal, as hashes of files are written.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
