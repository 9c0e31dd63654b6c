//! Runs generated decks, and compares what a simulator computes with what the native evaluator does.

use super::pieces::Solved;
use super::raw::Plot;
use super::{Engine, Error, Limits};
use memloom_codegen::Deck;
use std::path::Path;

/// Writes `deck` into `directory`, runs it there, and gives back its output voltages, volt, as `[vector][output]`:
/// one row for each of its `vectors` inputs, one column for each of `deck.outputs`.
///
/// # Errors
/// Those of writing and of [`Engine::run`]; and when the run has another number of points than `vectors`, or lacks
/// an output.
pub fn outputs(
    engine: &dyn Engine,
    deck: &Deck,
    vectors: usize,
    directory: &Path,
    limits: &Limits,
) -> Result<Vec<Vec<f64>>, Error> {
    Ok(simulate(engine, deck, vectors, directory, limits)?.outputs)
}

/// As [`outputs`], with what the run took.
pub(super) fn simulate(
    engine: &dyn Engine,
    deck: &Deck,
    vectors: usize,
    directory: &Path,
    limits: &Limits,
) -> Result<Solved, Error> {
    let path = deck.write_to(directory).map_err(|error| Error::Generate { what: error.to_string() })?;
    let run = engine.run(&path, limits)?;
    let wrong = |reason: String| Error::Failed {
        engine: engine.name(),
        deck: path.clone(),
        reason,
        log: super::tail(&run.log),
    };
    let [plot] = run.plots.as_slice() else {
        return Err(wrong(format!("it made {} plots where one was expected", run.plots.len())));
    };
    if plot.points != vectors {
        return Err(wrong(format!("it computed {} points where {vectors} were expected", plot.points)));
    }
    let raw = |source| Error::Raw { path: directory.join(deck.raw), source };
    let voltages = |node: &String| Plot::voltage(plot, node);
    let columns = deck.outputs.iter().map(voltages).collect::<Result<Vec<_>, _>>().map_err(raw)?;
    if let Some(short) = columns.iter().position(|column| column.len() != vectors) {
        return Err(wrong(format!(
            "output `{}` has {} points of {vectors}",
            deck.outputs[short],
            columns[short].len()
        )));
    }
    let outputs = (0..vectors).map(|vector| columns.iter().map(|column| column[vector]).collect());
    Ok(Solved { outputs: outputs.collect(), decks: 1, time: run.wall, peak_rss: run.peak_rss })
}

/// The least span, volt, that a difference is measured by: outputs that hardly move, or not at all, are judged as if
/// they moved by this much.
pub const LEAST_SPAN: f64 = 1e-3;

/// How far two evaluations of one circuit are apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Largest difference of two voltages, volt.
    pub absolute: f64,
    /// The same over the span, highest less lowest, of all native voltages, or over [`LEAST_SPAN`] if that is more.
    pub of_span: f64,
    /// The same over the largest native voltage.
    pub of_largest: f64,
    /// The input vector where it is.
    pub vector: usize,
    /// The output where it is.
    pub output: String,
    /// The native voltage there, volt.
    pub native: f64,
    /// The simulated voltage there, volt.
    pub simulated: f64,
    /// Voltages compared.
    pub count: usize,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { absolute, of_largest, vector, output, native, simulated, count, .. } = self;
        write!(f, "{absolute:.3e} V ({of_largest:.3e} of the largest) at most over {count} voltages: ")?;
        write!(f, "output `{output}` of vector {vector} is {native} V natively, {simulated} V simulated")
    }
}

/// Compares two evaluations `[vector][output]`, volt; `outputs` names the columns.
///
/// # Errors
/// [`Error::Compare`] when there is nothing to compare, when the shapes differ, or when a voltage is not finite.
pub fn compare(outputs: &[String], native: &[Vec<f64>], simulated: &[Vec<f64>]) -> Result<Difference, Error> {
    let wrong = |what: String| Err(Error::Compare { what });
    if native.is_empty() || outputs.is_empty() {
        return wrong("there are no voltages".into());
    }
    if native.len() != simulated.len() {
        return wrong(format!("{} native vectors, {} simulated", native.len(), simulated.len()));
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut worst, mut at) = (-1.0, (0, 0));
    for (vector, (ours, theirs)) in native.iter().zip(simulated).enumerate() {
        if ours.len() != outputs.len() || theirs.len() != outputs.len() {
            let (ours, theirs) = (ours.len(), theirs.len());
            let named = outputs.len();
            return wrong(format!(
                "vector {vector} has {ours} native and {theirs} simulated of {named} outputs"
            ));
        }
        for (output, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            if !(ours.is_finite() && theirs.is_finite()) {
                let name = &outputs[output];
                return wrong(format!(
                    "output `{name}` of vector {vector} is {ours} natively, {theirs} simulated"
                ));
            }
            (low, high) = (low.min(*ours), high.max(*ours));
            if (ours - theirs).abs() > worst {
                (worst, at) = ((ours - theirs).abs(), (vector, output));
            }
        }
    }
    let (vector, output) = at;
    Ok(Difference {
        absolute: worst,
        of_span: worst / (high - low).max(LEAST_SPAN),
        of_largest: ratio(worst, high.abs().max(low.abs())),
        vector,
        output: outputs[output].clone(),
        native: native[vector][output],
        simulated: simulated[vector][output],
        count: native.len() * outputs.len(),
    })
}

/// `part` of `whole`: of nothing, no difference is none, and any is infinite.
fn ratio(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> [String; 2] {
        ["a".into(), "b".into()]
    }

    #[test]
    fn the_worst_voltage_is_found_and_named() {
        let native = [vec![-1.0, 0.0], vec![0.5, 1.0]];
        let simulated = [vec![-1.0, 0.1], vec![0.5, 0.8]];
        let difference = compare(&names(), &native, &simulated).unwrap();
        assert!((difference.absolute - 0.2).abs() < 1e-15 && (difference.of_span - 0.1).abs() < 1e-15);
        assert!((difference.of_largest - 0.2).abs() < 1e-15);
        assert_eq!((difference.vector, difference.output.as_str(), difference.count), (1, "b", 4));
        assert_eq!((difference.native, difference.simulated), (1.0, 0.8));
    }

    #[test]
    fn constants_are_measured_by_the_least_span() {
        let same = [vec![2.0, 2.0]];
        let difference = compare(&names(), &same, &same).unwrap();
        assert_eq!((difference.absolute, difference.of_span, difference.of_largest), (0.0, 0.0, 0.0));
        let other = compare(&names(), &same, &[vec![2.0, 2.0 + 1e-9]]).unwrap();
        assert!((other.of_span - 1e-6).abs() < 1e-9, "{other}");
        // A span of its own counts as soon as it is larger.
        let wider = compare(&names(), &[vec![2.0, 2.1]], &[vec![2.0, 2.1 + 1e-9]]).unwrap();
        assert!((wider.of_span - 1e-8).abs() < 1e-11, "{wider}");
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        let one = [vec![1.0, 2.0]];
        for (native, simulated, part) in [
            (&[][..], &[][..], "no voltages"),
            (&one, &[], "1 native vectors, 0 simulated"),
            (&one, &[vec![1.0]], "2 native and 1 simulated of 2 outputs"),
            (&one, &[vec![1.0, f64::NAN]], "output `b` of vector 0"),
            (&[vec![f64::INFINITY, 1.0]], &one, "output `a` of vector 0"),
        ] {
            let error = compare(&names(), native, simulated).unwrap_err().to_string();
            assert!(error.contains(part), "{error:?} lacks {part:?}");
        }
    }
}
