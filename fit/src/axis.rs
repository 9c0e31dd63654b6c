//! What a fit may change, and the coordinates that it changes it in.

use crate::{Error, Options};
use memloom_devices::{Device, Dimension};

/// Ratio of a range's ends above which a parameter is fitted by its logarithm.
const WIDE: f64 = 100.0;

/// What an axis moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Moves {
    /// The parameter at this position of the model's table.
    Parameter(usize),
    /// The model's first state at the start.
    Start,
}

/// One free value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) moves: Moves,
    pub(crate) name: String,
    pub(crate) dimension: Dimension,
    /// Lowest and highest value, SI.
    pub(crate) range: (f64, f64),
    /// Sign of the values of an axis that is logarithmic; 0 for a linear one.
    sign: f64,
}

impl Axis {
    /// The axes of `device`, in the order of its table, the start last.
    pub(crate) fn all(device: &Device, options: &Options) -> Result<Vec<Self>, Error> {
        let spec = device.spec();
        let state = format!("{}_0", spec.states[0].name);
        let known = |name: &str| if name == state { Ok(()) } else { spec.parameter(name).map(|_| ()) };
        options.only.iter().try_for_each(|name| known(name))?;
        let free = |name: &str| {
            options.fixed.iter().all(|fixed| fixed.0 != name)
                && (options.only.is_empty() || options.only.iter().any(|only| only == name))
        };
        let quantities =
            spec.parameters.iter().enumerate().filter(|(_, p)| p.words.is_empty() && free(p.name));
        let mut axes: Vec<Self> = quantities
            .map(|(at, p)| Self::new(Moves::Parameter(at), p.name.into(), p.dimension, (p.low, p.high)))
            .collect();
        if free(&state) {
            let (low, high) = device.bounds()[0];
            // A state without bounds is odds of a share: e^30 to one is an end.
            let range = (low.max(-30.0), high.min(30.0));
            axes.push(Self::new(Moves::Start, state, Dimension::Number, range));
        }
        if axes.is_empty() {
            let what = "nothing is free; fix fewer parameters".into();
            return Err(Error::Options { what });
        }
        Ok(axes)
    }

    fn new(moves: Moves, name: String, dimension: Dimension, range: (f64, f64)) -> Self {
        let (low, high) = range;
        let wide = low * high > 0.0 && (low / high).max(high / low) > WIDE;
        Self { moves, name, dimension, range, sign: if wide { low.signum() } else { 0.0 } }
    }

    pub(crate) fn is_logarithmic(&self) -> bool {
        self.sign != 0.0
    }

    /// The value's logarithm where the axis is logarithmic, else the value.
    pub(crate) fn natural(&self, value: f64) -> f64 {
        if self.is_logarithmic() { (value * self.sign).ln() } else { value }
    }

    pub(crate) fn value(&self, natural: f64) -> f64 {
        let value = if self.is_logarithmic() { self.sign * natural.exp() } else { natural };
        value.clamp(self.range.0, self.range.1)
    }

    /// The ends of the range, in natural coordinates.
    pub(crate) fn ends(&self) -> (f64, f64) {
        let (a, b) = (self.natural(self.range.0), self.natural(self.range.1));
        (a.min(b), a.max(b))
    }

    /// A coordinate without ends: a sine folds it into the range.
    pub(crate) fn unbounded(&self, natural: f64) -> f64 {
        let (low, high) = self.ends();
        // A little inside: at an end nothing would move.
        (2.0 * (natural - low) / (high - low) - 1.0).clamp(-0.9999, 0.9999).asin()
    }

    pub(crate) fn bounded(&self, unbounded: f64) -> f64 {
        let (low, high) = self.ends();
        low + (high - low) * 0.5 * (unbounded.sin() + 1.0)
    }

    /// Value of this axis in a device and its start.
    pub(crate) fn of(&self, device: &Device, start: &[f64]) -> f64 {
        match self.moves {
            Moves::Parameter(at) => device.values()[at],
            Moves::Start => start[0],
        }
    }

    /// Whether a natural coordinate is at an end, and which.
    pub(crate) fn end(&self, natural: f64) -> Option<&'static str> {
        let (low, high) = self.ends();
        let part = (natural - low) / (high - low);
        let upper = if self.sign < 0.0 { ("highest", "lowest") } else { ("lowest", "highest") };
        if part < 1e-3 {
            Some(upper.0)
        } else if part > 1.0 - 1e-3 {
            Some(upper.1)
        } else {
            None
        }
    }
}

/// The device and its start with the axes at natural coordinates; `None` where parameters contradict each other.
pub(crate) fn place(device: &Device, axes: &[Axis], natural: &[f64]) -> Option<(Device, Vec<f64>)> {
    let (mut values, mut start) = (device.values(), device.initial());
    for (axis, q) in axes.iter().zip(natural) {
        match axis.moves {
            Moves::Parameter(at) => values[at] = axis.value(*q),
            Moves::Start => start[0] = axis.value(*q),
        }
    }
    let device = device.with_values(&values);
    device.validate().is_ok().then_some((device, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_go_there_and_back() {
        let device = Device::named("vteam", None, &[]).unwrap();
        let axes = Axis::all(&device, &Options::default()).unwrap();
        assert_eq!(axes.len(), 10);
        for axis in &axes {
            let value = axis.of(&device, &[0.3]);
            let there = axis.unbounded(axis.natural(value));
            let back = axis.value(axis.bounded(there));
            assert!((back / value - 1.0).abs() < 1e-9, "{}: {back} for {value}", axis.name);
            for far in [-50.0, 7.0, 1e6] {
                let value = axis.value(axis.bounded(far));
                assert!(axis.range.0 <= value && value <= axis.range.1, "{}", axis.name);
            }
        }
        let logarithmic: Vec<_> =
            axes.iter().filter(|a| a.is_logarithmic()).map(|a| a.name.as_str()).collect();
        assert_eq!(logarithmic, ["k_off", "k_on", "v_off", "v_on", "r_on", "r_off", "d"]);
        assert_eq!(axes[1].end(axes[1].natural(-1e-18)), Some("highest"));
    }

    #[test]
    fn fixed_parameters_have_no_axis() {
        let device = Device::named("vteam", None, &[]).unwrap();
        let options =
            Options { fixed: vec![("d".into(), None)], only: vec!["d".into()], ..Options::default() };
        assert!(Axis::all(&device, &options).is_err());
        let options = Options { only: vec!["r_on".into(), "x_0".into()], ..Options::default() };
        let names: Vec<_> = Axis::all(&device, &options).unwrap().into_iter().map(|a| a.name).collect();
        assert_eq!(names, ["r_on", "x_0"]);
        let options = Options { only: vec!["r_no".into()], ..Options::default() };
        assert!(Axis::all(&device, &options).unwrap_err().to_string().contains("`r_on`"));
    }
}
