//! `memloom fit` as a user runs it.

mod common;

use common::{fails, files, memloom, succeeds};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What all fits here are told.
const FIT: [&str; 8] = ["fit", "device.csv", "--model", "vteam", "--set", "magic", "--fix", "d=3nm"];

/// Writes `folder/device.csv`: the documentation's example, whose parameters are known.
fn measure(folder: &Path) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fitting/device.csv");
    fs::copy(example, folder.join("device.csv")).unwrap();
}

/// The parameters of the example's device.
const TRUE: [(&str, f64); 8] = [
    ("k_off", 6e-5),
    ("k_on", -9e-5),
    ("alpha_off", 3.0),
    ("alpha_on", 2.0),
    ("v_off", 0.4),
    ("v_on", -0.55),
    ("r_on", 2e3),
    ("r_off", 12e3),
];

#[test]
fn a_measured_device_is_recovered_and_drawn_the_same_on_any_thread() {
    let work = tempfile::tempdir().unwrap();
    measure(work.path());
    let run = |threads: &str, to: &str| {
        let (out, plot) = (format!("{to}/fit.json"), format!("{to}/fit.svg"));
        let more = [
            "--fix",
            "alpha_off=3",
            "--fix",
            "alpha_on=2",
            "--out",
            &out,
            "--plot",
            &plot,
            "--threads",
            threads,
        ];
        succeeds(work.path(), &[&FIT[..], &more].concat())
    };
    let (one, three) = (run("1", "one"), run("3", "three"));
    assert_eq!(one, three);
    for file in ["fit.json", "fit.svg"] {
        let bytes = |folder: &str| fs::read(work.path().join(folder).join(file)).unwrap();
        assert!(bytes("one") == bytes("three"), "{file}");
    }
    assert!(one.contains("`vteam` describes the data") && one.contains("model = vteam(k_off = "), "{one}");
    let text = fs::read_to_string(work.path().join("one/fit.json")).unwrap();
    let fit: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(fit["describes"], true);
    assert!((fit["noise"].as_f64().unwrap() / 0.005 - 1.0).abs() < 0.15, "{}", fit["noise"]);
    let parameters = fit["parameters"].as_array().unwrap();
    for (name, wanted) in TRUE {
        let found = parameters.iter().find(|p| p["name"] == name).unwrap()["value"].as_f64().unwrap();
        assert!((found / wanted - 1.0).abs() < 0.05, "{name} = {found:e} for {wanted:e}");
    }
    let plot = fs::read_to_string(work.path().join("one/fit.svg")).unwrap();
    assert!(plot.starts_with("<svg") && plot.contains("voltage, V") && plot.contains("measured"));
}

#[test]
fn a_model_that_does_not_describe_the_data_is_an_error_after_the_report() {
    let work = tempfile::tempdir().unwrap();
    let mut text = String::from("t,v,i\n");
    for k in 0..200 {
        let (t, v) = (f64::from(k) * 1e-5, (f64::from(k) * 0.1).sin());
        writeln!(text, "{t:e},{v:e},{:e}", 1e-9 * ((v / 0.1).exp() - 1.0)).unwrap();
    }
    fs::write(work.path().join("device.csv"), text).unwrap();
    let args = [&FIT[..], &["--out", "fit.json", "--json"]].concat();
    let output = memloom(work.path()).args(&args).output().unwrap();
    let message = common::failed(&output);
    assert!(message.contains("`vteam` does not describe the data") && message.contains("try another model"));
    let fit: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(fit["describes"], false);
    assert_eq!(files(work.path()), ["device.csv", "fit.json"]);
    let output = memloom(work.path()).args(FIT).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    let last: Vec<_> = report.lines().rev().take(2).collect();
    assert!(
        last[0].starts_with("model = vteam(") && last[1].starts_with("quality: poor, the residual"),
        "{report}"
    );
    assert_eq!((&fit["quality"], &fit["accept"]), (&"poor".into(), &Value::Null));
    assert!(fit["attribute"].as_str().unwrap().starts_with("model = vteam("), "{fit}");

    // What the message says to write is what accepts it.
    let flag = message.split('`').find_map(|part| part.strip_prefix("--accept ")).unwrap().to_owned();
    let args = [&FIT[..], &["--json", "--accept", &flag]].concat();
    let fit: Value = serde_json::from_str(&succeeds(work.path(), &args)).unwrap();
    assert_eq!((&fit["quality"], &fit["describes"]), (&"accepted".into(), &false.into()));
    assert!(fit["residual"].as_f64().unwrap() <= fit["accept"].as_f64().unwrap(), "{fit}");
    let message = fails(work.path(), &[&FIT[..], &["--accept", "0.1%"]].concat());
    assert!(message.contains("more than the 0.10 % that are accepted"), "{message}");
}

/// The documentation's example as instruments write it: other names, units, separators, none of a header.
#[test]
fn files_of_instruments_are_the_same_measurement() {
    let example =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fitting/device.csv")).unwrap();
    let rows: Vec<[f64; 3]> = example
        .lines()
        .filter(|line| !line.starts_with(['#', 't']))
        .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect::<Vec<f64>>().try_into().unwrap())
        .collect();
    let work = tempfile::tempdir().unwrap();
    // Few free parameters: the point is the file.
    let fit = |name: &str, text: &str, more: &[&str]| -> Value {
        fs::write(work.path().join(name), text).unwrap();
        let known = ["--fix", "d=3nm", "--fix", "alpha_off=3", "--fix", "alpha_on=2", "--fix", "k_off=6e-5"];
        let known =
            [&known[..], &["--fix", "k_on=-9e-5", "--fix", "v_off=0.4V", "--fix", "v_on=-0.55V"]].concat();
        let args =
            [&["fit", name, "--model", "vteam", "--set", "magic", "--json"], &known[..], more].concat();
        serde_json::from_str(&succeeds(work.path(), &args)).unwrap()
    };
    let text = |head: &str, row: &dyn Fn(&[f64; 3]) -> String| {
        let rows: Vec<String> = rows.iter().map(row).collect();
        format!("{head}{}\n", rows.join("\n"))
    };
    let plain = fit("plain.csv", &example, &[]);
    assert_eq!(
        plain["columns"][2],
        serde_json::json!({ "quantity": "current", "column": "current", "unit": "A" })
    );
    let smu =
        text("Item,Smu1.Time[1][1],Smu1.V[1][1],Smu1.I[1][1],\n", &|[t, v, i]| format!("1,{t},{v},{i},"));
    let keysight = text("Setup,IV\nTime (ms);Voltage (V);Current (uA)\n", &|[t, v, i]| {
        format!("{};{v};{}", t * 1e3, i * 1e6).replace('.', ",")
    });
    let bare = text("", &|[t, v, i]| format!("{v}\t{}\t{}", i * 1e6, t * 1e3));
    for (name, text, more) in [
        ("smu.csv", &smu, &[][..]),
        ("keysight.csv", &keysight, &[]),
        ("bare.txt", &bare, &["--columns", "time=3:ms,voltage=1,current=2:uA"]),
    ] {
        let found = fit(name, text, more);
        for (a, b) in
            found["parameters"].as_array().unwrap().iter().zip(plain["parameters"].as_array().unwrap())
        {
            let (name, a, b) = (&a["name"], a["value"].as_f64().unwrap(), b["value"].as_f64().unwrap());
            assert!((a / b - 1.0).abs() < 1e-3, "{name}: {a:e} for {b:e} in {text:.80}");
        }
    }
    let said = fails(work.path(), &["fit", "bare.txt", "--model", "vteam"]);
    assert!(said.contains("line 1: no header") && said.contains("--columns time=1"), "{said}");
    let said = fails(work.path(), &["fit", "smu.csv", "--model", "vteam", "--columns", "current=Smu1.Q"]);
    assert!(said.contains("no column `Smu1.Q` for `current` among `Item`, `Smu1.Time[1][1]`"), "{said}");
    let said = fails(work.path(), &["fit", "smu.csv", "--model", "vteam", "--columns", "power=P"]);
    assert!(said.contains("--columns: `power` is no column of a measurement"), "{said}");
}

/// These 40 rows without noise took more than a minute.
#[test]
fn a_fit_is_bounded_by_counted_work_and_says_what_it_left_out() {
    let work = tempfile::tempdir().unwrap();
    let mut text = String::from("t,v,i\n");
    for k in 0..40 {
        let (t, v) = (f64::from(k) * 1e-3, 0.5 * (f64::from(k) * 0.25).sin());
        writeln!(text, "{t:e},{v:e},{:e}", 1e-4 * v * (1.2 + (f64::from(k) * 0.25).cos())).unwrap();
    }
    fs::write(work.path().join("device.csv"), text).unwrap();
    let run = |more: &[&str]| {
        let args = [&["fit", "device.csv", "--model", "simmons", "--json"], more].concat();
        let output = memloom(work.path()).args(args).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let fit = run(&["--time-limit", "1ms"]);
    let left = &fit["unfinished"];
    assert!(
        left["untried_starts"].as_u64().unwrap() > 0 && left["stopped_descents"].as_u64().unwrap() > 0,
        "{fit}"
    );
    assert!(
        fit["verdict"].as_str().unwrap().contains("`simmons`")
            && fit["evaluations"].as_u64().unwrap() < 5_000_000
    );
    let args = ["fit", "device.csv", "--model", "simmons", "--time-limit", "1 ms"];
    let output = memloom(work.path()).args(args).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.contains("the best so far, after ") && report.contains("starts were not tried"),
        "{report}"
    );
    assert_eq!(output.status.code(), Some(if fit["describes"] == true { 0 } else { 1 }), "the verdict's");
}

/// Fits a file of 30 rows with row `row` (line `row + 2`) replaced; the message must name the file and say `parts`.
fn refused(row: usize, text: &str, parts: &[&str]) {
    let rows = (0..30).map(|k| match k == row {
        true => text.to_owned(),
        false => format!("{k}e-3,{},{k}e-6", f64::from(k as u32) / 30.0),
    });
    let rows: Vec<String> = std::iter::once("time,voltage,current".to_owned()).chain(rows).collect();
    refused_file(&rows.join("\n"), parts);
}

fn refused_file(text: &str, parts: &[&str]) {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("device.csv"), text).unwrap();
    let message = fails(work.path(), &[&FIT[..], &["--out", "fit.json", "--plot", "fit.svg"]].concat());
    assert!(message.contains("`device.csv`"), "{message}");
    parts.iter().for_each(|part| assert!(message.contains(part), "`{part}` is not in: {message}"));
    assert_eq!(files(work.path()), ["device.csv"], "nothing is left behind");
}

#[test]
fn mistakes_in_a_file_name_their_line() {
    refused(5, "5e-3,ten,5e-6", &["line 7: `ten`", "`voltage`"]);
    refused(5, "5e-3,0.1,NaN", &["line 7: `NaN`", "`current`", "finite"]);
    refused(5, "inf,0.1,1e-6", &["line 7: `inf`", "`time`"]);
    refused(5, "5e-3,0.1", &["line 7", "no value for `current`"]);
    refused(5, "4e-3,0.1,1e-6", &["line 7: time `0.004` does not come after `0.004`", "sort the rows"]);
    refused(5, "1e-3,0.1,1e-6", &["line 7: time", "sort the rows"]);
    refused(5, "5e-3,1e4,1e-6", &["line 7: voltage `10000`", "10 V"]);
    refused(0, "\"0,0,0", &["line 2: `0,0,0` is no value for `time`"]);
    refused_file("", &["no column `time`", "`time,voltage,current`"]);
    refused_file("time,volts,current\n0,0,0\n", &["line 1: no column `voltage` among `time`, `volts`"]);
    refused_file("t,v,i,I\n0,0,0,0\n", &["line 1: two columns `current`"]);
    refused_file("t,v,i\n0,0,0\n", &["1 rows", "at least 20"]);
}

#[test]
fn files_that_are_none() {
    let work = tempfile::tempdir().unwrap();
    assert!(fails(work.path(), &FIT).contains("`device.csv`: No such file"));
    fs::create_dir(work.path().join("device.csv")).unwrap();
    assert!(fails(work.path(), &FIT).contains("`device.csv`: it is a folder"));
    let huge = tempfile::tempdir().unwrap();
    fs::File::create(huge.path().join("device.csv")).unwrap().set_len(1 << 40).unwrap();
    assert!(fails(huge.path(), &FIT).contains("keep at most 100000000"));
    let binary = tempfile::tempdir().unwrap();
    fs::write(binary.path().join("device.csv"), b"t,v,i\n\xff\xfe,1,1\n").unwrap();
    assert!(fails(binary.path(), &FIT).contains("line 2: it is no text"));
}

#[test]
fn names_and_values_that_no_model_has() {
    let work = tempfile::tempdir().unwrap();
    measure(work.path());
    let said = |args: &[&str]| fails(work.path(), &[&["fit", "device.csv"], args].concat());
    for (args, part) in [
        (&["--model", "vtaem"][..], "no model `vtaem`; write `vteam`, or one of `team`, "),
        (&["--model", "vteam", "--set", "magick"], "no set `magick`; write `magic`"),
        (&["--model", "vteam", "--fix", "r_onn"], "no parameter `r_onn`; write `r_on`"),
        (&["--model", "vteam", "--free", "k_of"], "no parameter `k_of`; write `k_off`"),
        (&["--model", "vteam", "--fix", "v_on=1V"], "`v_on = 1e0` of `vteam` is out of range"),
        (&["--model", "vteam", "--fix", "v_on=1ohm"], "`1ohm` is not a voltage"),
        (&["--model", "vteam", "--fix", "x_0=0.5"], "`x_0`"),
        (&["--model", "vteam", "--free", "d", "--fix", "d"], "nothing is free"),
    ] {
        let message = said(args);
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_cannot_be_written_is_not_begun() {
    let work = tempfile::tempdir().unwrap();
    measure(work.path());
    fs::create_dir(work.path().join("folder")).unwrap();
    for target in ["device.csv/fit.svg", "folder", "folder/.."] {
        let args = [&FIT[..], &["--free", "r_on,r_off", "--plot", target]].concat();
        let message = fails(work.path(), &args);
        assert!(message.contains(target), "{message}");
        assert_eq!(files(work.path()), ["device.csv"], "nothing is left behind for {target}");
    }
}
