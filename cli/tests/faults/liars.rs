//! Simulators that do not do what they say.

use crate::bench::{Bench, ended};
use crate::stops::CHECK;

/// Runs ngspice, then spoils each rawfile: `$f`, of `$size` bytes.
fn spoil(how: &str) -> String {
    format!("$real \"$@\"; for f in *.raw; do size=$(wc -c < \"$f\"); {how}; done")
}

#[test]
fn none_is_believed() {
    let nan = "printf '\\377\\377\\377\\377\\377\\377\\377\\177' | dd of=\"$f\" bs=1 conv=notrunc seek=$((size - 8)) 2>/dev/null";
    let more = "sed -i 's/^No. Points: .*/No. Points: 99999999999/' \"$f\"";
    for (what, script, part) in [
        ("nothing", "exit 0".to_owned(), "it wrote no rawfile"),
        ("garbage", "head -c 4096 /dev/urandom".into(), "it wrote no rawfile"),
        ("garbage for a rawfile", spoil("head -c 512 /dev/urandom > \"$f\""), "rawfile"),
        ("an empty rawfile", spoil(": > \"$f\""), "rawfile"),
        ("a cut rawfile", spoil("truncate -s -8 \"$f\""), "rawfile"),
        ("a rawfile of more points than it has", spoil(more), "rawfile"),
        ("no number", spoil(nan), "is not finite"),
        ("another circuit's rawfile", spoil("sed -i 's/xdut/other/' \"$f\"; exit 3"), "it ended with"),
        ("a crash", "kill -SEGV $$".into(), "it ended with signal"),
        ("an endless text", "yes".into(), "printed more than"),
        ("a child that stays", "sleep 1000 & exit 0".into(), "it wrote no rawfile"),
        ("no program", "exec /no/such".into(), "/no/such"),
    ] {
        let bench = Bench::new();
        bench.fake(&script);
        let (code, said) = ended(bench.start(&CHECK));
        assert_eq!(code, 1, "{what}: {said}");
        assert!(said.starts_with("error: layer `stem`: ") && said.contains(part), "{what}: {said}");
        assert!(!said.contains("panicked"), "{what}: {said}");
        bench.assert_nothing_runs(what);
        assert!(bench.temporary().is_empty(), "{what}: left {:?}", bench.temporary());
    }
}

/// One cell of one layer is off by a hundredth of itself: that layer is named, and no other.
#[test]
fn a_wrong_cell_is_named_by_its_layer() {
    let args = ["check", "net.safetensors", "--engine", "ngspice", "--whole"];
    for layer in ["b1_expand", "b3_dw", "fc2"] {
        let bench = Bench::new();
        let cell =
            r#"!done && /^R[0-9]+_[0-9]+ / { $NF = sprintf("%.15g", 1.01 * $NF); done = 1 } { print }"#;
        let plant = format!(
            "for deck; do :; done; case $PWD in */{layer}/*) awk '{cell}' \"$deck\" > planted && mv planted \"$deck\";; esac; \
             exec $real \"$@\""
        );
        bench.fake(&plant);
        let (code, said) = ended(bench.start(&args));
        let name = layer.replace('_', ".");
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains(&format!("1 layers differ from the native evaluator: {name}; `{name}` by ")),
            "{said}"
        );
        bench.assert_nothing_runs(layer);
    }
}
