//! What is taken for granted of a network: settings that nobody stated, and names that were changed.

use memloom_codegen::visible;
use memloom_flow::{BUILT_IN, Finding, Source};
use memloom_network::Ranges;
use serde::Serialize;

/// What a command says of the network that it read, before its own results.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Preface {
    unstated: Vec<Assumed>,
    /// What stood before the names of all tensors and was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    stripped_prefix: Option<String>,
}

/// A command's own results and what it says of the network and of its circuit, as one JSON object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stated<'f, T> {
    pub(crate) network: Preface,
    pub(crate) findings: &'f [Finding],
    #[serde(flatten)]
    pub(crate) what: T,
}

/// A setting that nobody stated.
#[derive(Debug, Clone, Serialize)]
struct Assumed {
    setting: &'static str,
    /// What it is taken for.
    value: String,
    /// What states it: a flag, or a command whose file is found from then on.
    stated_by: String,
}

impl Preface {
    /// Of a network and its ranges; `images` is where images come from, if there are some.
    pub(crate) fn of(source: &Source, ranges: &Ranges, images: Option<&str>) -> Self {
        let mut preface = Self::of_settings(source);
        if ranges.source == BUILT_IN {
            preface.unstated.push(Assumed {
                setting: "ranges",
                value: format!("of {} {BUILT_IN}", ranges.images),
                stated_by: source.calibrate_line(images),
            });
        }
        preface
    }

    /// Of a network whose ranges are not used.
    pub(crate) fn of_settings(source: &Source) -> Self {
        let flag = |setting: &str, value: &str| format!("--{} {value}", setting.replace('_', "-"));
        let assumed = |silent: &memloom_network::sidecar::Unstated| Assumed {
            setting: silent.setting,
            value: silent.value.clone(),
            stated_by: flag(silent.setting, &silent.value),
        };
        // The embedded network's own settings are known.
        let silent = source.network.unstated.iter().filter(|_| !source.is_embedded());
        Self { unstated: silent.map(assumed).collect(), stripped_prefix: source.network.prefix.clone() }
    }

    /// For people: nothing where all was stated.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if let Some(prefix) = &self.stripped_prefix {
            text += &format!("`{}` before the names of all tensors was left out\n", visible(prefix));
        }
        if !self.unstated.is_empty() {
            text +=
                "settings that nobody stated, and what states them (or a `.json` file beside the weights):\n";
        }
        for Assumed { setting, value, stated_by } in &self.unstated {
            text += &format!("  {setting:<20} {value:<24} {}\n", visible(stated_by));
        }
        text
    }
}
