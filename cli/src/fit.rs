//! `memloom fit`.

use crate::args::FitArgs;
use crate::quantity::setting;
use crate::report::{self, print, print_json_line};
use crate::{Result, progress};
use memloom::device::Spec;
use memloom_codegen::visible;
use memloom_fit::{
    Estimate, Fit, Layout, MOST_BYTES, Measurement, Options, Quality, Remark, Source, fit, svg,
};
use memloom_flow::output::{Form, Mark, Target, distinct};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How results and plots are known again.
const RESULT: Mark = Mark::new(Form::Json, "memloom fit");
const PLOT: Mark = Mark::new(Form::Svg, RESULT.by());

/// Fits a model to a CSV file. A model that does not describe the data is an error, after the report.
pub(crate) fn run(args: &FitArgs, json: bool) -> Result<()> {
    let (options, layout) = (options(args)?, layout(args)?);
    let target = |path: &PathBuf, mark| Target::new(path, mark, args.replace.force);
    let out = args.out.as_ref().map(|path| target(path, RESULT)).transpose()?;
    let plot = args.plot.as_ref().map(|path| target(path, PLOT)).transpose()?;
    distinct(out.iter().chain(&plot))?;
    let (data, source) = measured(&args.data, &layout)?;
    let counter = progress::counter("fitting");
    let fit = fit(&args.model, &data, &options);
    counter.finish_and_clear();
    let fit = fit?;
    let object = object(&fit, &data, &source);
    // First, so that a file that cannot be written does not cost the fit.
    if json {
        print_json_line(&object)?
    } else {
        print(&text(&fit, &data, &source))?
    }
    if let Some(out) = out {
        out.write(report::json(&object)?.as_bytes())?;
    }
    if let Some(plot) = plot {
        plot.write(PLOT.sign_svg(&svg(&data, &fit)?).as_bytes())?;
    }
    if fit.quality() == Quality::Poor { Err(refusal(&fit).into()) } else { Ok(()) }
}

/// Why a fit ends with an error, and the flag with which it does not.
fn refusal(fit: &Fit) -> String {
    // Upwards, so that the flag as it is written accepts this very fit.
    let percent = (1e4 * fit.residual).ceil() / 100.0;
    match fit.residual < 1.0 {
        true => format!("{}: `--accept {percent}%`", fit.verdict()),
        false => fit.verdict(),
    }
}

fn layout(args: &FitArgs) -> Result<Layout> {
    let mut layout = Layout::every(args.step);
    for column in &args.columns {
        layout.name(column).map_err(|error| format!("--columns: {error}"))?;
    }
    Ok(layout)
}

/// The data, read once: of a file or of a pipe.
fn measured(path: &Path, layout: &Layout) -> Result<(Measurement, Source)> {
    let contents = memloom_network::files::read(path, MOST_BYTES);
    let contents = contents.map_err(|source| match source.kind() {
        std::io::ErrorKind::FileTooLarge => memloom_fit::Error::File {
            path: path.into(),
            what: format!("{source}: keep at most {MOST_BYTES}, for example every tenth row"),
        },
        _ => memloom_fit::Error::Read { path: path.into(), source },
    })?;
    Ok(Measurement::of_layout(path, &contents.bytes[..], layout)?)
}

fn options(args: &FitArgs) -> Result<Options> {
    let spec = Spec::find(&args.model)?;
    let fixed = args.fix.iter().map(|text| match text.contains('=') {
        true => setting("fix", text, spec).map(|(name, value)| (name, Some(value))),
        false => Ok((text.trim().to_owned(), None)),
    });
    let fixed = fixed.collect::<Result<Vec<_>>>()?;
    let time_limit = args.time_limit.map(Duration::from_secs_f64);
    Ok(Options { set: args.set.clone(), fixed, only: args.free.clone(), time_limit, accept: args.accept })
}

fn object(fit: &Fit, data: &Measurement, source: &Source) -> Value {
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
    let column = |f: &memloom_fit::Found| json!({ "quantity": f.quantity.name(), "column": f.name, "unit": f.unit.symbol });
    json!({
        "generator": RESULT.by(),
        "columns": source.columns.iter().map(column).collect::<Vec<_>>(), "step_seconds": source.step,
        "model": fit.device.spec().name, "describes": fit.describes(), "quality": fit.quality().name(),
        "accept": fit.accept, "verdict": fit.verdict(),
        "points": data.len(), "rms_of_span": fit.rms, "residual": fit.residual, "noise": fit.noise,
        "scale": if fit.logarithmic { "logarithmic" } else { "linear" },
        "unfinished": {
            "untried_starts": fit.unfinished.untried.0, "starts": fit.unfinished.untried.1,
            "stopped_descents": fit.unfinished.stopped.0, "descents": fit.unfinished.stopped.1,
            "coarse_steps": fit.unfinished.coarse,
        },
        "evaluations": fit.evaluations, "parameters": parameters, "attribute": attribute(fit),
    })
}

fn text(fit: &Fit, data: &Measurement, source: &Source) -> String {
    let line = |name: &str, value: &str, error: &str, remark: &str| {
        format!("{name:<12} {value:<24} {error:<14} {remark}").trim_end().to_owned() + "\n"
    };
    let mut text = line("parameter", "value", "standard error", "");
    for e in &fit.estimates {
        let error = e.error.map(|error| e.dimension.show(digits(error, 2))).unwrap_or_default();
        let remark = e.remark.as_ref().map(ToString::to_string).unwrap_or_default();
        text += &line(&e.name, &short(e), &error, &remark);
    }
    let (rms, points) = (100.0 * fit.rms, data.len());
    let scale = if fit.logarithmic { "weighed on a logarithm" } else { "weighed alike" };
    text += &format!("{points} points, currents {scale}, rms residual {rms:.3} % of their span\n");
    if !fit.unfinished.is_nothing() {
        text += &format!(
            "the best so far, after {} evaluations of the model: {}; fix parameters, or give a set, to search less\n",
            fit.evaluations, fit.unfinished
        );
    }
    if !source.is_plain() {
        text += &format!("read: {}\n", visible(&source.to_string()));
    }
    let quality = match fit.quality() {
        Quality::Poor => format!("quality: poor, {}", residual(fit)),
        Quality::Accepted => format!("{}\nquality: accepted, {}", fit.verdict(), residual(fit)),
        Quality::Good => format!("{}\nquality: good, {}", fit.verdict(), residual(fit)),
    };
    text + &format!("{quality}\n{}\n", attribute(fit))
}

fn residual(fit: &Fit) -> String {
    format!("the residual is {:.2} % of the span, the noise {:.2} %", 100.0 * fit.residual, 100.0 * fit.noise)
}

/// A value as a user writes it, a fitted one to six digits.
fn short(e: &Estimate) -> String {
    if e.remark == Some(Remark::Fixed) { e.text.clone() } else { e.dimension.show(digits(e.value, 6)) }
}

fn digits(value: f64, count: usize) -> f64 {
    format!("{value:.*e}", count - 1).parse().unwrap_or(value)
}

/// What to write in a memristor's attribute.
fn attribute(fit: &Fit) -> String {
    let parameters = &fit.estimates[..fit.device.spec().parameters.len()];
    let values: Vec<String> = parameters.iter().map(|e| format!("{} = {}", e.name, short(e))).collect();
    format!("model = {}({})", fit.device.spec().name, values.join(", "))
}
