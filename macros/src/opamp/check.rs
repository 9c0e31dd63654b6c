//! Rules of an op-amp model.

use super::Opamp;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, amp: &Opamp) {
    gain_amplifies(cx, amp);
    bandwidth_and_slew_are_positive(cx, amp);
    input_capacitance_is_not_negative(cx, amp);
    noise_is_sound(cx, amp);
    auto_zero_is_whole(cx, amp);
    sizes_are_plausible(cx, amp);
    amp.body.check(cx, "an op-amp", &["inp", "inn"], &["out"], &[]);
}

/// An op-amp amplifies: `gain >= 1`.
fn gain_amplifies(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gain.text;
    cx.at_least(
        &amp.gain,
        1.0,
        format!("`gain = {text}` is below 1; write the open-loop gain, such as `10_000`"),
    );
}

/// Bandwidth and slew rate are above zero.
fn bandwidth_and_slew_are_positive(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gbw.text;
    cx.positive(&amp.gbw, format!("`gbw = {text}` is not above zero; write a value such as `10 MHz`"));
    let text = &amp.slew.text;
    cx.positive(&amp.slew, format!("`slew = {text}` is not above zero; write a value such as `10 V/us`"));
}

/// The capacitance of the inverting input is zero or more; zero leaves it out.
fn input_capacitance_is_not_negative(cx: &Ctxt, amp: &Opamp) {
    if let Some(c_in) = &amp.c_in {
        let text = &c_in.text;
        cx.at_least(c_in, 0.0, format!("`c_in = {text}` is negative; write a value such as `1 pF`"));
        cx.plausible("c_in", c_in, 1e-18, 1e-6);
    }
}

/// Noise has no sign, and a corner is where it meets the white noise: there has to be some.
fn noise_is_sound(cx: &Ctxt, amp: &Opamp) {
    if let Some(density) = &amp.noise_density {
        let text = &density.text;
        let message =
            format!("`noise_density = {text}` is negative; write volts per root hertz, such as `10 nV`");
        cx.at_least(density, 0.0, message);
        cx.plausible("noise_density", density, 1e-11, 1e-3);
    }
    let Some(corner) = &amp.flicker_corner else { return };
    let text = &corner.text;
    cx.at_least(
        corner,
        0.0,
        format!("`flicker_corner = {text}` is negative; write a value such as `100 kHz`"),
    );
    cx.plausible("flicker_corner", corner, 1e-3, 1e9);
    if amp.noise_density.is_none() {
        cx.error(
            corner.span,
            format!("`flicker_corner = {text}` is where flicker noise meets the white noise, and there is none; add `noise_density = 10 nV`"),
        );
    }
}

/// An op-amp that zeroes its offset leaves some of it, and takes time for that.
fn auto_zero_is_whole(cx: &Ctxt, amp: &Opamp) {
    let (residual, time) = (&amp.auto_zero, &amp.auto_zero_time);
    if let Some(residual) = residual {
        let text = &residual.text;
        let message = format!(
            "`auto_zero = {text}` is negative; write the deviation of the offset that is left, such as `20 uV`"
        );
        cx.at_least(residual, 0.0, message);
        cx.plausible("auto_zero", residual, 1e-9, 1e-2);
        if let Some(offset) = &amp.offset {
            let message = format!(
                "`offset = {}` is what an op-amp has that does not zero it; remove it, or `auto_zero`",
                offset.text
            );
            cx.error(offset.span, message);
        }
        if time.is_none() {
            let message = format!(
                "`auto_zero = {text}` takes time before each image; add `auto_zero_time = 5 us`, or what it takes"
            );
            cx.error(residual.span, message);
        }
    }
    let Some(time) = time else { return };
    let text = &time.text;
    cx.positive(time, format!("`auto_zero_time = {text}` is not above zero; write a value such as `5 us`"));
    cx.plausible("auto_zero_time", time, 1e-9, 1.0);
    if residual.is_none() {
        let message = format!(
            "`auto_zero_time = {text}` is for an op-amp that zeroes its offset; add `auto_zero = 20 uV`, what is left of it, or remove it"
        );
        cx.error(time.span, message);
    }
}

/// An op-amp swings over less than 100 V, gains less than 1e12, and is faster than a relay and slower than light.
fn sizes_are_plausible(cx: &Ctxt, amp: &Opamp) {
    cx.plausible("gain", &amp.gain, 1.0, 1e12);
    cx.plausible("gbw", &amp.gbw, 1.0, 1e12);
    cx.plausible("slew", &amp.slew, 1.0, 1e12);
    cx.plausible("swing", &amp.swing.0, 1e-6, 100.0);
    cx.plausible("swing", &amp.swing.1, 1e-6, 100.0);
}
