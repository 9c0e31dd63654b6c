//! The papers' values, model by model.

use crate::bench::peak;
use crate::golden::{close, current, response};
use crate::wave::Wave;
use memloom::device::{Hp, Model, Nonlinear, Sweep, Team, Vteam, Yakopcic};

/// 3 nm in 1.388e-11 s at -3 V, 8.67e-9 s at -1.8 V, 3.30e-8 s at 0.6 V (Kvatinsky 2015): a tenth of it moves the state by 0.1.
#[test]
fn vteam_traverses_in_the_published_time() {
    for (volts, seconds, start, end) in
        [(-3.0, 1.3876e-11, 0.6, 0.5), (-1.8, 8.6725e-9, 0.6, 0.5), (0.6, 3.2967e-8, 0.5, 0.6)]
    {
        let wave: Wave = vec![(0.0, volts), (0.1 * seconds, volts)];
        response(Vteam::MAGIC, &[start], &wave, seconds / 1e3, |who, trace| {
            close(trace.states[1][0], end, 1e-4, &format!("{who} at {volts} V"));
        });
    }
    current(Vteam::MAGIC, &[0.5], 0.2, 0.2 / 150.5e3);
}

/// Biolek, Di Ventra and Pershin 2013, deck R.1: 5 kohm under 1 V, 1 Hz. Integrated as `w`, 582.4 ohm come back at 0.75 s.
#[test]
fn hp_remembers_its_charge_at_the_wall() {
    let start = Hp::JOGLEKAR.closed_state(1.0 / 5e3, 1.0).unwrap();
    let wave = crate::wave::sweep(Sweep { up: 1.0, down: -1.0, period: 1.0 }, 1.0, 200);
    response(Hp::JOGLEKAR, &start, &wave, 5e-5, |who, trace| {
        for (at, ohms) in [(50, 740.0128), (150, 740.0128)] {
            close(trace.volts[at] / trace.current[at], ohms, 1e-3, &format!("{who} at point {at}"));
        }
        close(peak(&trace.current), 9.7141e-3, 1e-3, who);
        // The charge in the first half: ln of the state's odds grows by 4 k q, and k is 1e4 per coulomb.
        let charge = (trace.states[100][0] - start[0]) / 4e4;
        close(charge, 1.492_434e-3, 1e-3, &format!("{who} charge"));
    });
}

/// At `w = 0.25`, `p_w = 2`, for currents of either sign. The state passes there half way through a small change, where
/// rate and current are those of the change to second order.
#[test]
fn hp_windows_are_those_of_the_papers() {
    for (set, up, down) in [
        (Hp::STRUKOV, 0.1875, 0.1875),
        (Hp::JOGLEKAR, 0.937_500, 0.937_500),
        (Hp::BIOLEK, 0.996_094, 0.683_594),
        (Hp::PRODROMAKIS, 0.339_844, 0.339_844),
        (Hp::ZHA, 0.413_818, 0.206_787),
    ] {
        let hp = Hp { p_w: 2.0, ..set };
        // Of `ln(w / (1 - w))`, or of `w`: the state and the slope of `w` over it.
        let is_logit = hp.bounds()[0].1 > 1.0;
        let (x, slope) = if is_logit { (-(3.0f64.ln()), 0.25 * 0.75) } else { (0.25, 1.0) };
        let charge = 1e-2 / (0.25 * hp.r_on + 0.75 * hp.r_off);
        let moved = hp.mobility * hp.r_on / (hp.d * hp.d) * charge / slope;
        for (volts, f) in [(1.0, up), (-1.0, down)] {
            let start = x - 0.5 * volts * moved * f;
            response(hp, &[start], &vec![(0.0, volts), (1e-2, volts)], 1e-4, |who, trace| {
                let f_given = volts * (trace.states[1][0] - start) / moved;
                close(f_given, f, 1e-3, &format!("{who}, window {} at {volts} V", hp.window));
            });
        }
    }
}

#[test]
fn hp_conducts_as_its_parts() {
    current(Hp::STRUKOV, &[0.0], 1.0, 1.0 / 8050.0);
    current(Hp::BIOLEK, &[0.25], -0.5, -0.5 / 75_250.0);
}

#[test]
fn nonlinear_drift_conducts_as_a_contact_and_a_tunnel() {
    let wanted = 0.25 * 0.9e-6 * 1.6f64.sinh() + 1e-10 * (3.2f64.exp() - 1.0);
    current(Nonlinear::TEAM, &[0.5], 0.8, wanted);
    let wanted = 0.5f64.powi(5) * -60e-6 * 1.12f64.sinh() + 20e-6 * ((-1.04f64).exp() - 1.0);
    current(Nonlinear::MLADENOV, &[0.5], -0.8, wanted);
}

/// From `x` to `x'` at constant voltage takes `(atanh x' - atanh x) / (a v^m)`: the window is `1 - x^2`.
#[test]
fn nonlinear_drift_moves_in_closed_form() {
    let wave: Wave = vec![(0.0, 0.8), (1.0, 0.8)];
    let wanted = (0.5f64.atanh() + 0.8f64.powi(5)).tanh();
    response(Nonlinear::TEAM, &[0.5], &wave, 1e-3, |who, trace| close(trace.states[1][0], wanted, 1e-5, who));
}

/// Under `none` the resistance is linear and the rate at constant current a constant: at 1 mA both ways.
#[test]
fn team_moves_by_its_current() {
    current(Team::SIMMONS, &[0.25], 0.1, 0.1 / 287.5);
    current(Team { iv: 1.0, ..Team::SIMMONS }, &[0.5], 0.1, 0.1 / 50e3f64.sqrt());
    // Equal resistances but for a millionth make a current that does not depend on the state.
    let team = Team { r_on: 1e3, r_off: 1e3 * (1.0 + 1e-6), k_off: 1e-15, ..Team::TECHNION };
    let rate = 1e-15 / 3e-9 * (1e-3 / 115e-6 - 1.0f64).powi(3);
    let wave: Wave = vec![(0.0, 1.0), (0.2 / rate, 1.0)];
    response(team, &[0.4], &wave, 1e-3 / rate, |who, trace| close(trace.states[1][0], 0.6, 1e-5, who));
}

/// The chalcogenide device of Oblea under 0.45 V, 100 Hz: states at the quarters of a period, largest currents.
#[test]
fn yakopcic_follows_its_reference() {
    let wave = crate::wave::sweep(Sweep { up: 0.45, down: -0.45, period: 0.01 }, 1.0, 200);
    response(Yakopcic::OBLEA, &[0.11], &wave, 5e-7, |who, trace| {
        for (quarter, wanted) in [(1, 0.87087), (2, 0.96974), (3, 0.17306), (4, 0.09293)] {
            close(trace.states[50 * quarter][0], wanted, 1e-3, &format!("{who} quarter {quarter}"));
        }
        let most = trace.current.iter().copied().fold(0.0, f64::max);
        let least = trace.current.iter().copied().fold(0.0, f64::min);
        close(most, 3.4226e-3, 1e-3, &format!("{who} largest"));
        close(least, -1.8991e-3, 1e-3, &format!("{who} least"));
    });
    current(Yakopcic::JO, &[0.5], 2.0, 0.5 * 3.7e-7 * 1.4f64.sinh());
}
