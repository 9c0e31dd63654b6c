//! The points of a sweep: every combination of the values of one or two parameters.

use crate::Result;
use crate::setup::Setup;
use serde::Serialize;

/// Most points of a sweep; a sweep is meant to end.
const MOST: usize = 10_000;

/// A parameter and the values that it takes in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Axis {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

impl std::str::FromStr for Axis {
    type Err = String;

    /// `NAME=VALUE,VALUE,..`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = || format!("`{text}`: write a parameter and its values, such as `program_error=1%,3%`");
        let (name, values) = text.split_once('=').ok_or_else(wrong)?;
        let values: Vec<String> = values.split(',').map(|v| v.trim().to_owned()).collect();
        if name.is_empty() || values.iter().any(String::is_empty) {
            return Err(wrong());
        }
        if let Some(k) = (1..values.len()).find(|k| values[..*k].contains(&values[*k])) {
            return Err(format!("`{text}`: `{}` stands there twice; remove one", values[k]));
        }
        Ok(Self { name: name.trim().replace('-', "_"), values })
    }
}

/// One combination of values, in the order of the axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GridPoint {
    pub(crate) values: Vec<String>,
}

impl GridPoint {
    /// `r_wire 1, tile 64`.
    pub(crate) fn text(&self, axes: &[Axis]) -> String {
        let pairs = axes.iter().zip(&self.values).map(|(axis, value)| (axis.name.clone(), value.clone()));
        Setup::text(&pairs.collect::<Vec<_>>())
    }

    /// The setup at this point.
    pub(crate) fn setup(&self, axes: &[Axis], base: &Setup) -> Result<Setup> {
        let mut setup = base.clone();
        for (axis, value) in axes.iter().zip(&self.values) {
            setup.set(&axis.name, value)?;
        }
        Ok(setup)
    }
}

/// Every combination, the last axis fastest. Each value is tried on `base`, so that a mistake shows before the work.
pub(crate) fn grid(axes: &[Axis], base: &Setup) -> Result<Vec<GridPoint>> {
    if let Some(k) = (1..axes.len()).find(|k| axes[..*k].iter().any(|axis| axis.name == axes[*k].name)) {
        return Err(format!("`{}` is varied twice; give all its values in one `--vary`", axes[k].name).into());
    }
    let count = axes.iter().map(|axis| axis.values.len()).fold(1, usize::saturating_mul);
    if count > MOST {
        return Err(format!("{count} points are more than {MOST}; give fewer values").into());
    }
    let mut points = vec![GridPoint { values: Vec::new() }];
    for axis in axes {
        let with = |point: &GridPoint, value: &String| GridPoint {
            values: [&point.values[..], std::slice::from_ref(value)].concat(),
        };
        points = points.iter().flat_map(|point| axis.values.iter().map(move |v| with(point, v))).collect();
    }
    let tried = points.iter().try_for_each(|point| point.setup(axes, base).map(drop));
    tried.map_err(|what| format!("--vary: {what}"))?;
    Ok(points)
}
