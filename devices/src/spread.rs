//! Spread of parameters: from device to device, and from cycle to cycle of one device.
//!
//! A draw depends on the seed, the device's index, the cycle's number and the parameter's name, and on nothing else: the
//! same in a netlist and in the reference, in any order and on any thread.

use crate::{Device, Error, Parameter};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::borrow::Cow;

/// Draws of a value before it counts as outside its range.
const TRIES: usize = 1000;

/// How a parameter is distributed about its value; cut off at the ends of its range.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Law {
    /// Normal, of this standard deviation, SI.
    Normal(f64),
    /// The logarithm is normal, of this standard deviation: 0.1 is a spread of some 10 %. The value is the median.
    Lognormal(f64),
    /// Evenly up to this far to either side, SI.
    Uniform(f64),
}

/// A parameter and how it spreads.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Spread {
    /// The parameter.
    pub parameter: Cow<'static, str>,
    /// Its distribution.
    pub law: Law,
}

/// What spreads between devices, and between the cycles of each.
///
/// ```
/// use memloom_devices::{Device, Law, Spread, Variation, Vteam};
/// let variation = Variation {
///     devices: vec![Spread::new("r_off", Law::Lognormal(0.1))],
///     cycles: vec![Spread::new("v_on", Law::Normal(0.02))],
/// };
/// let nominal = Device::from(Vteam::MAGIC);
/// let [first, second] = [0, 1].map(|cycle| variation.cycle(&nominal, 7, 40, cycle).unwrap());
/// assert_eq!(first.get("r_off")?, second.get("r_off")?);
/// assert_ne!(first.get("v_on")?, second.get("v_on")?);
/// # Ok::<(), memloom_devices::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Variation {
    /// From device to device.
    pub devices: Vec<Spread>,
    /// From cycle to cycle, about the device's own values.
    pub cycles: Vec<Spread>,
}

/// What is drawn; each has numbers of its own.
#[derive(Clone, Copy)]
enum Kind {
    Device = 1,
    Cycle = 2,
}

impl Spread {
    /// `parameter` spread by `law`.
    pub fn new(parameter: impl Into<Cow<'static, str>>, law: Law) -> Self {
        Self { parameter: parameter.into(), law }
    }
}

/// Spreads that were published with a model's set: model, set, and from device to device.
///
/// JART: C. Bengel et al., IEEE TCAS-I 67(12), 2020; the deviations that the paper gives, taken as even between them.
const PUBLISHED: &[(&str, &str, &[Spread])] = &[(
    "jart",
    "bengel",
    &[
        Spread { parameter: Cow::Borrowed("n_min"), law: Law::Uniform(2e23) },
        Spread { parameter: Cow::Borrowed("n_max"), law: Law::Uniform(1e26) },
        Spread { parameter: Cow::Borrowed("l_disc"), law: Law::Uniform(0.04e-9) },
        Spread { parameter: Cow::Borrowed("radius"), law: Law::Uniform(5e-9) },
    ],
)];

impl Variation {
    /// The spread that was published with a model's set; none for most.
    pub fn published(model: &str, set: &str) -> Self {
        let found = PUBLISHED.iter().find(|entry| entry.0 == model && entry.1 == set);
        found.map_or_else(Self::default, |entry| Self::of_devices(entry.2.iter().cloned()))
    }

    /// Spread from device to device only.
    pub fn of_devices(spreads: impl IntoIterator<Item = Spread>) -> Self {
        Self { devices: spreads.into_iter().collect(), cycles: Vec::new() }
    }

    /// The `index`-th device, about `nominal`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a name that the model lacks; [`Error::Spread`] for a width that is no width, a parameter
    /// that chooses, and for draws that never are in range.
    pub fn device(&self, nominal: &Device, seed: u64, index: u64) -> Result<Device, Error> {
        draw(nominal, &self.devices, |name| stream(seed, Kind::Device, name, 0, index))
    }

    /// That device in its `cycle`-th cycle.
    ///
    /// # Errors
    /// See [`Self::device`].
    pub fn cycle(&self, nominal: &Device, seed: u64, index: u64, cycle: u64) -> Result<Device, Error> {
        let device = self.device(nominal, seed, index)?;
        draw(&device, &self.cycles, |name| stream(seed, Kind::Cycle, name, cycle, index))
    }
}

/// The numbers of one parameter of one device: seed, kind, cycle and name are the key, the device is the stream.
fn stream(seed: u64, kind: Kind, name: &str, cycle: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..15].copy_from_slice(&cycle.to_le_bytes()[..7]);
    key[15] = kind as u8;
    for (at, byte) in name.bytes().enumerate() {
        key[16 + at % 16] ^= byte.rotate_left((at / 16) as u32);
    }
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(index);
    rng
}

fn draw(about: &Device, spreads: &[Spread], stream: impl Fn(&str) -> ChaCha8Rng) -> Result<Device, Error> {
    let spec = about.spec();
    let mut sources = Vec::new();
    for spread in spreads {
        let at = spec.parameter(&spread.parameter)?;
        spread.check(spec.name, &spec.parameters[at])?;
        sources.push((at, spread.law, stream(&spread.parameter)));
    }
    let nominal = about.values();
    let mut draw = || {
        let mut values = nominal.clone();
        for (at, law, rng) in &mut sources {
            let parameter = &spec.parameters[*at];
            let drawn =
                (0..TRIES).map(|_| law.draw(nominal[*at], rng)).find(|value| parameter.allows(*value));
            values[*at] = drawn.ok_or_else(|| Error::Spread {
                model: spec.name,
                what: format!(
                    "draws of `{}` are never in {}; narrow its spread",
                    parameter.name,
                    parameter.range()
                ),
            })?;
        }
        Ok(about.with_values(&values))
    };
    for _ in 0..TRIES {
        let device: Device = draw()?;
        if device.validate().is_ok() {
            return Ok(device);
        }
    }
    let what = "drawn parameters never agree; narrow the spreads of those that limit each other".into();
    Err(Error::Spread { model: spec.name, what })
}

impl Spread {
    fn check(&self, model: &'static str, parameter: &Parameter) -> Result<(), Error> {
        let (Law::Normal(width) | Law::Lognormal(width) | Law::Uniform(width)) = self.law;
        let name = parameter.name;
        if !(width.is_finite() && width >= 0.0) {
            let what = format!("`{name}` spreads by `{width}`; give a width of 0 or more");
            return Err(Error::Spread { model, what });
        }
        if !parameter.words.is_empty() {
            let what = format!("`{name}` chooses between words; spread a quantity");
            return Err(Error::Spread { model, what });
        }
        Ok(())
    }
}

impl Law {
    fn draw(self, about: f64, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Uniform(half) => about + half * (2.0 * rng.random::<f64>() - 1.0),
            Self::Normal(sigma) => about + sigma * normal(rng),
            Self::Lognormal(sigma) => about * (sigma * normal(rng)).exp(),
        }
    }
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vteam;

    fn drawn(law: Law, name: &'static str, count: u64) -> Vec<f64> {
        let (nominal, variation) =
            (Device::from(Vteam::MAGIC), Variation::of_devices([Spread::new(name, law)]));
        (0..count).map(|k| variation.device(&nominal, 7, k).unwrap().get(name).unwrap()).collect()
    }

    /// Mean and standard deviation.
    fn moments(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
    }

    /// Within five standard errors of what the laws say.
    #[test]
    fn draws_have_the_moments_of_their_law() {
        let count = 10_000;
        let close = |given: f64, wanted: f64, error: f64| {
            assert!((given - wanted).abs() < 5.0 * error, "{given} {wanted}")
        };
        let root = (count as f64).sqrt();
        let (mean, deviation) = moments(&drawn(Law::Normal(20e3), "r_off", count));
        close(mean, 300e3, 20e3 / root);
        close(deviation, 20e3, 20e3 / root);
        let logs: Vec<f64> = drawn(Law::Lognormal(0.2), "r_on", count).iter().map(|r| r.ln()).collect();
        let (mean, deviation) = moments(&logs);
        close(mean, 1e3f64.ln(), 0.2 / root);
        close(deviation, 0.2, 0.2 / root);
        let evenly = drawn(Law::Uniform(0.1), "v_off", count);
        let (mean, deviation) = moments(&evenly);
        close(mean, 0.3, 0.1 / 3f64.sqrt() / root);
        close(deviation, 0.1 / 3f64.sqrt(), 0.1 / root);
        assert!(evenly.iter().all(|v| (0.2..=0.4).contains(v)));
    }

    #[test]
    fn draws_stay_in_range_and_in_agreement() {
        // A third of these would be below the least exponent of 1 without the cut.
        let own = Device::named("vteam", None, &[("alpha_on", 1.5), ("r_off", 2e3)]).unwrap();
        let spreads = [
            Spread::new("alpha_on", Law::Normal(1.0)),
            Spread::new("r_off", Law::Lognormal(1.0)),
            Spread::new("r_on", Law::Lognormal(1.0)),
        ];
        let variation = Variation::of_devices(spreads);
        for k in 0..1000 {
            variation.device(&own, 1, k).unwrap().validate().unwrap();
        }
    }

    #[test]
    fn a_draw_depends_on_its_place_alone() {
        let nominal = Device::from(Vteam::MAGIC);
        let (a, b) = (Spread::new("v_on", Law::Normal(0.1)), Spread::new("v_off", Law::Normal(0.01)));
        let both = Variation { devices: vec![a.clone(), b.clone()], cycles: vec![a.clone()] };
        let one = Variation::of_devices([a.clone()]);
        let v_on = |variation: &Variation, seed, k| {
            variation.device(&nominal, seed, k).unwrap().get("v_on").unwrap()
        };
        assert_eq!(v_on(&both, 3, 40), v_on(&one, 3, 40), "others do not matter");
        assert_ne!(v_on(&both, 3, 40), v_on(&both, 3, 41));
        assert_ne!(v_on(&both, 3, 40), v_on(&both, 4, 40));
        let cycle = |n| both.cycle(&nominal, 3, 40, n).unwrap();
        assert_ne!(cycle(0), cycle(1));
        assert_eq!(cycle(1).get("v_off"), both.device(&nominal, 3, 40).unwrap().get("v_off"));
        assert_eq!(one.cycle(&nominal, 3, 40, 9), one.device(&nominal, 3, 40), "no cycles, no change");
    }

    #[test]
    fn published_spreads_can_be_drawn() {
        for set in Device::SPECS.iter().flat_map(|spec| spec.sets) {
            let variation = Variation::published(set.device.spec().name, set.name);
            for k in 0..100 {
                let drawn = variation.device(&set.device, 1, k).unwrap();
                assert_eq!(drawn == set.device, variation.devices.is_empty(), "{}", set.name);
            }
        }
    }

    #[test]
    fn mistakes_are_named() {
        let refused = |name: &'static str, law| {
            let variation = Variation::of_devices([Spread::new(name, law)]);
            variation.device(&Vteam::MAGIC.into(), 1, 0).unwrap_err().to_string()
        };
        assert!(refused("k", Law::Normal(1.0)).contains("`k_off`"));
        assert!(refused("r_on", Law::Normal(f64::NAN)).contains("width of 0 or more"));
        assert!(refused("r_on", Law::Normal(-1.0)).contains("width of 0 or more"));
        assert!(refused("v_on", Law::Uniform(f64::MAX)).contains("never in"));
    }
}
