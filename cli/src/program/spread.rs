//! Spreads as arguments.

use crate::Result;
use crate::args::ProgramArgs;
use crate::quantity::quantity;
use memloom::device::{Dimension, Law, Spec, Spread, Variation};

/// Whether more than the one nominal device is asked for.
pub(super) fn wanted(args: &ProgramArgs) -> bool {
    args.devices.is_some() || args.cycles.is_some() || !args.spread.is_empty() || !args.cycle_spread.is_empty()
}

/// What the arguments spread; the published spread of the set if they spread nothing.
pub(super) fn variation(args: &ProgramArgs) -> Result<Variation> {
    let spec = Spec::find(&args.model)?;
    let laws = |texts: &[String]| texts.iter().map(|text| law(text, spec)).collect::<Result<Vec<_>>>();
    let given = Variation { devices: laws(&args.spread)?, cycles: laws(&args.cycle_spread)? };
    if given != Variation::default() {
        return Ok(given);
    }
    let set = args.set.as_deref().unwrap_or(spec.sets[0].name);
    let published = Variation::published(spec.name, set);
    if published == Variation::default() {
        let what = format!("set `{set}` of `{}` has no published spread; give one by `--spread`", spec.name);
        return Err(what.into());
    }
    Ok(published)
}

/// `NAME=LAW:WIDTH`.
fn law(text: &str, spec: &Spec) -> Result<Spread> {
    let wrong = || {
        format!(
            "`{text}` is no spread; write a parameter, a law and a width, such as `v_on=normal:10mV`, `v_on=uniform:50mV` \
             or `r_on=lognormal:10%`"
        )
    };
    let (name, law) = text.split_once('=').ok_or_else(wrong)?;
    let (law, width) = law.split_once(':').ok_or_else(wrong)?;
    let parameter = &spec.parameters[spec.parameter(name.trim())?];
    let law = match law.trim() {
        "normal" => Law::Normal(quantity(width, parameter.dimension)?),
        "uniform" => Law::Uniform(quantity(width, parameter.dimension)?),
        "lognormal" => Law::Lognormal(quantity(width, Dimension::Number)?),
        _ => return Err(wrong().into()),
    };
    Ok(Spread::new(parameter.name, law))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_read_with_their_units() {
        let spec = Spec::find("vteam").unwrap();
        for (text, name, wanted) in [
            ("v_on=normal:10mV", "v_on", Law::Normal(0.01)),
            (" r_on = uniform : 0.1kohm ", "r_on", Law::Uniform(100.0)),
            ("r_off=lognormal:10%", "r_off", Law::Lognormal(0.1)),
        ] {
            assert_eq!(law(text, spec).unwrap(), Spread::new(name, wanted));
        }
        for (text, said) in [
            ("v_on", "is no spread"),
            ("v_on=10mV", "is no spread"),
            ("v_on=gauss:10mV", "`v_on=normal:10mV`"),
            ("v_onn=normal:10mV", "write `v_on`, or one of"),
            ("v_on=normal:10mA", "is not a voltage"),
            ("v_on=lognormal:10mV", "is not a plain number"),
        ] {
            let error = law(text, spec).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
