//! Names that strangers chose (of weights, images, classes, tensors) in everything that the command writes and says:
//! no simulator, browser or terminal takes them for more than text.

#[path = "strangers/browser.rs"]
mod browser;
mod common;
#[path = "../../network/tests/common/mod.rs"]
mod networks;

use common::{cifar10, files, memloom, succeeds};
use memloom_codegen::{visible, visible_lines};
use memloom_sim::external::Program;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// What a run of a name would leave behind.
const CANARY: &str = "canary";
/// Runs in `ngspice -b` where a line ends at its line ends; then in VACASK.
const COMMANDS: &str =
    "\n.control\nshell touch canary\nquit\n.endc\ncontrol\n  postprocess(\"touch\", \"canary\")\nendc\n";
/// Runs in a browser that takes it for HTML.
const MARKUP: &str = "</script><img src=x onerror=document.title='owned'>";

/// Every control character of ASCII, NEL, separators, marks of direction, quotes.
fn controls() -> String {
    let ascii: String = (1..0x20_u8).chain([0x7f]).map(char::from).collect();
    format!("{ascii}\u{85}\u{9b}31m\u{2028}\u{2029}\u{200f}\u{202e}\u{feff}'\"`*$;\\")
}

/// All of it; a file's name has no `/`.
fn hostile() -> String {
    format!("net{COMMANDS}{}{}", MARKUP.replace("</script>", ""), controls())
}

/// A network of a few thousand weights, under a hostile name and with hostile classes, in `folder`; gives its file.
fn network(folder: &Path) -> String {
    let mut dict = networks::state_dict(&networks::TINY, 4, 7, 9, 10);
    // No layer is silent on every image.
    let biases = dict.iter_mut().filter(|(name, ..)| name.ends_with("fc1.bias"));
    biases.for_each(|(.., values)| values.iter_mut().for_each(|x| *x = 1.0 + x.abs()));
    let file = format!("{}.safetensors", hostile());
    let weights = folder.join(&file);
    fs::write(&weights, networks::safetensors(&dict, &networks::metadata("3x32x32"))).unwrap();
    let classes: Vec<String> = (0..10).map(|k| format!("c{k}{MARKUP}{}{COMMANDS}", controls())).collect();
    fs::write(weights.with_extension("json"), serde_json::json!({ "classes": classes }).to_string()).unwrap();
    file
}

/// Text with nothing in it that a terminal or an editor would act on.
fn is_plain(what: &str, text: &str) {
    let shown = visible_lines(text);
    let bad = text.contains('\t') || shown != text;
    assert!(!bad, "{what} is no plain text:\n{shown}");
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// Runs the command and expects success and plain text; gives standard output.
fn plain(folder: &Path, args: &[&str]) -> String {
    let output = memloom(folder).args(args).output().unwrap();
    let (out, err) = said(&output);
    assert!(output.status.success(), "{err}");
    is_plain(args[0], &out);
    is_plain(args[0], &err);
    out
}

/// As [`plain`], of `--json`.
fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&plain(folder, &[args, &["--json"]].concat())).unwrap()
}

fn simulated(folder: &Path, program: Program, args: &[&str], deck: &Path) {
    let output =
        Command::new(program.find().unwrap()).args(args).arg(deck).current_dir(folder).output().unwrap();
    assert!(!folder.join(CANARY).exists(), "{}: {:?}", deck.display(), said(&output));
}

#[test]
fn a_build_of_a_hostile_name_is_text_in_every_file() {
    let work = tempfile::tempdir().unwrap();
    let file = network(work.path());
    plain(work.path(), &["build", &file, "--out", "one"]);
    let manifest = json(work.path(), &["build", &file, "--out", "two"]);
    assert_eq!(manifest["model"]["name"], hostile().as_str());
    assert!(manifest["model"]["classes"][0].as_str().unwrap().contains(MARKUP));

    let (one, two) = (work.path().join("one"), work.path().join("two"));
    assert_eq!(files(&one), files(&two));
    for path in files(&one) {
        let text = fs::read_to_string(one.join(&path)).unwrap();
        assert_eq!(text, fs::read_to_string(two.join(&path)).unwrap(), "{path}");
        is_plain(&path, &text);
    }
    for deck in ["spice/ngspice/top.cir", "spice/ngspice/cells.cir", "testbench/ngspice/dc_stem.cir"] {
        simulated(&one, Program::Ngspice, &["-b"], Path::new(deck));
    }
    for deck in ["spice/vacask/top.sim", "testbench/vacask/dc_stem.sim"] {
        simulated(&one, Program::Vacask, &["-qp"], Path::new(deck));
    }
    browser::shows_as_text(&one.join("report.html"), &visible(&hostile()));
}

#[test]
fn commands_say_hostile_names_as_text() {
    let work = tempfile::tempdir().unwrap();
    let file = network(work.path());
    let image = format!("{}.png", hostile());
    let picture = image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([8 * x as u8, 8 * y as u8, 99]));
    picture.save(work.path().join(&image)).unwrap();

    plain(work.path(), &["plan", &file]);
    json(work.path(), &["plan", &file]);
    let text = plain(work.path(), &["run", &image, "--model", &file]);
    assert!(text.contains("\\u{1b}") && text.contains("\\u{a}.control"), "{text}");
    let found = json(work.path(), &["run", &image, "--model", &file]);
    let class = found["circuit"]["class"].as_str().unwrap();
    assert!(class.contains('\u{9b}') && class.contains('\u{202e}') && class.contains(COMMANDS), "{class:?}");

    let batch = work.path().join(format!("{}.bin", hostile()));
    let images = fs::read(cifar10("test_batch.bin")).unwrap();
    fs::write(&batch, &images[..3 * 3073]).unwrap();
    let batch = batch.to_str().unwrap();
    plain(work.path(), &["run", batch, "--count", "3", "--model", &file]);
    plain(work.path(), &["calibrate", &file, "--images", batch, "--out", "tiny.ranges.json"]);
    let ranges = fs::read_to_string(work.path().join("tiny.ranges.json")).unwrap();
    is_plain("ranges", &ranges);
    let text = plain(work.path(), &["build", &file, "--ranges", "tiny.ranges.json"]);
    assert!(text.contains("3 images of net\\u{a}.control"), "{text}");
}

#[test]
fn evaluations_and_sweeps_say_hostile_names_as_text() {
    let work = tempfile::tempdir().unwrap();
    let file = network(work.path());
    let batch = cifar10("test_batch.bin");
    let images = ["--model", &file, "--cifar10", batch.to_str().unwrap(), "--count", "2"];
    let text = plain(work.path(), &[&["eval"], &images[..]].concat());
    assert!(text.contains("\\u{a}.control"), "{text}");
    let found = json(work.path(), &[&["eval"], &images[..]].concat());
    assert!(found["classes"][1].as_str().unwrap().contains(COMMANDS));
    let sweep = ["sweep", "--vary", "gain=1000,10000", "--out", "s.parquet"];
    plain(work.path(), &[&sweep[..], &images].concat());
    let page = work.path().join("s.html");
    is_plain("s.html", &fs::read_to_string(&page).unwrap());
    browser::shows_as_text(&page, &visible(&hostile()));
}

#[test]
fn errors_say_hostile_names_as_text() {
    let work = tempfile::tempdir().unwrap();
    let escape = "x\u{1b}]0;OWNED\u{7}\u{1b}[2J\u{9b}31m\u{202e}\r\u{2028}";
    let mut dict = networks::tiny();
    dict.push((format!("{escape}\nerror: all is well"), vec![1], vec![0.0]));
    fs::write(
        work.path().join("net.safetensors"),
        networks::safetensors(&dict, &networks::metadata("3x32x32")),
    )
    .unwrap();
    fs::write(work.path().join(format!("{escape}.csv")), "no,such,columns\n1,2,3\n").unwrap();
    let missing = format!("{escape}.safetensors");
    let data = format!("{escape}.csv");
    for args in [
        &["build", "net.safetensors"][..],
        &["build", &missing],
        &["build", "--technology", escape],
        &["build", "--tile", escape],
        &["build", "--deny", escape],
        &["run", escape],
        &["check", "--engine", "ngspice", "--layers", escape],
        &["fit", &data, "--model", "vteam"],
        &["fit", &data, "--model", escape],
        &["program", "--model", "vteam", "--target", escape],
        &["sweep", "--vary", escape],
        &[escape],
        &["--threads", escape],
    ] {
        let output = memloom(work.path()).args(args).output().unwrap();
        let (out, err) = said(&output);
        assert!(!output.status.success(), "{args:?}: {out}");
        assert!(err.starts_with("error: "), "{args:?}: {err}");
        is_plain("stdout", &out);
        is_plain("stderr", &err);
        assert!(!err.contains("\nerror: all is well"), "{err}");
    }
    // Help is not an error, and ends well.
    assert!(succeeds(work.path(), &["--help"]).contains("Usage"));
}
