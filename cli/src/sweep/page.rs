//! A sweep for people: lines of text, and a page of plots.

use super::plot::{Labels, Plot, Point, curve, heat_map};
use super::{Axis, Row};
use crate::args::SweepArgs;
use crate::eval::{Labelled, mean_and_deviation};
use crate::setup::{PARAMETERS, Parameter, Setup};
use crate::{Result, html};
use memloom_codegen::visible;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use serde_json::json;

/// The chips of one point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    pub(crate) values: Vec<String>,
    /// Accuracy of each chip, 0 to 1.
    pub(crate) accuracies: Vec<f64>,
    /// Share of images that get the reference's class, mean of the chips.
    pub(crate) same_class: f64,
}

impl Summary {
    fn extremes(&self) -> (f64, f64) {
        self.accuracies.iter().fold((1.0, 0.0), |(low, high), a| (a.min(low), a.max(high)))
    }
}

/// One summary per point, in order.
pub(crate) fn summary(axes: &[Axis], rows: &[Row<'_>]) -> Vec<Summary> {
    let count: usize = axes.iter().map(|axis| axis.values.len()).product();
    let of_point = |rows: &[Row<'_>]| Summary {
        values: rows[0].point.values.clone(),
        accuracies: rows.iter().map(|row| row.score.accuracy()).collect(),
        same_class: rows
            .iter()
            .map(|row| row.score.same_class as f64 / row.score.images() as f64)
            .sum::<f64>()
            / rows.len() as f64,
    };
    rows.chunks(rows.len() / count.max(1)).map(of_point).collect()
}

fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
}

/// A line per point.
pub(crate) fn text(axes: &[Axis], points: &[Summary], images: &Labelled) -> String {
    let mut text = format!(
        "{} images of {}, digital reference {} %\n",
        images.inputs.len(),
        visible(&images.file.display().to_string()),
        percent(images.reference_accuracy())
    );
    axes.iter().for_each(|axis| text += &format!("{:<18}", visible(&axis.name)));
    text += &format!("{:>10}{:>11}{:>10}{:>10}\n", "accuracy", "deviation", "worst", "best");
    for point in points {
        let (mean, deviation) = mean_and_deviation(&point.accuracies);
        let (worst, best) = point.extremes();
        point.values.iter().for_each(|value| text += &format!("{:<18}", visible(value)));
        text += &format!(
            "{:>8} %{:>9} %{:>8} %{:>8} %\n",
            percent(mean),
            percent(deviation),
            percent(worst),
            percent(best)
        );
    }
    text
}

/// What a page is about.
pub(crate) struct Sweep<'a> {
    pub(crate) title: &'a str,
    pub(crate) args: &'a SweepArgs,
    pub(crate) images: &'a Labelled,
    pub(crate) points: &'a [Summary],
    /// Accuracy over the points.
    pub(crate) curves: &'a [Plot],
    /// Pictures of the last point's circuit.
    pub(crate) inside: &'a [Plot],
}

/// The page's text; plots are inside it.
pub(crate) fn page(sweep: &Sweep<'_>) -> Result<String> {
    let axes = &sweep.args.vary;
    let row = |point: &Summary| {
        let (mean, deviation) = mean_and_deviation(&point.accuracies);
        let (worst, best) = point.extremes();
        json!({
            "values": point.values, "mean": percent(mean), "deviation": percent(deviation),
            "worst": percent(worst), "best": percent(best), "same": percent(point.same_class),
        })
    };
    let subject = &sweep.args.subject;
    let values = json!({
        "name": sweep.title,
        "images": sweep.images.inputs.len(),
        "source": sweep.images.file.display().to_string(),
        "runs": subject.runs,
        "seed": subject.seed,
        "reference": percent(sweep.images.reference_accuracy()),
        "version": env!("CARGO_PKG_VERSION"),
        "base": Setup::text(&sweep.args.setup.pairs),
        "axes": axes.iter().map(|axis| axis.name.clone()).collect::<Vec<_>>(),
        "rows": sweep.points.iter().map(row).collect::<Vec<_>>(),
    });
    let pictures = |plots: &[Plot]| plots.iter().map(|plot| html::picture(&plot.svg)).collect::<Vec<_>>();
    let (plots, inside) = (pictures(sweep.curves), pictures(sweep.inside));
    html::render(
        "sweep.html",
        html::template("sweep.html.j2")?,
        context! { plots, inside, ..Value::from(Serde(values)) },
    )
}

/// The titles of [`curves`], known before there is anything to draw.
pub(crate) fn titles(axes: &[Axis]) -> Vec<String> {
    let Some(second) = axes.get(1) else { return vec![format!("accuracy against {}", axes[0].name)] };
    let lines = second.values.iter().map(|value| format!("{} = {value}", second.name));
    lines.chain(["mean accuracy".to_owned()]).collect()
}

/// A curve for one parameter; for two, a curve of the first at each value of the second, and a map of all. `reference`
/// is the digital reference's accuracy, 0 to 1.
pub(crate) fn curves(axes: &[Axis], points: &[Summary], reference: f64) -> Result<Vec<Plot>> {
    let (first, y) = (&axes[0], "accuracy, %");
    let x_label = described(first);
    let reference = Some(100.0 * reference);
    let line = |title: &str, of: &[&Summary]| {
        let places = first.values.iter().enumerate().map(|(k, v)| numeric(first, v).unwrap_or(k as f64));
        let values = |p: &&Summary| p.accuracies.iter().map(|a| 100.0 * a).collect();
        let points: Vec<_> = places.zip(of).map(|(x, p)| Point { x, values: values(p) }).collect();
        curve(&Labels { title, x: &x_label, y }, &points, reference)
    };
    let titles = titles(axes);
    let Some(second) = axes.get(1) else {
        return Ok(vec![line(&titles[0], &points.iter().collect::<Vec<_>>())?]);
    };
    let cols = second.values.len();
    let mut plots = Vec::new();
    for (k, title) in titles[..cols].iter().enumerate() {
        let of_value: Vec<_> = points.iter().skip(k).step_by(cols).collect();
        plots.push(line(title, &of_value)?);
    }
    let means: Vec<f64> = points.iter().map(|p| 100.0 * mean_and_deviation(&p.accuracies).0).collect();
    let x = format!("{} (left to right: {})", second.name, second.values.join(", "));
    let rows = format!("{} (top to bottom: {})", first.name, first.values.join(", "));
    plots.push(heat_map(&Labels { title: &titles[cols], x: &x, y: &rows }, cols, &means, "%")?);
    Ok(plots)
}

/// The parameter's name and what its numbers are.
fn described(axis: &Axis) -> String {
    let unit = PARAMETERS.iter().find(|p| p.name == axis.name).map_or(String::new(), Parameter::placeholder);
    format!("{}, {}", axis.name, if in_percent(axis) { "%" } else { &unit })
}

/// Whether the axis is one of per cent.
fn in_percent(axis: &Axis) -> bool {
    axis.values.iter().any(|v| v.ends_with('%'))
}

/// A value as a number to plot: SI, or per cent where one of the axis is written so; a square tile by its side.
fn numeric(axis: &Axis, text: &str) -> Option<f64> {
    let number = PARAMETERS.iter().find(|p| p.name == axis.name)?.number(text)?;
    Some(if in_percent(axis) { 100.0 * number } else { number })
}
