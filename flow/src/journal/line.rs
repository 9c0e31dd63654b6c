//! Lines of a journal: an entry and the hash of all entries so far.

use crate::Result;
use memloom_codegen::hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How every journal begins.
pub(super) const MARK: &str = r#"{"entry":{"memloom":""#;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<T> {
    entry: T,
    sum: String,
}

/// The hash of the entries so far.
#[derive(Default)]
pub(super) struct Chain {
    sum: String,
}

impl Chain {
    /// The line of the next entry.
    pub(super) fn line(&mut self, entry: &impl Serialize) -> Result<Vec<u8>> {
        let entry = serde_json::to_value(entry)?;
        self.sum = self.next(&entry);
        let mut line = serde_json::to_vec(&Line { entry, sum: self.sum.clone() })?;
        line.push(b'\n');
        Ok(line)
    }

    /// The entry of the next line.
    pub(super) fn read(&mut self, line: &[u8]) -> std::result::Result<Value, String> {
        let Line { entry, sum } = serde_json::from_slice(line).map_err(|e| e.to_string())?;
        if sum != self.next(&entry) {
            return Err("it was changed, or a line before it was removed".into());
        }
        self.sum = sum;
        Ok(entry)
    }

    fn next(&self, entry: &Value) -> String {
        /// Bytes of the hash that are kept: it is to find damage, not to resist an attack.
        const KEPT: usize = 8;
        let hash = Sha256::new().chain_update(&self.sum).chain_update(entry.to_string()).finalize();
        hex(&hash[..KEPT])
    }
}
