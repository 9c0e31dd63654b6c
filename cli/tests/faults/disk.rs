//! No room: files that may not grow, and a disk that is full.

use crate::bench::Bench;
use std::process::Command;

const COMMANDS: [&[&str]; 4] = [
    &["build", "net.safetensors", "--out=small/chip"],
    &["sweep", "--cifar10=batch.bin", "--model=net.safetensors", "--vary=levels=8", "--out=small/s.parquet"],
    &["calibrate", "net.safetensors", "--images=batch.bin", "--out=small/own.json"],
    &["program", "--model=vteam", "--target=50uS", "--from=20uS", "--decks=small/decks"],
];

/// A file that may not grow: an error, not a death by SIGXFSZ.
#[test]
fn a_limit_on_files_is_an_error_and_leaves_nothing() {
    out_of_room("exec sh -c 'ulimit -f 1; exec \"$@\"' sh \"$@\"");
}

/// A tmpfs of a few pages in a mount namespace of its own.
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    const MOUNT: &str = "mount -t tmpfs -o size=8k small small";
    let work = tempfile::tempdir().unwrap();
    std::fs::create_dir(work.path().join("small")).unwrap();
    let unshare = |script: &str| format!("unshare --mount --map-root-user sh -c '{script}' sh \"$@\"");
    let mounts = Command::new("sh").args(["-c", &unshare(MOUNT)]).current_dir(work.path()).output().unwrap();
    assert!(
        mounts.status.success(),
        "no tmpfs can be mounted here: {}; run as root, or allow user namespaces",
        String::from_utf8_lossy(&mounts.stderr)
    );
    // It can be looked into only from within.
    out_of_room(&unshare(&format!("{MOUNT} && \"$@\"; code=$?; find small -type f -size +0; exit $code")));
}

/// Runs each command by a shell script that is given its words.
fn out_of_room(script: &str) {
    for args in COMMANDS {
        let bench = Bench::new();
        std::fs::create_dir(bench.path("small")).unwrap();
        let before = bench.files();
        let output = bench.run_by(&["sh", "-c", script, "sh"], args).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.starts_with("error: ") && said.contains("small"), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        let left = |name: &&String| !before.contains_key(*name) && !name.ends_with(".journal");
        assert_eq!(bench.files().keys().find(left), None, "{args:?}");
        let listed = printed.lines().find(|line| line.starts_with("small/") && !line.ends_with(".journal"));
        assert_eq!(listed, None, "{args:?}");
    }
}
