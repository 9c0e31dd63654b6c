//! Text of circuits and pages as minijinja templates: a folder per language, a file per concept.

use include_dir::{Dir, DirEntry, include_dir};

/// This crate's folder; what is no template is left alone.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR");

/// Every template: its path below `templates/`, such as `ngspice/op_amp.j2`, and its source.
pub fn all() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    collect(&FILES, &mut found);
    found
}

/// The source of the template called `name`.
pub fn source(name: &str) -> Option<&'static str> {
    FILES.get_file(name).and_then(|file| file.contents_utf8())
}

fn collect(folder: &'static Dir<'_>, found: &mut Vec<(&'static str, &'static str)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, found),
            DirEntry::File(file) => {
                let name = file.path().to_str().filter(|name| name.ends_with(".j2"));
                found.extend(name.zip(file.contents_utf8()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_found_by_their_paths() {
        let all = all();
        assert!(all.iter().any(|(name, _)| *name == "verilog_a/devices/vteam.j2"));
        assert!(all.iter().all(|(name, text)| source(name) == Some(text)));
        assert_eq!(source("nothing.j2"), None);
    }
}
