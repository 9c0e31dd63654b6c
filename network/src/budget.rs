//! What a network takes in memory, told from its shapes before any of it is allocated.

use std::{fmt, fs, str::FromStr};

use crate::{
    graph::{Graph, Op, Shape},
    reference::LANES,
};

const GIB: u64 = 1 << 30;

/// Bytes that a weight takes: as read, folded, split by sign, as conductances, and compiled for the evaluator.
const PER_WEIGHT: u64 = 64;

/// Bytes of an activation.
const VALUE: u64 = size_of::<f64>() as u64;

/// Pictures per input channel that ranges are measured on where there is no calibration.
const PICTURES: u64 = 4;

/// Memory that a network may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// In bytes.
    pub bytes: u64,
}

/// A text that is no size.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no amount of memory; write one such as `12GiB` or `800MiB`")]
pub struct NotASize(String);

/// What a network takes at its peak, in bytes, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Every layer's values, for the images that are computed side by side.
    pub activations: u64,
    /// The weights and the circuit's cells.
    pub weights: u64,
    /// Elements of the largest layer's output.
    largest: u64,
}

/// A network that would take more memory than it may.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "the network would take about {need} of memory, more than {budget}: {activations} for the values of its layers \
     (the largest has {largest} on an image of {input}), {weights} for weights and cells; make the image smaller by \
     `--input`, use fewer `--threads`, or allow more by `--memory-budget` or MEMLOOM_MEMORY"
)]
pub struct OverBudget {
    need: Budget,
    budget: Budget,
    activations: Budget,
    weights: Budget,
    largest: u64,
    input: Shape,
}

impl Need {
    /// What the graph takes, on as many threads as there are now.
    pub fn of(graph: &Graph) -> Self {
        let sizes = || graph.nodes().iter().map(|node| node.shape.elements() as u64);
        let values: u64 = sizes().fold(0, u64::saturating_add);
        let input = graph.nodes().first().map_or(1, |node| node.shape.channels as u64);
        let threads = rayon::current_num_threads() as u64;
        let together = threads.min((PICTURES * input).div_ceil(LANES as u64));
        // The images side by side, and one of them on its own.
        let activations = values.saturating_mul(VALUE * (LANES as u64 + 1)).saturating_mul(together);
        let weights = graph.nodes().iter().map(|node| weights(&node.op)).fold(0, u64::saturating_add);
        Self {
            activations,
            weights: weights.saturating_mul(PER_WEIGHT),
            largest: sizes().max().unwrap_or_default(),
        }
    }

    /// The sum.
    pub fn bytes(&self) -> u64 {
        self.activations.saturating_add(self.weights)
    }

    /// Refuses what goes beyond a budget.
    ///
    /// # Errors
    /// If it does, with what takes the memory.
    pub fn within(&self, budget: Budget, input: Shape) -> Result<(), OverBudget> {
        if self.bytes() <= budget.bytes {
            return Ok(());
        }
        let size = |bytes| Budget { bytes };
        Err(OverBudget {
            need: size(self.bytes()),
            budget,
            activations: size(self.activations),
            weights: size(self.weights),
            largest: self.largest,
            input,
        })
    }
}

fn weights(op: &Op) -> u64 {
    match op {
        Op::Conv(conv) => conv.weight.len() as u64,
        Op::Linear(linear) => linear.weight.len() as u64,
        _ => 0,
    }
}

/// 8 GiB, or three quarters of the machine's memory if that is less.
impl Default for Budget {
    fn default() -> Self {
        let of_machine = machine().map_or(u64::MAX, |bytes| bytes / 4 * 3);
        Self { bytes: of_machine.min(8 * GIB) }
    }
}

/// The machine's memory in bytes, where the system tells it.
fn machine() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// As `12.3 GiB`.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match self.bytes {
            GIB.. => (GIB, "GiB"),
            _ => (1 << 20, "MiB"),
        };
        write!(f, "{:.1} {name}", self.bytes as f64 / unit as f64)
    }
}

impl FromStr for Budget {
    type Err = NotASize;

    /// A number and one of `KiB`, `MiB`, `GiB`, `TiB`, or with `B` for `iB` a power of ten.
    fn from_str(text: &str) -> Result<Self, NotASize> {
        let wrong = || NotASize(text.to_owned());
        let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
        let (number, unit) = text.split_at(split);
        let scale = match unit {
            "kB" | "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            "KiB" => 1024.0,
            "MiB" => (1u64 << 20) as f64,
            "GiB" => GIB as f64,
            "TiB" => (1u64 << 40) as f64,
            _ => return Err(wrong()),
        };
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        let bytes = number * scale;
        if bytes.is_finite() && bytes >= 1.0 { Ok(Self { bytes: bytes as u64 }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let bytes = |text: &str| text.parse::<Budget>().map(|budget| budget.bytes);
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        assert_eq!(bytes("1.5 MiB"), Ok(3 << 19));
        assert_eq!(bytes("12GB"), Ok(12_000_000_000));
        for text in ["", "12", "GiB", "-1GiB", "0MiB", "1e400GiB", "nanGiB", "8 apples"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        assert_eq!(Budget { bytes: 3 << 29 }.to_string(), "1.5 GiB");
    }

    #[test]
    fn what_goes_beyond_is_refused_by_its_shape() {
        let shape = Shape::new(1, 8192, 8192);
        let mut graph = Graph::default();
        graph.push("input", "", Op::Input(shape), &[]).unwrap();
        let need = Need::of(&graph);
        assert_eq!(need.activations, (1 << 26) * 72);
        assert_eq!(need.within(Budget { bytes: need.bytes() }, shape), Ok(()));
        let error = need.within(Budget { bytes: 1 << 30 }, shape).unwrap_err().to_string();
        assert!(error.contains("about 4.5 GiB of memory, more than 1.0 GiB"), "{error}");
        assert!(error.contains("67108864 on an image of 1x8192x8192"), "{error}");
    }
}
