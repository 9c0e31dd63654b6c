//! OpenVAF, and VACASK with models that it compiled.

use memloom_sim::external::{Engine, Error, Limits, OpenVaf, Run, Vacask};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CONDUCTANCE: &str = r#"`include "disciplines.vams"
module cond(p, n);
  inout p, n;
  electrical p, n;
  (* type="instance" *) parameter real g = 1e-3 from (0:inf);
  analog I(p, n) <+ g * V(p, n);
endmodule
"#;

fn model(dir: &Path, text: &str) -> PathBuf {
    let path = dir.join("cond.va");
    fs::write(&path, text).unwrap();
    path
}

/// Runs a deck that divides 1 V between the conductance in `library` and 1 kohm, in `dir`; gives back `v(out)`.
fn divide(engine: &Vacask, dir: &Path, library: &Path, args: &str) -> Result<(f64, Run), Error> {
    let loads = format!("ground 0\nload \"resistor.osdi\"\nload \"{}\"\n", library.display());
    let models = "model r resistor\nmodel v vsource\nmodel g cond\n";
    let circuit = format!("v1 (in 0) v dc=1\nx1 (in out) g {args}\nr1 (out 0) r r=1e3\n");
    let control = "control\n  abort always\n  options rawfile=\"binary\"\n  analysis op1 op\nendc\n";
    let deck = dir.join("deck.sim");
    fs::write(&deck, format!("a deck\n{loads}{models}{circuit}{control}")).unwrap();
    let run = engine.run(&deck, &Limits::default())?;
    Ok((run.plots[0].voltage("out").unwrap()[0], run))
}

fn vacask() -> Vacask {
    Vacask::find().unwrap()
}

fn bench() -> (TempDir, OpenVaf) {
    let dir = tempfile::tempdir().unwrap();
    let compiler = OpenVaf::find(dir.path().join("cache")).unwrap();
    (dir, compiler)
}

#[track_caller]
fn assert_close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-15, "found {found}, wanted {wanted}");
}

/// The reason of a failed run.
#[track_caller]
fn reason(run: Result<(f64, Run), Error>) -> String {
    match run {
        Err(Error::Failed { reason, .. }) => reason,
        Err(other) => panic!("another error: {other}"),
        Ok((out, run)) => panic!("it passed with {out} V\n{}", run.log),
    }
}

#[test]
fn a_model_is_compiled_once_and_simulated() {
    let (dir, compiler) = bench();
    let source = model(dir.path(), CONDUCTANCE);
    let library = compiler.compile(&source).unwrap();
    let run = with_model(&library, "g=3e-3").run(&va()).unwrap();
    assert_close(run.plots[0].voltage("out").unwrap()[0], 0.75, 1e-15);

    let made = fs::metadata(&library).unwrap().modified().unwrap();
    assert_eq!(compiler.compile(&source).unwrap(), library);
    assert_eq!(fs::metadata(&library).unwrap().modified().unwrap(), made, "it was compiled again");
    let changed = compiler.compile(&model(dir.path(), &CONDUCTANCE.replace("g * V", "2 * g * V"))).unwrap();
    assert_ne!(changed, library);
    assert_eq!(fs::read_dir(dir.path().join("cache")).unwrap().count(), 2, "nothing unfinished is left");
}

#[test]
fn a_change_in_an_included_file_is_a_new_model() {
    let (dir, compiler) = bench();
    let source = model(
        dir.path(),
        &CONDUCTANCE.replace("g * V", "`FACTOR * g * V").replacen('\n', "\n`include \"f.inc\"\n", 1),
    );
    let mut libraries = Vec::new();
    for factor in ["1", "3"] {
        fs::write(dir.path().join("f.inc"), format!("`define FACTOR {factor}\n")).unwrap();
        libraries.push(compiler.compile(&source).unwrap());
    }
    let run = with_model(&libraries[1], "g=1e-3").run(&va()).unwrap();
    assert_close(run.plots[0].voltage("out").unwrap()[0], 0.75, 1e-15);
    assert_ne!(libraries[0], libraries[1]);
}

#[test]
fn a_model_with_a_warning_or_an_error_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let compiler = OpenVaf::find(dir.path().join("cache")).unwrap();
    let warned = CONDUCTANCE.replace("g * V(p, n)", "ddx(g * V(p, n), V(p, n)) * V(p, n)");
    let bus = CONDUCTANCE.replace("electrical p", "electrical [0:1] p");
    for (text, part) in [
        (warned, "is not standard compliant"),
        (bus, "unexpected token '['"),
        ("x".into(), "unexpected token"),
    ] {
        let error = compiler.compile(&model(dir.path(), &text)).unwrap_err();
        assert!(matches!(error, Error::Compile { .. }), "{error}");
        let error = error.to_string();
        assert!(error.contains(part) && error.contains("cond.va") && !error.contains('\u{1b}'), "{error}");
    }
    assert_eq!(fs::read_dir(dir.path().join("cache")).unwrap().count(), 0);
}

#[test]
fn a_deck_that_loads_verilog_a_needs_a_compiler_and_a_clean_model() {
    let bench = with_model(Path::new("cond.va"), "g=3e-3").with("cond.va", CONDUCTANCE);
    let error = bench.run(&va()).unwrap_err().to_string();
    assert!(error.contains("`compiling`"), "{error}");
    let compiling = va().compiling(OpenVaf::find(bench.dir.path().join("cache")).unwrap());
    for (text, wanted) in [(CONDUCTANCE, 0.75), (&CONDUCTANCE.replace("g * V", "3 * g * V"), 0.9)] {
        fs::write(bench.dir.path().join("cond.va"), text).unwrap();
        assert_close(bench.run(&compiling).unwrap().plots[0].voltage("out").unwrap()[0], wanted, 1e-15);
    }
    let bench =
        bench.with("cond.va", &CONDUCTANCE.replace("g * V(p, n)", "ddx(g * V(p, n), V(p, n)) * V(p, n)"));
    assert!(matches!(bench.run(&compiling), Err(Error::Compile { .. })));
}

#[test]
fn what_a_model_prints_is_heard() {
    let dir = tempfile::tempdir().unwrap();
    let compiler = OpenVaf::find(dir.path().join("cache")).unwrap();
    let saying = |what: &str| {
        let said = format!("analog begin {what}; I(p, n) <+ g * V(p, n); end");
        let text = CONDUCTANCE.replace("analog I(p, n) <+ g * V(p, n);", &said);
        with_model(&compiler.compile(&model(dir.path(), &text)).unwrap(), "g=1e-3").run(&va())
    };
    assert!(saying("$strobe(\"hello\")").unwrap().log.contains("hello"));
    assert!(saying("$info(\"hello\")").unwrap().log.contains("hello"));
    assert!(reason(saying("$warning(\"look out\")")).contains("look out"));
    assert!(reason(saying("$error(\"no good\")")).contains("no good"));
    let plain = compiler.compile(&model(dir.path(), CONDUCTANCE)).unwrap();
    assert!(reason(with_model(&plain, "g=-1e-3").run(&va())).contains("out of bounds"));
}
