//! Progress on a terminal, silence in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// A bar of `length` steps.
pub(crate) fn bar(length: u64, what: &'static str) -> ProgressBar {
    styled(
        ProgressBar::with_draw_target(Some(length), target()),
        "{msg:<24} {bar:40} {pos}/{len} {elapsed} left {eta}",
        what,
    )
}

/// A count of `things`, for work of unknown length.
pub(crate) fn counter(what: &'static str) -> ProgressBar {
    let counter =
        styled(ProgressBar::with_draw_target(None, target()), "{msg:<24} {spinner} {pos} {elapsed}", what);
    counter.enable_steady_tick(Duration::from_millis(100));
    counter
}

/// Standard error if that is a terminal, else nowhere.
fn target() -> ProgressDrawTarget {
    match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    }
}

fn styled(bar: ProgressBar, template: &str, what: &'static str) -> ProgressBar {
    bar.with_style(ProgressStyle::with_template(template).expect("a template that is right"))
        .with_message(what)
}
