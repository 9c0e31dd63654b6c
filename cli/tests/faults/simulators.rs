//! Which programs are run, and which are not.

use crate::bench::{Bench, ended};
use crate::stops::CHECK;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A program that leaves a trace.
fn plant(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "#!/bin/sh\n: > \"$TRACE\"\necho '** ngspice-39 : Circuit level simulation program'\n")
        .unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A simulator in a folder that somebody else made, or that was unpacked from an archive, is not run.
#[test]
fn nothing_in_or_above_the_working_folder_is_run() {
    let bench = Bench::new();
    for place in [".tools/venv/bin/ngspice", "ngspice", "bin/ngspice"] {
        plant(&bench.path(place));
    }
    let deep = bench.path("deep/er");
    fs::create_dir_all(&deep).unwrap();
    fs::copy(bench.path("net.safetensors"), deep.join("net.safetensors")).unwrap();
    for folder in [bench.path(""), deep] {
        let mut command = bench.run_by(&[], &CHECK);
        command.current_dir(folder).env_remove("MEMLOOM_NGSPICE");
        command.env("PATH", ".:bin::/no/such").env("TRACE", bench.path("trace"));
        let (code, said) = ended(command.spawn().unwrap());
        assert!(!bench.path("trace").exists(), "it was run: {said}");
        assert_eq!(code, 1, "{said}");
        for part in ["no program `ngspice`", "`/no/such`", "passed over", "MEMLOOM_NGSPICE"] {
            assert!(said.contains(part), "`{part}` is not in: {said}");
        }
    }
}
