//! ngspice and VACASK on decks written by hand, against closed forms; and on decks that must fail.

use memloom_sim::external::raw::{self, Plot};
use memloom_sim::external::{Engine, Error, Limits, Ngspice, Program, Run, Vacask};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A directory with a deck in it.
struct Bench {
    dir: TempDir,
    deck: PathBuf,
}

impl Bench {
    fn new(text: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let deck = dir.path().join("deck.cir");
        fs::write(&deck, text).unwrap();
        Self { dir, deck }
    }

    fn with(self, name: &str, text: &str) -> Self {
        fs::write(self.dir.path().join(name), text).unwrap();
        self
    }

    fn run(&self, engine: &dyn Engine) -> Result<Run, Error> {
        engine.run(&self.deck, &Limits { time: Duration::from_secs(60), ..Limits::default() })
    }
}

/// An ngspice deck: elements, then commands.
fn ngspice(elements: &str, commands: &str) -> Bench {
    let head = "* a deck\n";
    Bench::new(&format!("{head}{elements}\n.control\nset filetype=binary\n{commands}\nquit\n.endc\n.end\n"))
}

/// A VACASK deck: instances, then commands.
fn vacask(instances: &str, commands: &str) -> Bench {
    let loads = "ground 0\nload \"resistor.osdi\"\nload \"capacitor.osdi\"\n";
    let models = "model r resistor\nmodel c capacitor\nmodel v vsource\nmodel i isource\nmodel e vcvs\n";
    let control = format!("control\n  abort always\n  options rawfile=\"binary\"\n{commands}\nendc\n");
    Bench::new(&format!("a deck\n{loads}{models}{instances}\n{control}"))
}

fn ng() -> Ngspice {
    Ngspice::find().unwrap()
}

fn va() -> Vacask {
    Vacask::find().unwrap()
}

#[track_caller]
fn assert_close(found: f64, wanted: f64, relative: f64) {
    assert!((found - wanted).abs() <= relative * wanted.abs(), "found {found}, wanted {wanted}");
}

/// The reason of a failed run.
#[track_caller]
fn reason(run: Result<Run, Error>) -> String {
    match run {
        Err(Error::Failed { reason, .. }) => reason,
        Err(other) => panic!("another error: {other}"),
        Ok(run) => panic!("it passed: {:?}\n{}", run.plots, run.log),
    }
}

#[test]
fn every_program_is_found_and_has_a_version() {
    for program in [Program::Ngspice, Program::Vacask, Program::OpenVaf] {
        let version = program.version(&program.find().unwrap()).unwrap();
        assert!(version.contains(|c: char| c.is_ascii_digit()), "{program:?} {version:?}");
    }
    assert_eq!(va().version().unwrap(), Program::Vacask.version(&Program::Vacask.find().unwrap()).unwrap());
}

#[test]
fn a_program_of_another_kind_has_no_version() {
    let error = Program::Ngspice.version(Path::new("/bin/true")).unwrap_err().to_string();
    assert!(error.contains("reports no version"), "{error}");
}

#[test]
fn divider_to_the_last_digits() {
    let in_ngspice =
        ngspice("v1 in 0 1\nr1 in Out 1e3\nr2 Out 0 2e3", "op\nwrite a.raw all").run(&ng()).unwrap();
    let instances = "v1 (in 0) v dc=1\nr1 (in out) r r=1e3\nr2 (out 0) r r=2e3";
    let in_vacask = vacask(instances, "analysis op1 op").run(&va()).unwrap();
    for run in [&in_ngspice, &in_vacask] {
        assert_eq!((run.plots.len(), run.plots[0].points), (1, 1));
        assert_close(run.plots[0].voltage("out").unwrap()[0], 2.0 / 3.0, 1e-15);
        assert!(run.wall > Duration::ZERO && !run.log.is_empty());
    }
}

#[test]
fn an_analysis_card_alone_is_run_in_batch_mode() {
    let bench = Bench::new("* plain\nv1 in 0 1\nr1 in out 1e3\nr2 out 0 1e3\n.dc v1 0 2 0.5\n.end\n");
    let run = bench.run(&ng()).unwrap();
    assert_eq!(run.plots[0].voltage("out").unwrap(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert!(bench.dir.path().join("deck.raw").exists());
}

/// 1 - exp(-t / RC), RC = 1 ms, after a step.
fn assert_charges(plot: &Plot) {
    let (time, out) = (plot.real("time").unwrap(), plot.voltage("out").unwrap());
    assert!(time.len() > 100 && (time[time.len() - 1] - 5e-3).abs() < 1e-9, "{} points", time.len());
    let worst = time.iter().zip(out).map(|(t, v)| (v - (1.0 - (-t / 1e-3).exp())).abs()).fold(0.0, f64::max);
    assert!(worst < 2e-4, "off by {worst} V");
}

#[test]
fn rc_charges_as_it_should() {
    let elements = "v1 in 0 dc 0 pulse(0 1 0 1n 1n 1 2)\nr1 in out 1e3\nc1 out 0 1e-6";
    let run = ngspice(elements, "tran 1e-5 5e-3 0 1e-5\nwrite a.raw v(in) v(out)").run(&ng()).unwrap();
    assert_charges(&run.plots[0]);
    let source = "v1 (in 0) v dc=0 type=\"pulse\" val0=0 val1=1 delay=0 rise=1n fall=1n width=1 period=2";
    let instances = format!("{source}\nr1 (in out) r r=1e3\nc1 (out 0) c c=1e-6");
    let run = vacask(&instances, "analysis t1 tran step=1e-5 stop=5e-3 maxstep=1e-5").run(&va()).unwrap();
    assert_charges(&run.plots[0]);
}

#[test]
fn rc_turns_the_phase_at_its_corner() {
    let elements = "v1 in 0 dc 0 ac 1\nr1 in out 1e3\nc1 out 0 1e-6";
    let run = ngspice(elements, "ac lin 1 159.15494309189535 159.15494309189535\nwrite a.raw v(out)")
        .run(&ng())
        .unwrap();
    let raw::Values::Complex(values) = &run.plots[0].vector("v(out)").unwrap().values else {
        panic!("no complex")
    };
    assert_close(values[0][0], 0.5, 1e-12);
    assert_close(values[0][1], -0.5, 1e-12);
}

/// Output of a TIA of gain `a`: the column current through `r_f`, less what the virtual ground is off.
fn tia(current: f64, r_f: f64, g: f64, a: f64) -> f64 {
    -current * r_f / (1.0 + (1.0 + r_f * g) / a)
}

#[test]
fn tia_of_finite_gain_over_swept_vectors() {
    let (g, r_f, a) = ([20e-6, 50e-6], 10e3, 1e4);
    let wanted = |k: usize| tia(0.1 * k as f64 * g[0] + 0.05 * g[1], r_f, g[0] + g[1], a);
    let elements = "v1 a 0 0\nv2 b 0 0.05\nr1 a s 5e4\nr2 b s 2e4\nrf s out 1e4\ne1 out 0 0 s 1e4";
    let in_ngspice = ngspice(elements, "dc v1 0 0.2 0.1\nwrite a.raw v(out)").run(&ng()).unwrap();
    let resistors = "r1 (a s) r r=5e4\nr2 (b s) r r=2e4\nrf (s out) r r=1e4";
    let instances = format!("v1 (a 0) v dc=0\nv2 (b 0) v dc=0.05\n{resistors}\ne1 (out 0 0 s) e gain=1e4");
    let sweep =
        "sweep k instance=\"v1\" parameter=\"dc\" from=0 to=0.2 mode=\"lin\" points=2\n analysis dc1 op";
    let in_vacask = vacask(&instances, sweep).run(&va()).unwrap();
    for run in [in_ngspice, in_vacask] {
        let out = run.plots[0].voltage("out").unwrap();
        assert_eq!(out.len(), 3);
        out.iter().enumerate().for_each(|(k, v)| assert_close(*v, wanted(k), 1e-11));
    }
}

#[test]
fn several_plots_and_files_come_back_in_order() {
    let commands =
        "op\nwrite a.raw all\nset appendwrite\ndc v1 0 1 0.5\nwrite a.raw all\nop\nwrite b.raw v(in)";
    let bench = ngspice("v1 in 0 1\nr1 in 0 1e3", commands);
    for _ in 0..2 {
        let run = bench.run(&ng()).unwrap();
        let points: Vec<_> = run.plots.iter().map(|plot| plot.points).collect();
        assert_eq!(points, [1, 3, 1], "files of an earlier run are not read again");
    }
    let sweep = "sweep k instance=\"v1\" parameter=\"dc\" from=0 to=1 mode=\"lin\" points=2\n analysis b op";
    let run =
        vacask("v1 (in 0) v dc=1\nr1 (in 0) r r=1e3", &format!("analysis a op\n{sweep}")).run(&va()).unwrap();
    assert_eq!(run.plots.iter().map(|plot| plot.points).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn ascii_files_are_read_too() {
    let bench = Bench::new(
        "* a\nv1 in 0 0.1\nr1 in 0 1\n.control\nset filetype=ascii\nop\nwrite a.raw all\nquit\n.endc\n.end\n",
    );
    assert_eq!(bench.run(&ng()).unwrap().plots[0].voltage("in").unwrap(), [0.1]);
    let bench = vacask("v1 (in 0) v dc=0.1\nr1 (in 0) r r=1", "options rawfile=\"ascii\"\nanalysis a op");
    assert_eq!(bench.run(&va()).unwrap().plots[0].voltage("in").unwrap(), [0.1]);
}

#[test]
fn ngspice_refuses_what_it_did_not_solve() {
    let op = "op\nwrite a.raw all";
    for (what, elements, commands, part) in [
        ("voltage loop", "v1 in 0 1\nv2 in 0 2\nr1 in 0 1k", op, "singular matrix:  check node v1#branch"),
        (
            "floating node",
            "v1 in 0 1\nr1 in 0 1k\nc1 a in 1p\ne1 b 0 a 0 1\nr2 b 0 1k",
            op,
            "singular matrix:  check node a",
        ),
        ("unknown subcircuit", "v1 in 0 1\nx1 in 0 nosuch", op, "unknown subckt: x1 in 0 nosuch"),
        ("missing include", ".include nosuch.inc\nv1 in 0 1", op, "Could not find include file nosuch.inc"),
        ("missing value", "v1 in 0 1\nr1 in", op, "r1: resistance to low"),
        ("unknown model", "v1 in 0 1\nd1 in 0 nosuch", op, "can't find model 'nosuch'"),
        ("unknown parameter", "v1 in 0 1\nr1 in 0 {rx}", op, "Netlist line no. 3:"),
        ("name used twice", "v1 in 0 1\nr1 in 0 1k\nr1 in 0 2k", op, "Error on line"),
        ("unknown card", "v1 in 0 1\nr1 in 0 1k\n.nosuch", op, "Error on line"),
        (
            "unknown vector",
            "v1 in 0 1\nr1 in 0 1k",
            "op\nwrite a.raw v(nosuch)",
            "vector nosuch is not available",
        ),
        (
            "unknown command",
            "v1 in 0 1\nr1 in 0 1k",
            "op\nwrite a.raw all\nnosuch",
            "nosuch: no such command",
        ),
        (
            "failed measure",
            "v1 in 0 1\nr1 in 0 1k",
            "op\nwrite a.raw all\nmeas tran x max v(q)",
            "measure limited",
        ),
        ("unreached write", "v1 in 0 1\nr1 in 0 1k", "op\nquit\nwrite a.raw all", "it wrote no rawfile"),
    ] {
        let reason = reason(ngspice(elements, commands).run(&ng()));
        assert!(reason.contains(part), "{what}: {reason}");
    }
}

#[test]
fn vacask_refuses_what_it_did_not_solve() {
    let op = "analysis op1 op";
    let divider = "v1 (in 0) v dc=1\nr1 (in 0) r r=1e3\n";
    for (what, more, commands, part) in [
        ("voltage loop", "v2 (in 0) v dc=2", op, "zero pivot @ node 'v2:flow(br)'"),
        (
            "floating node",
            "c1 (a in) c c=1p\ne1 (b 0 a 0) e gain=1\nr2 (b 0) r r=1k",
            op,
            "Refactorization failed",
        ),
        ("current into nothing", "i1 (a 0) i dc=1u", op, "row node 'a'"),
        ("unknown master", "x1 (in 0) nosuch", op, "Master 'nosuch' not found."),
        ("missing include", "include \"nosuch.inc\"", op, "File not found."),
        ("missing library", "load \"nosuch.osdi\"", op, "File 'nosuch.osdi' not found."),
        ("missing bracket", "r2 (in", op, "Parser syntax error"),
        ("unknown parameter", "r2 (in 0) r q=1", op, "Parameter 'q' not found."),
        ("name used twice", "r1 (in 0) r r=1", op, "An instance with name 'r1' already exists."),
        ("unknown vector", "", "save v(nosuch)\nanalysis op1 op", "Node 'nosuch' not found."),
    ] {
        let reason = reason(vacask(&format!("{divider}{more}"), commands).run(&va()));
        assert!(reason.contains(part), "{what}: {reason}");
    }
}

#[test]
fn vacask_does_not_drop_elements_of_a_spice_file_in_silence() {
    let spice = "* title\nv1 in 0 1\nr1 in 0 1e3\nr2 q 0 1e3\ng1 q 0 cur='1u*v(in)'\n";
    let control = "control\n abort always\n options rawfile=\"binary\"\n analysis op1 op\nendc\n";
    let bench = Bench::new(&format!("a\ninclude \"x.cir\" lang=ngspice\n{control}")).with("x.cir", spice);
    assert!(reason(bench.run(&va())).contains("skipped"));
    let bench = bench.with("x.cir", &spice.replace("cur='1u*v(in)'", "in 0 1e-6"));
    assert_close(bench.run(&va()).unwrap().plots[0].voltage("q").unwrap()[0], -1e-3, 1e-12);
}

#[test]
fn a_deck_that_could_fail_unseen_is_refused() {
    for (text, part) in [
        ("* a\n.control\nop\nwrite a.raw all\n.endc\n.end\n", "`quit`"),
        ("* a\n.control\nop\nquit\n.endc\n.end\n", "writes no results"),
        ("* a\n.control\nwrite\nquit\n.endc\n.end\n", "names no file"),
    ] {
        let error = Bench::new(text).run(&ng()).unwrap_err();
        assert!(matches!(error, Error::Deck { .. }) && error.to_string().contains(part), "{error}");
    }
    for (control, part) in [("analysis op1 op", "abort always"), ("abort always", "runs no analysis")] {
        let error = Bench::new(&format!("a\ncontrol\n {control}\nendc\n")).run(&va()).unwrap_err();
        assert!(matches!(error, Error::Deck { .. }) && error.to_string().contains(part), "{error}");
    }
    let error = ng().run(Path::new("/no/such.cir"), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

#[test]
fn names_and_titles_with_error_in_them_are_no_errors() {
    let elements = "v1 error 0 dc 0.5 sin(0.5 1 1k)\nr1 error warning 1e3\nr2 warning 0 1e3";
    let commands = "tran 1e-5 1e-3\nwrite a.raw all\nop\nprint v(error) v(warning)";
    ngspice(elements, commands).run(&ng()).unwrap();
    Bench::new("error: not at all\nv1 error 0 1\nr1 error 0 1\n.op\n.end\n").run(&ng()).unwrap();
}

#[test]
fn steps_towards_an_operating_point_are_no_errors() {
    // Newton's steps overshoot on the flanks of the steep current.
    let elements = "r1 a 0 1e6\nb1 a 0 i=1e-3*tanh(50*(v(a)-1))-0.5e-3\nr2 a b 1e3\nr3 b 0 1e9";
    let run = ngspice(elements, "op\nwrite a.raw all").run(&ng()).unwrap();
    assert!(run.log.contains("Warning: Further gmin increment"), "{}", run.log);
    let v = run.plots[0].voltage("a").unwrap()[0];
    let current = 1e-3 * (50.0 * (v - 1.0)).tanh() - 0.5e-3 + v / 1e6 + v / (1e9 + 1e3);
    assert!(current.abs() < 1e-8, "{current} A are left at {v} V");
}

#[test]
fn a_run_out_of_time_is_stopped() {
    let elements = "v1 in 0 dc 0 sin(0 1 1e6)\nr1 in out 1\nc1 out 0 1e-9";
    let limits = Limits { time: Duration::from_millis(500), ..Limits::default() };
    let bench = ngspice(elements, "save v(out)\ntran 1e-9 1e3\nwrite a.raw all");
    let start = Instant::now();
    let error = ng().run(&bench.deck, &limits).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
    let instances = "v1 (in 0) v type=\"sine\" ampl=1 freq=1e6\nr1 (in out) r r=1\nc1 (out 0) c c=1e-9";
    let bench = vacask(instances, "save v(out)\nanalysis t1 tran step=1e-9 stop=1e3 maxstep=1e-9");
    let error = va().run(&bench.deck, &limits).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}
