//! Chips: what is drawn follows what is declared.

use memloom::ir::{ABSENT, Cell, Crossbar, Design, Id, Opposites};
use memloom_sim::chip::{
    Chip, Converter, Drift, Faults, Levels, NonIdealities, ProgrammingError, Temperature, Tracking,
};
use proptest::prelude::*;

const CELL: Cell = Cell::new(1e-6, 1e-4, 0.2);
const SIDE: u32 = 200;
const TARGET: f32 = 5e-5;

fn cell_id() -> Id<Cell> {
    Design::new("test").cells.insert("cell", CELL).unwrap()
}

/// A crossbar of [`TARGET`]s, one cross-point in eight without a cell.
fn target() -> Crossbar {
    let g = (0..SIDE * SIDE).map(|k| if k % 8 == 3 { ABSENT } else { TARGET }).collect();
    Crossbar::new(SIDE, SIDE, cell_id(), 0.0, g)
}

fn chip(change: impl FnOnce(&mut NonIdealities)) -> Chip {
    let mut spec = NonIdealities { seed: 5, ..NonIdealities::default() };
    change(&mut spec);
    Chip::new(spec).unwrap()
}

fn made(chip: &Chip) -> Vec<f64> {
    let made = chip.crossbar("top.xbar", &target(), &CELL).unwrap().unwrap();
    made.conductance().iter().map(|g| f64::from(*g)).collect()
}

/// Mean and standard deviation of what stands where a cell is.
fn statistics(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

fn cells(values: &[f64]) -> Vec<f64> {
    values.iter().enumerate().filter(|(k, _)| k % 8 != 3).map(|(_, g)| *g).collect()
}

/// Five standard errors of a mean, and of a standard deviation, of normal numbers.
fn assert_normal(values: &[f64], mean: f64, sigma: f64) {
    let (found_mean, found_sigma) = statistics(values);
    let n = values.len() as f64;
    assert!((found_mean - mean).abs() < 5.0 * sigma / n.sqrt(), "mean {found_mean:e}, not {mean:e}");
    let error = 5.0 * sigma / (2.0 * n).sqrt();
    assert!((found_sigma - sigma).abs() < error, "deviation {found_sigma:e}, not {sigma:e}");
}

#[test]
fn programming_errors_have_the_declared_deviation() {
    let g = f64::from(TARGET);
    let relative = chip(|s| s.programming_error = Some(ProgrammingError::Relative { sigma: 0.05 }));
    assert_normal(&cells(&made(&relative)), g, 0.05 * g);
    let absolute = chip(|s| s.programming_error = Some(ProgrammingError::Absolute { sigma: 1e-6 }));
    assert_normal(&cells(&made(&absolute)), g, 1e-6);
    // Halfway between two points of the table.
    let points = vec![(4e-5, 1e-6), (6e-5, 3e-6)];
    let table = chip(|s| s.programming_error = Some(ProgrammingError::Table { points }));
    assert_normal(&cells(&made(&table)), g, 2e-6);
}

#[test]
fn no_conductance_is_below_zero_and_absent_cells_stay_absent() {
    let wild = chip(|s| s.programming_error = Some(ProgrammingError::Relative { sigma: 2.0 }));
    let made = made(&wild);
    assert!(made.iter().all(|g| *g >= 0.0));
    assert!(made.iter().enumerate().all(|(k, g)| k % 8 != 3 || *g == 0.0));
    // Half of a standard deviation below zero lies 0.3085 of a normal distribution.
    let cut = cells(&made).iter().filter(|g| **g == 0.0).count() as f64 / cells(&made).len() as f64;
    assert!((cut - 0.3085).abs() < 0.015, "{cut}");
}

#[test]
fn faults_come_in_the_declared_fractions() {
    let faults = Faults { stuck_at_g_min: 0.02, stuck_at_g_max: 0.03, open: 0.05 };
    let cells = cells(&made(&chip(|s| s.faults = faults)));
    let n = cells.len() as f64;
    for (wanted, fraction) in [(CELL.g_min, 0.02), (CELL.g_max, 0.03), (0.0, 0.05), (f64::from(TARGET), 0.9)]
    {
        let wanted = f64::from(wanted as f32);
        let found = cells.iter().filter(|g| **g == wanted).count() as f64 / n;
        let error = 5.0 * (fraction * (1.0 - fraction) / n).sqrt();
        assert!((found - fraction).abs() < error, "{found} at {wanted:e}, not {fraction}");
    }
}

/// Signed weights: bitline `k` counts against bitline `k + SIDE / 2`; singles, pairs and cross-points without a cell.
fn signed() -> Crossbar {
    let half = SIDE / 2;
    let g = |row: u32, col: u32| match (row + col % half) % 4 {
        0 if col < half => 8e-5,
        1 if col >= half => 3e-6,
        2 if col < half => 1.4e-6,
        2 => 1e-6,
        _ => ABSENT,
    };
    let other = |col| Some(if col < half { col + half } else { col - half });
    let g = (0..SIDE * SIDE).map(|at| g(at / SIDE, at % SIDE)).collect();
    Crossbar::new(SIDE, SIDE, cell_id(), 0.0, g)
        .with_opposites(Opposites::Bitlines((0..SIDE).map(other).collect()))
}

/// Each signed weight of `array`, siemens.
fn differences(array: &Crossbar) -> Vec<f64> {
    let half = SIDE as usize / 2;
    let row = |row| {
        let (p, n) = array.row(row).split_at(half);
        p.iter().zip(n).map(|(p, n)| f64::from(p - n))
    };
    (0..SIDE).flat_map(row).collect()
}

#[test]
fn only_complementary_cells_of_faulty_ones_are_repaired() {
    let faults = Faults { stuck_at_g_min: 0.02, stuck_at_g_max: 0.02, open: 0.02 };
    let of = |repair| {
        chip(|s| (s.faults, s.repair) = (faults, repair))
            .crossbar("top.xbar", &signed(), &CELL)
            .unwrap()
            .unwrap()
    };
    let (target, bare, repaired) = (signed(), of(false), of(true));
    let error = |array: &Crossbar| -> Vec<f64> {
        differences(array).iter().zip(differences(&target)).map(|(a, b)| (a - b).abs()).collect()
    };
    let (error, bare_error) = (error(&repaired), error(&bare));
    let (cols, half) = (SIDE as usize, SIDE as usize / 2);
    let mut changed = 0;
    for at in 0..target.conductance().len() {
        if repaired.conductance()[at] == bare.conductance()[at] {
            continue;
        }
        changed += 1;
        let complementary = target.opposites().complementary(at, cols).unwrap();
        assert_eq!(bare.conductance()[at], target.conductance()[at], "a faulty cell is left as it is");
        assert_ne!(
            bare.conductance()[complementary],
            target.conductance()[complementary],
            "the complementary cell is faulty"
        );
        let weight = at / cols * half + at % half;
        assert!(error[weight] < bare_error[weight]);
    }
    // 2 % of 20,000 cells are stuck high, 2 % of 5,000 partners are open; of few are the complementary cells faulty, too.
    assert!((400..500).contains(&changed), "{changed}");
    // Unsigned cells have no complementary ones.
    let unsigned = |repair| made(&chip(|s| (s.faults, s.repair) = (faults, repair)));
    assert_eq!(unsigned(true), unsigned(false));
}

#[test]
fn drift_and_temperature_follow_their_laws() {
    let drift = Drift { time: 1e4, t0: 1.0, nu: 0.05, nu_sigma: 0.0 };
    let warm = Temperature { celsius: 85.0, reference: 25.0, coefficient: 1e-3, ..Default::default() };
    let made_ = made(&chip(|s| {
        s.drift = Some(drift);
        s.temperature = Some(warm);
    }));
    let wanted = f64::from(TARGET) * 1e4_f64.powf(-0.05) * 1.06;
    assert!(cells(&made_).iter().all(|g| (g - wanted).abs() < 1e-6 * wanted));
    let spread = chip(|s| s.drift = Some(Drift { nu_sigma: 0.01, ..drift }));
    let exponents: Vec<f64> =
        cells(&made(&spread)).iter().map(|g| -(g / f64::from(TARGET)).ln() / 1e4_f64.ln()).collect();
    assert_normal(&exponents, 0.05, 0.01);
}

#[test]
fn feedback_follows_what_cells_and_resistors_change_together() {
    let warm = Temperature {
        celsius: 85.0,
        reference: 25.0,
        coefficient: 1e-3,
        resistor: 9e-4,
        ..Default::default()
    };
    let drift = Drift { time: 86_400.0, t0: 1.0, nu: 0.005, nu_sigma: 0.0 };
    let mean = |tracking: Option<Tracking>| {
        let chip = chip(|s| (s.temperature, s.drift, s.tracking) = (Some(warm), Some(drift), tracking));
        statistics(&cells(&made(&chip))).0 / f64::from(TARGET)
    };
    // Of a column: cells times feedback.
    let resistor = chip(|s| s.temperature = Some(warm)).resistance("r", 1.0);
    assert!((resistor - 1.054).abs() < 1e-12);
    let alone = 86_400f64.powf(-0.005) * 1.06;
    assert!((mean(None) / alone - 1.0).abs() < 1e-6);
    assert!((mean(Some(Tracking { step: 0.0 })) * resistor - 1.0).abs() < 1e-6);
    let left = mean(Some(Tracking { step: 0.01 })) * resistor - 1.0;
    assert!(left.abs() < 0.005 && left.abs() > 1e-5, "{left}");
}

#[test]
fn absent_cells_may_be_filled() {
    let made = made(&chip(|s| s.fill_absent = true));
    assert!(made.iter().enumerate().all(|(k, g)| *g as f32 == if k % 8 == 3 { 1e-6 } else { TARGET }));
}

#[test]
fn a_chip_is_a_matter_of_seed_and_place() {
    let of = |seed| {
        chip(|s| {
            s.seed = seed;
            s.programming_error = Some(ProgrammingError::Relative { sigma: 0.1 });
        })
    };
    assert_eq!(made(&of(1)), made(&of(1)));
    assert_ne!(made(&of(1)), made(&of(2)));
    let at = |path: &str| of(1).crossbar(path, &target(), &CELL).unwrap().unwrap();
    assert_ne!(at("top.a"), at("top.b"));
    assert_eq!(chip(|_| {}).crossbar("top.xbar", &target(), &CELL), Ok(None), "nothing deviates");
}

#[test]
fn one_deviation_leaves_the_draws_of_another_alone() {
    let error = Some(ProgrammingError::Relative { sigma: 0.1 });
    let alone = made(&chip(|s| s.programming_error = error.clone()));
    let faulty = made(&chip(|s| {
        s.programming_error = error.clone();
        s.faults = Faults { open: 0.1, ..Faults::default() };
    }));
    let same = alone.iter().zip(&faulty).all(|(a, b)| a == b || *b == 0.0);
    assert!(same && faulty != alone);
}

#[test]
fn op_amps_and_resistors_have_the_declared_deviation() {
    let chip = chip(|s| {
        s.offset_sigma = 2e-3;
        s.resistor_sigma = 0.01;
    });
    let paths: Vec<String> = (0..20_000).map(|k| format!("top.tia[{k}].amp")).collect();
    assert_normal(&paths.iter().map(|p| chip.offset(p)).collect::<Vec<_>>(), 0.0, 2e-3);
    assert_normal(&paths.iter().map(|p| chip.resistance(p, 1e4)).collect::<Vec<_>>(), 1e4, 100.0);
}

#[track_caller]
fn refused(change: impl FnOnce(&mut NonIdealities), text: &str) {
    let mut spec = NonIdealities::default();
    change(&mut spec);
    assert_eq!(Chip::new(spec).unwrap_err().to_string(), text);
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    let relative = |sigma| Some(ProgrammingError::Relative { sigma });
    refused(
        |s| s.programming_error = relative(-0.1),
        "non-ideality `programming_error.relative.sigma` is -0.1; write a finite number of zero or more",
    );
    refused(
        |s| s.programming_error = relative(f64::NAN),
        "non-ideality `programming_error.relative.sigma` is NaN; write a finite number of zero or more",
    );
    refused(|s| s.faults.open = 1.5, "non-ideality `faults.open` is 1.5; write a fraction from 0 to 1");
    refused(
        |s| s.faults = Faults { open: 0.7, stuck_at_g_max: 0.5, stuck_at_g_min: 0.0 },
        "non-ideality `faults` is 1.2; write fractions that add up to 1 at most",
    );
    refused(
        |s| s.levels = Some(Levels::Uniform { count: 1 }),
        "non-ideality `levels.uniform.count` is 1; write a number from 2 to 16777216",
    );
    refused(
        |s| s.levels = Some(Levels::List { siemens: vec![2e-6, 1e-6] }),
        "non-ideality `levels.list.siemens` is [2e-6, 1e-6]; write at least two ascending conductances, \
         at most 65536, none below zero",
    );
    refused(
        |s| s.drift = Some(Drift { time: 0.5, t0: 1.0, nu: 0.1, nu_sigma: 0.0 }),
        "non-ideality `drift.time` is 0.5; write a time of `t0` or later",
    );
    refused(
        |s| s.gain = Some(0.5),
        "non-ideality `gain` is 0.5; write 1 or more; infinity is the ideal op-amp",
    );
    refused(
        |s| s.dac = Some(Converter { bits: 0, range: (0.0, 1.0) }),
        "non-ideality `dac.bits` is 0; write a number of bits from 1 to 24",
    );
    refused(
        |s| s.adc = Some(Converter { bits: 8, range: (1.0, 0.0) }),
        "non-ideality `adc.range` is 1 to 0; write a lowest and a higher voltage",
    );
}

#[test]
fn a_spec_is_text_and_an_unknown_key_is_refused() {
    let text = r#"{ "seed": 3, "levels": { "uniform": { "count": 16 } }, "faults": { "open": 0.01 } }"#;
    let spec: NonIdealities = serde_json::from_str(text).unwrap();
    assert_eq!(spec.levels, Some(Levels::Uniform { count: 16 }));
    let again: NonIdealities = serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap();
    assert_eq!(again, spec);
    let error = serde_json::from_str::<NonIdealities>(r#"{ "sead": 3 }"#).unwrap_err().to_string();
    assert!(error.contains("unknown field `sead`"), "{error}");
}

proptest! {
    #[test]
    fn a_level_is_the_nearest_one(count in 2..40u32, g in 1e-6..1e-4f64) {
        let chip = chip(|s| s.levels = Some(Levels::Uniform { count }));
        let target = Crossbar::new(1, 1, cell_id(), 0.0, vec![g as f32]);
        let made = f64::from(chip.crossbar("x", &target, &CELL).unwrap().unwrap().conductance()[0]);
        let step = (CELL.g_max - CELL.g_min) / f64::from(count - 1);
        let level = (made - CELL.g_min) / step;
        prop_assert!((level - level.round()).abs() < 1e-4, "{made:e} is no level");
        prop_assert!((made - g).abs() < step * 0.5001);
    }

    #[test]
    fn a_listed_level_is_the_nearest_one(g in 1e-6..1e-4f64, levels in prop::collection::btree_set(1..100u32, 2..20)) {
        let siemens: Vec<f64> = levels.iter().map(|level| f64::from(*level) * 1e-6).collect();
        let chip = chip(|s| s.levels = Some(Levels::List { siemens: siemens.clone() }));
        let target = Crossbar::new(1, 1, cell_id(), 0.0, vec![g as f32]);
        let made = f64::from(chip.crossbar("x", &target, &CELL).unwrap().unwrap().conductance()[0]);
        let least = siemens.iter().map(|level| (level - g).abs()).fold(f64::MAX, f64::min);
        prop_assert!(((made - g).abs() - least).abs() < 1e-10);
    }

    #[test]
    fn a_converter_is_off_by_half_a_step_at_most(bits in 1..24u32, volts in -0.5..2.0f64) {
        let converter = Converter { bits, range: (0.1, 1.7) };
        let converted = converter.convert(volts);
        let step = 1.6 / (2f64.powi(bits as i32) - 1.0);
        prop_assert!((converted - volts.clamp(0.1, 1.7)).abs() <= 0.5 * step + 1e-12);
        prop_assert!((converter.convert(converted) - converted).abs() < 1e-12);
    }
}
