//! Spreads of a device's parameters as arguments: `v_on=normal:10mV`.

use crate::Result;
use crate::quantity::{limits, quantity};
use memloom::device::{Law, Parameter, Spec, Spread, Variation};

/// The spreads that `devices` and `cycles` say, from device to device and from cycle to cycle.
pub(crate) fn variation(spec: &Spec, devices: &[String], cycles: &[String]) -> Result<Variation> {
    let laws = |flag: &str, texts: &[String]| {
        let one = |text: &String| law(text, spec).map_err(|what| format!("--{flag}={text}: {what}").into());
        texts.iter().map(one).collect::<Result<Vec<_>>>()
    };
    Ok(Variation { devices: laws("spread", devices)?, cycles: laws("cycle-spread", cycles)? })
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
        "normal" => Law::Normal(breadth(text, width, parameter)?),
        "uniform" => Law::Uniform(breadth(text, width, parameter)?),
        "lognormal" => Law::Lognormal(limits::LOGNORMAL.read(width)?),
        _ => return Err(wrong().into()),
    };
    Ok(Spread::new(parameter.name, law))
}

/// A width that stays within the parameter's own range: wider, and hardly a draw would be a device.
fn breadth(text: &str, width: &str, parameter: &Parameter) -> Result<f64> {
    let value = quantity(width, parameter.dimension)?;
    let most = parameter.high - parameter.low;
    if value <= most {
        return Ok(value);
    }
    let (name, most) = (parameter.name, parameter.dimension.show(most));
    Err(format!(
        "`{text}` is above `{most}`, the whole range of `{name}`; write a width such as a tenth of its value"
    )
    .into())
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
