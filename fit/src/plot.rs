//! A picture of data and model.

use crate::{Error, Fit, Measurement};
use plotters::prelude::*;

/// Most points drawn of each.
const POINTS: usize = 1000;

/// Current against voltage, measured as dots, of the model as a line, as SVG text.
///
/// # Errors
/// [`Error::Plot`].
pub fn svg(data: &Measurement, fit: &Fit) -> Result<String, Error> {
    let mut text = String::new();
    draw(&mut text, data, fit).map_err(|error| Error::Plot { what: error.to_string() })?;
    Ok(text)
}

fn draw(text: &mut String, data: &Measurement, fit: &Fit) -> Result<(), Box<dyn std::error::Error>> {
    let (prefix, unit) =
        prefix(data.current.iter().chain(&fit.current).fold(0.0, |most, i| most.max(i.abs())));
    let every = data.len().div_ceil(POINTS);
    let pairs = |current: &[f64]| -> Vec<(f64, f64)> {
        data.volts.iter().zip(current).map(|(v, i)| (*v, i / unit)).step_by(every).collect()
    };
    let (measured, model) = (pairs(&data.current), pairs(&fit.current));
    let ends = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), x| (x.min(low), x.max(high)));
        let margin = 0.04 * (high - low);
        low - margin..high + margin
    };
    let xs = ends(&mut measured.iter().map(|p| p.0));
    let ys = ends(&mut measured.iter().chain(&model).map(|p| p.1));
    let area = SVGBackend::with_string(text, (720, 540)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = format!("{}: residual {:.2} % of the span", fit.device.spec().name, 100.0 * fit.residual);
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(xs, ys)?;
    chart.configure_mesh().x_desc("voltage, V").y_desc(format!("current, {prefix}A")).draw()?;
    let dots = measured.iter().map(|p| Circle::new(*p, 2, RGBColor(150, 150, 150).filled()));
    chart
        .draw_series(dots)?
        .label("measured")
        .legend(|(x, y)| Circle::new((x + 10, y), 3, RGBColor(150, 150, 150).filled()));
    let line = RGBColor(196, 64, 32);
    chart
        .draw_series(LineSeries::new(model, line.stroke_width(2)))?
        .label("model")
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line.stroke_width(2)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    area.present()?;
    Ok(())
}

/// The prefix under which a current reads best, and what it stands for.
fn prefix(amperes: f64) -> (&'static str, f64) {
    let prefixes = [("", 1.0), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9), ("p", 1e-12)];
    prefixes.into_iter().find(|(_, unit)| amperes >= *unit).unwrap_or(("p", 1e-12))
}
