//! Fits of synthetic data: made here by a Runge-Kutta method of its own on a fine grid, with noise.

use memloom_devices::Device;
use memloom_fit::{Fit, Measurement, Options, Remark, fit};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Triangles up and down whose amplitudes grow to `up` and `down` volts, in `seconds`.
fn triangles(up: f64, down: f64, seconds: f64, count: usize, points: usize) -> (Vec<f64>, Vec<f64>) {
    let time: Vec<f64> = (0..points).map(|k| seconds * k as f64 / points as f64).collect();
    let volts = time.iter().map(|t| {
        let phase = t / seconds * count as f64;
        let grown = (phase.floor() + 1.0) / count as f64;
        let part = phase.fract() * 4.0;
        let wave = if part < 1.0 {
            part
        } else if part < 3.0 {
            2.0 - part
        } else {
            part - 4.0
        };
        grown * if wave > 0.0 { up * wave } else { -down * wave }
    });
    let volts = volts.collect();
    (time, volts)
}

/// Pulses back and forth from barely above the thresholds to thrice as high, each sampled at `points` places and as long
/// as the state needs twice, by its rate in the middle; what an experimenter takes for switching times.
fn kinetics(device: &Device, up: f64, down: f64, points: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut time, mut volts, mut t) = (vec![0.0], vec![0.0], 0.0);
    for over in [1.15, 1.25, 1.4, 1.6, 1.8, 2.1, 2.5, 3.0, 1.2, 1.5, 2.3] {
        for v in [over * up, over * down] {
            let mut dx = [0.0];
            device.rate(v, &[0.5], &mut dx);
            let length = 2.0 / dx[0].abs();
            for k in 1..=points {
                time.push(t + length * k as f64 / points as f64);
                volts.push(v);
            }
            t += length;
        }
    }
    (time, volts)
}

/// The device under that drive, with noise of `noise` of the span of the current.
fn measure(
    device: &Device,
    x: f64,
    (time, volts): (Vec<f64>, Vec<f64>),
    noise: f64,
    seed: u64,
) -> Measurement {
    let (low, high) = device.bounds()[0];
    let (mut x, mut current) = (x, Vec::new());
    let rate = |v: f64, x: f64| {
        let mut dx = [0.0];
        device.rate(v, &[x.clamp(low, high)], &mut dx);
        dx[0]
    };
    for k in 0..time.len() {
        current.push(device.current(volts[k], &[x]));
        let Some(next) = time.get(k + 1) else { break };
        let h = (next - time[k]) / 200.0;
        for step in 0..200 {
            let v = |part: f64| volts[k] + (volts[k + 1] - volts[k]) * (f64::from(step) + part) / 200.0;
            let a = rate(v(0.0), x);
            let b = rate(v(0.5), x + 0.5 * h * a);
            let c = rate(v(0.5), x + 0.5 * h * b);
            let d = rate(v(1.0), x + h * c);
            x = (x + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)).clamp(low, high);
        }
    }
    let ends = current.iter().fold((f64::MAX, f64::MIN), |(a, b): (f64, f64), i| (a.min(*i), b.max(*i)));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for i in &mut current {
        let normal: f64 = StandardNormal.sample(&mut rng);
        *i += noise * (ends.1 - ends.0) * normal;
    }
    Measurement::new(&time, &volts, &current).unwrap()
}

fn fixed(names: &[&str], values: &Device) -> Options {
    let fixed = names.iter().map(|name| ((*name).to_owned(), Some(values.get(name).unwrap()))).collect();
    Options { fixed, ..Options::default() }
}

#[track_caller]
fn assert_recovered(fit: &Fit, device: &Device, names: &[&str]) {
    for name in names {
        let wanted = device.get(name).unwrap();
        let found = fit.estimates.iter().find(|e| e.name == *name).unwrap();
        let (value, error) = (found.value, found.error.unwrap_or(f64::NAN));
        println!("{name} = {value:e} +- {error:e} for {wanted:e}");
        assert!((value / wanted - 1.0).abs() < 0.05, "{name} = {value:e} +- {error:e} for {wanted:e}");
        assert!((value - wanted).abs() < 5.0 * error, "{name} = {value:e} +- {error:e} for {wanted:e}");
        assert_eq!(found.remark, None, "{name}");
    }
}

/// The fitted device does under a drive that the fit has not seen what the true one does, from the same state.
#[track_caller]
fn assert_predicts(fit: &Fit, device: &Device, x: f64, wave: &(Vec<f64>, Vec<f64>)) {
    let [given, wanted] = [&fit.device, device].map(|d| measure(d, x, wave.clone(), 0.0, 0).current);
    let ends = wanted.iter().fold((f64::MAX, f64::MIN), |(a, b): (f64, f64), i| (a.min(*i), b.max(*i)));
    let squares: f64 = given.iter().zip(&wanted).map(|(a, b)| (a - b) * (a - b)).sum();
    let rms = (squares / wanted.len() as f64).sqrt() / (ends.1 - ends.0);
    println!("unseen drive: {:.3} % of the span", 100.0 * rms);
    assert!(rms < 0.02, "{rms} of the span under a drive that was not fitted");
}

fn vteam() -> Device {
    let own = [
        ("k_off", 6e-5),
        ("k_on", -9e-5),
        ("alpha_off", 3.0),
        ("alpha_on", 2.0),
        ("v_off", 0.4),
        ("v_on", -0.55),
        ("r_on", 2e3),
        ("r_off", 12e3),
    ];
    Device::named("vteam", None, &own).unwrap()
}

#[test]
fn vteam_is_recovered_from_noisy_data() {
    let device = vteam();
    let data = measure(&device, 0.7, kinetics(&device, 0.4, -0.55, 250), 0.02, 1);
    let fit = fit("vteam", &data, &fixed(&["d"], &device)).unwrap();
    println!("{}", fit.verdict());
    assert!(fit.describes(), "{}", fit.verdict());
    assert!((fit.noise / 0.02 - 1.0).abs() < 0.1, "{}", fit.noise);
    assert_recovered(
        &fit,
        &device,
        &["k_off", "k_on", "alpha_off", "alpha_on", "v_off", "v_on", "r_on", "r_off"],
    );
    assert_predicts(&fit, &device, 0.5, &triangles(1.0, -1.2, 4e-3, 5, 1000));
}

#[test]
fn a_metastable_switch_is_recovered_from_noisy_data() {
    let own = [("r_on", 400.0), ("r_off", 2200.0), ("v_on", 0.31), ("v_off", 0.22), ("tau", 2.5e-4)];
    let device = Device::named("mms", None, &own).unwrap();
    let data = measure(&device, 0.4, triangles(0.6, -0.5, 2e-2, 6, 2000), 0.02, 5);
    let known = ["temperature", "phi", "sfa", "sfb", "sra", "srb"];
    let fit = fit("mms", &data, &fixed(&known, &device)).unwrap();
    println!("{}", fit.verdict());
    assert!(fit.describes(), "{}", fit.verdict());
    assert_recovered(&fit, &device, &["r_on", "r_off", "v_on", "v_off", "tau"]);
    assert_predicts(&fit, &device, 0.1, &kinetics(&device, 0.2, -0.15, 40));
}

/// `docs/fitting/device.csv` is this device, so that the chapter can say what it is.
#[test]
fn the_example_of_the_documentation_is_what_it_says() {
    let data = measure(&vteam(), 0.7, kinetics(&vteam(), 0.4, -0.55, 50), 0.005, 6);
    let mut text = String::from(
        "# VTEAM from 1.15 to 3 times its thresholds, with noise of 0.5 % of the current's span\n",
    );
    text += "time,voltage,current\n";
    for ((t, v), i) in data.time.iter().zip(&data.volts).zip(&data.current) {
        text += &format!("{t:.7e},{v},{i:.5e}\n");
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fitting/device.csv");
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == text, "run with MEMLOOM_BLESS=1 to write it anew");
}

#[test]
fn parameters_that_only_show_together_are_named() {
    let device = vteam();
    let data = measure(&device, 0.7, triangles(1.1, -1.3, 4e-3, 8, 1500), 0.005, 2);
    let fit = fit("vteam", &data, &Options::default()).unwrap();
    assert!(fit.describes(), "{}", fit.verdict());
    let d = fit.estimates.iter().find(|e| e.name == "d").unwrap();
    let Some(Remark::Tied(others)) = &d.remark else { panic!("{:?}", d.remark) };
    assert_eq!(*others, ["k_off", "k_on"]);
    assert!(fit.verdict().contains("fix these"), "{}", fit.verdict());
}

#[test]
fn yakopcic_is_recovered_from_noisy_data() {
    let own = [
        ("a_1", 4e-4),
        ("a_2", 6e-4),
        ("b", 1.6),
        ("v_p", 0.5),
        ("v_n", 0.4),
        ("a_p", 300.0),
        ("a_n", 500.0),
        ("x_p", 0.4),
        ("x_n", 0.6),
        ("alpha_p", 1.5),
        ("alpha_n", 2.5),
    ];
    let device = Device::named("yakopcic", None, &own).unwrap();
    let data = measure(&device, 0.2, kinetics(&device, 0.5, -0.4, 300), 0.02, 3);
    let fit = fit("yakopcic", &data, &Options::default()).unwrap();
    println!("{}", fit.verdict());
    fit.estimates.iter().for_each(|e| println!("{e:?}"));
    assert!(fit.describes(), "{}", fit.verdict());
    assert_recovered(&fit, &device, &["a_1", "a_2", "b", "v_p", "v_n", "a_p", "a_n"]);
}

#[test]
fn what_yakopcic_does_is_no_vteam() {
    let device = Device::named("yakopcic", Some("miao"), &[]).unwrap();
    let data = measure(&device, 0.11, triangles(0.75, -1.25, 80.0, 4, 1500), 0.01, 4);
    let fit = fit("vteam", &data, &Options::default()).unwrap();
    println!("{}", fit.verdict());
    assert!(!fit.describes(), "{}", fit.verdict());
}

#[test]
fn a_diode_is_no_vteam() {
    let (time, volts) = triangles(0.7, -0.7, 1e-3, 4, 800);
    let current: Vec<f64> = volts.iter().map(|v| 1e-12 * ((v / 0.0257).exp() - 1.0)).collect();
    let data = Measurement::new(&time, &volts, &current).unwrap();
    let fit = fit("vteam", &data, &Options::default()).unwrap();
    println!("{}", fit.verdict());
    assert!(!fit.describes() && fit.verdict().contains("does not describe"), "{}", fit.verdict());
}

/// A loop of 601 points over eight decades of current, with noise that grows with it: what an instrument that changes its
/// range measures at a threshold switch. No model here is the right one.
fn decades() -> Measurement {
    let (time, volts) = triangles(2.0, -2.0, 12.0, 2, 601);
    let (mut on, mut rng, mut current) = (0.0_f64, ChaCha8Rng::seed_from_u64(7), Vec::new());
    for v in &volts {
        let wanted = if *v > 1.1 {
            1.0
        } else if *v < -0.9 {
            0.0
        } else {
            on
        };
        on += 0.3 * (wanted - on);
        let off = 1e-10 * (v / 0.25).sinh();
        let noise: f64 = StandardNormal.sample(&mut rng);
        current.push((off + 1e-2 * on.powi(8) * v) * (1.0 + 0.02 * noise) + 1e-12 * noise);
    }
    Measurement::new(&time, &volts, &current).unwrap()
}

#[test]
fn a_loop_over_eight_decades_is_fitted_within_counted_work() {
    let data = decades();
    let sizes = data.current.iter().map(|i| i.abs()).filter(|i| *i > 0.0);
    let (low, high) = sizes.fold((1.0, 0.0f64), |(low, high), i| (i.min(low), i.max(high)));
    assert!(high / low > 1e8, "{low:e} to {high:e}");
    let fit = fit("yakopcic", &data, &Options::default()).unwrap();
    println!("{} evaluations, residual {:.4}, {}", fit.evaluations, fit.residual, fit.unfinished);
    // 30 CPU seconds at 0.2 us, what an evaluation takes on a busy core.
    assert!(fit.evaluations < 150_000_000, "{}", fit.evaluations);
    assert!(fit.residual < 0.3, "{}", fit.residual);
    assert!(!fit.describes(), "{}", fit.verdict());
}

/// A contact that no VTEAM has makes the thresholds come out wrong, by far more than noise would move them.
#[test]
fn standard_errors_hold_what_a_wrong_model_does_to_a_parameter() {
    let device = vteam();
    for seed in [8, 9] {
        let mut data = measure(&device, 0.7, triangles(0.9, -1.2, 4e-3, 3, 600), 0.002, seed);
        data.current.iter_mut().zip(&data.volts).for_each(|(i, v)| *i *= 1.0 + 0.6 * v * v);
        let fixed = [("d", 3e-9), ("alpha_off", 3.0), ("alpha_on", 2.0)];
        let fixed = fixed.map(|(name, value)| (name.to_owned(), Some(value))).into();
        let options = Options { fixed, set: Some("magic".into()), accept: Some(0.2), ..Options::default() };
        let fit = fit("vteam", &data, &options).unwrap();
        println!("{}", fit.verdict());
        assert_eq!(fit.quality(), memloom_fit::Quality::Accepted, "{}", fit.verdict());
        for (name, wanted) in [("v_off", 0.4), ("v_on", -0.55)] {
            let found = fit.estimates.iter().find(|e| e.name == name).unwrap();
            let (miss, error) = ((found.value - wanted).abs(), found.error.unwrap());
            println!("{name} = {} +- {error}", found.value);
            assert!(miss < 3.0 * error, "{name} = {} +- {error} where {wanted} is true", found.value);
        }
    }
}
