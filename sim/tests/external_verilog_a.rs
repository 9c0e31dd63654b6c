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

/// The model in words that OpenVAF warns of.
fn warned() -> String {
    CONDUCTANCE.replace("g * V(p, n)", "ddx(g * V(p, n), V(p, n)) * V(p, n)")
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
    assert_close(divide(&vacask(), dir.path(), &library, "g=3e-3").unwrap().0, 0.75);

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
    let text = CONDUCTANCE.replace("g * V", "`FACTOR * g * V").replacen('\n', "\n`include \"f.inc\"\n", 1);
    let source = model(dir.path(), &text);
    let mut libraries = Vec::new();
    for factor in ["1", "3"] {
        fs::write(dir.path().join("f.inc"), format!("`define FACTOR {factor}\n")).unwrap();
        libraries.push(compiler.compile(&source).unwrap());
    }
    assert_ne!(libraries[0], libraries[1]);
    assert_close(divide(&vacask(), dir.path(), &libraries[1], "g=1e-3").unwrap().0, 0.75);
}

#[test]
fn a_model_with_a_warning_or_an_error_is_refused() {
    let (dir, compiler) = bench();
    let bus = CONDUCTANCE.replace("electrical p", "electrical [0:1] p");
    for (text, part) in [
        (warned().as_str(), "is not standard compliant"),
        (&bus, "unexpected token '['"),
        ("x", "unexpected token"),
    ] {
        let error = compiler.compile(&model(dir.path(), text)).unwrap_err();
        assert!(matches!(error, Error::Compile { .. }), "{error}");
        let error = error.to_string();
        assert!(error.contains(part) && error.contains("cond.va") && !error.contains('\u{1b}'), "{error}");
    }
    assert_eq!(fs::read_dir(dir.path().join("cache")).unwrap().count(), 0);
}

#[test]
fn a_deck_that_loads_verilog_a_needs_a_compiler_and_a_clean_model() {
    let (dir, compiler) = bench();
    let run = |engine: &Vacask, text: &str| {
        model(dir.path(), text);
        divide(engine, dir.path(), Path::new("cond.va"), "g=3e-3")
    };
    let error = run(&vacask(), CONDUCTANCE).unwrap_err().to_string();
    assert!(error.contains("`compiling`"), "{error}");
    let compiling = vacask().compiling(compiler);
    assert_close(run(&compiling, CONDUCTANCE).unwrap().0, 0.75);
    assert_close(run(&compiling, &CONDUCTANCE.replace("g * V", "3 * g * V")).unwrap().0, 0.9);
    assert!(matches!(run(&compiling, &warned()), Err(Error::Compile { .. })));
}

#[test]
fn models_of_included_files_are_compiled_too() {
    let (dir, compiler) = bench();
    let (models, deck) = (dir.path().join("models"), dir.path().join("run/deck.sim"));
    for folder in ["models", "cells", "run"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    fs::write(dir.path().join("cells/g.inc"), "// cells\nload \"../models/cond.va\"\nmodel g cond\n")
        .unwrap();
    let circuit = "ground 0\nmodel i isource\ni1 (0 out) i dc=1\nx1 (out 0) g g=4\n";
    let control = "control\n abort always\n options rawfile=\"binary\"\n analysis op1 op\nendc\n";
    fs::write(&deck, format!("a deck\ninclude \"../cells/g.inc\"\n{circuit}{control}")).unwrap();
    let compiling = vacask().compiling(compiler);
    model(&models, CONDUCTANCE);
    let run = compiling.run(&deck, &Limits::default()).unwrap();
    assert_close(run.plots[0].voltage("out").unwrap()[0], 0.25);
    model(&models, &warned());
    assert!(matches!(compiling.run(&deck, &Limits::default()), Err(Error::Compile { .. })));
}

#[test]
fn what_a_model_prints_is_heard() {
    let (dir, compiler) = bench();
    let saying = |what: &str| {
        let said = format!("analog begin {what}; I(p, n) <+ g * V(p, n); end");
        let text = CONDUCTANCE.replace("analog I(p, n) <+ g * V(p, n);", &said);
        divide(&vacask(), dir.path(), &compiler.compile(&model(dir.path(), &text)).unwrap(), "g=1e-3")
    };
    assert!(saying("$strobe(\"hello\")").unwrap().1.log.contains("hello"));
    assert!(saying("$info(\"hello\")").unwrap().1.log.contains("hello"));
    assert!(reason(saying("$warning(\"look out\")")).contains("look out"));
    assert!(reason(saying("$error(\"no good\")")).contains("no good"));
    let plain = compiler.compile(&model(dir.path(), CONDUCTANCE)).unwrap();
    assert!(reason(divide(&vacask(), dir.path(), &plain, "g=-1e-3")).contains("out of bounds"));
}
