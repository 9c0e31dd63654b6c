//! `memloom fit`.

use crate::Result;
use crate::args::FitArgs;
use crate::progress;
use crate::quantity::setting;
use crate::report::print;
use memloom::device::Spec;
use memloom_codegen::write_text;
use memloom_fit::{Fit, Measurement, Options, Remark, fit, svg};
use serde_json::{Value, json};
use std::path::Path;

/// Fits a model to a CSV file.
pub(crate) fn run(args: &FitArgs, json: bool) -> Result<()> {
    let options = options(args)?;
    let data = Measurement::read(&args.data)?;
    let counter = progress::counter("fitting");
    let fit = fit(&args.model, &data, &options)?;
    counter.finish_and_clear();
    if let Some(path) = &args.out {
        save(path, &(serde_json::to_string_pretty(&object(&fit, &data))? + "\n"))?;
    }
    if let Some(path) = &args.plot {
        save(path, &svg(&data, &fit)?)?;
    }
    if json {
        return print(&format!("{}\n", object(&fit, &data)));
    }
    print(&text(&fit, &data))
}

fn options(args: &FitArgs) -> Result<Options> {
    let spec = Spec::find(&args.model)?;
    let fixed = args.fix.iter().map(|text| match text.contains('=') {
        true => setting(text, spec).map(|(name, value)| (name, Some(value))),
        false => Ok((text.trim().to_owned(), None)),
    });
    let fixed = fixed.collect::<Result<Vec<_>>>()?;
    Ok(Options { set: args.set.clone(), fixed, only: args.free.clone() })
}

/// Writes a file whole or not at all.
pub(crate) fn save(path: &Path, text: &str) -> Result<()> {
    let (Some(folder), Some(file)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(format!("`{}` is no file that can be written; give a file's path", path.display()).into());
    };
    write_text(folder, file, text)?;
    Ok(())
}

fn object(fit: &Fit, data: &Measurement) -> Value {
    let parameters: Vec<Value> = fit
        .estimates
        .iter()
        .map(|e| {
            json!({
                "name": e.name, "value": e.value, "unit": e.dimension.symbol(), "standard_error": e.error,
                "fitted": e.remark != Some(Remark::Fixed), "remark": e.remark.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    json!({
        "model": fit.device.spec().name, "describes": fit.describes(), "verdict": fit.verdict(),
        "points": data.len(), "rms_of_span": fit.rms, "residual": fit.residual, "noise": fit.noise,
        "scale": if fit.logarithmic { "logarithmic" } else { "linear" },
        "parameters": parameters, "attribute": attribute(fit),
    })
}

fn text(fit: &Fit, data: &Measurement) -> String {
    let mut text =
        format!("{:<12} {:<24} {:<14} \n", "parameter", "value", "standard error").trim_end().to_owned();
    text += "\n";
    for e in &fit.estimates {
        let error = e.error.map(|error| e.dimension.show(rounded(error))).unwrap_or_default();
        let remark = e.remark.as_ref().map(ToString::to_string).unwrap_or_default();
        let shown = if e.remark == Some(Remark::Fixed) { e.text.clone() } else { short(e) };
        text += format!("{:<12} {shown:<24} {error:<14} {remark}", e.name).trim_end();
        text += "\n";
    }
    let (rms, points) = (100.0 * fit.rms, data.len());
    let scale = if fit.logarithmic { "weighed on a logarithm" } else { "weighed alike" };
    text += &format!(
        "{points} points, currents {scale}, rms residual {rms:.3} % of their span\n{}\n",
        fit.verdict()
    );
    if fit.describes() {
        text += &format!("{}\n", attribute(fit));
    }
    text
}

/// A fitted value, to six digits.
fn short(estimate: &memloom_fit::Estimate) -> String {
    let value: f64 = format!("{:.5e}", estimate.value).parse().unwrap_or(estimate.value);
    if estimate.text.contains(char::is_alphabetic) {
        estimate.dimension.show(value)
    } else {
        format!("{value}")
    }
}

fn rounded(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// What to write in a memristor's attribute.
fn attribute(fit: &Fit) -> String {
    let spec = fit.device.spec();
    let values = spec.parameters.iter().zip(fit.device.values());
    let values: Vec<String> = values.map(|(p, value)| format!("{} = {}", p.name, p.show(value))).collect();
    format!("model = {}({})", spec.name, values.join(", "))
}
