//! Progress on a terminal, silence in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// A bar of `length` steps on standard error; hidden unless that is a terminal.
pub(crate) fn bar(length: u64, what: &'static str) -> ProgressBar {
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("{msg:<24} {bar:40} {pos}/{len} {elapsed} left {eta}")
        .expect("a template that is right");
    ProgressBar::with_draw_target(Some(length), target).with_style(style).with_message(what)
}
