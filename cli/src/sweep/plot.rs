//! Plots as SVG text.

use crate::Result;
use memloom_codegen::visible;
use memloom_flow::output::{Form, Mark};
use plotters::prelude::*;

/// Size of a plot in picture units.
const SIZE: (u32, u32) = (640, 400);
/// Most words of a title in a file's name.
const SLUG: usize = 6;
/// How a plot is known again.
pub(crate) const MARK: Mark = Mark::new(Form::Svg, "memloom sweep");
/// Colour of a line and, thinner, of its spread.
const LINE: RGBColor = RGBColor(31, 96, 168);

/// One point of a line: where, and the values of every chip there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) values: Vec<f64>,
}

impl Point {
    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }

    fn spread(&self) -> (f64, f64) {
        self.values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)))
    }
}

/// A plot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plot {
    /// What it shows, also on its head.
    pub(crate) title: String,
    /// The picture.
    pub(crate) svg: String,
}

impl Plot {
    fn new(labels: &Labels<'_>, svg: &str) -> Self {
        Self { title: labels.title.into(), svg: MARK.sign_svg(svg) }
    }
}

/// A plot's title as a part of a file's name: its first words.
pub(super) fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.take(SLUG).collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

/// What stands at the axes; control characters are drawn as `\u{..}`.
pub(crate) struct Labels<'a> {
    pub(crate) title: &'a str,
    pub(crate) x: &'a str,
    pub(crate) y: &'a str,
}

/// Mean of the chips against `x`, with the worst and the best chip, and a dashed line at `reference`.
///
/// `x` is drawn logarithmically where it spans more than a factor of 20 above zero.
///
/// # Errors
/// If there are no points.
pub(crate) fn curve(labels: &Labels<'_>, points: &[Point], reference: Option<f64>) -> Result<Plot> {
    let range = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
    };
    if points.is_empty() {
        return Err("there is nothing to plot; sweep at least one value".into());
    }
    let (left, right) = range(&mut points.iter().map(|p| p.x));
    let (low, high) = range(&mut points.iter().flat_map(|p| p.values.iter().copied()).chain(reference));
    let margin = (0.08 * (high - low)).max(1e-3 * high.abs()).max(f64::MIN_POSITIVE);
    let rise = low - margin..high + margin;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut builder = ChartBuilder::on(&area);
        builder
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .caption(visible(labels.title), ("sans-serif", 16));
        // The axis types differ, the drawing does not.
        macro_rules! draw {
            ($x:expr) => {{
                let mut chart = builder.build_cartesian_2d($x, rise)?;
                chart
                    .configure_mesh()
                    .x_desc(visible(labels.x))
                    .y_desc(visible(labels.y))
                    .light_line_style(WHITE)
                    .draw()?;
                if let Some(y) = reference {
                    let line = DashedLineSeries::new([(left, y), (right, y)], 6, 4, BLACK.mix(0.6).into());
                    chart.draw_series(line)?;
                }
                let bar = |p: &Point| {
                    let (low, high) = p.spread();
                    PathElement::new([(p.x, low), (p.x, high)], LINE.mix(0.45).stroke_width(3))
                };
                chart.draw_series(points.iter().map(bar))?;
                let line = points.iter().map(|p| (p.x, p.mean()));
                chart.draw_series(LineSeries::new(line, LINE.stroke_width(2)))?;
                chart.draw_series(points.iter().map(|p| Circle::new((p.x, p.mean()), 3, LINE.filled())))?;
            }};
        }
        match left > 0.0 && right > 20.0 * left {
            true => draw!((left / 1.2..right * 1.2).log_scale()),
            false => {
                let side = 0.03 * (right - left).max(f64::MIN_POSITIVE);
                draw!(left - side..right + side)
            }
        }
        area.present()?;
    }
    Ok(Plot::new(labels, &svg))
}

/// Bars of equal width from 0 to `end`.
///
/// # Errors
/// If there are no bars.
pub(crate) fn histogram(labels: &Labels<'_>, end: f64, bars: &[f64]) -> Result<Plot> {
    if bars.is_empty() {
        return Err("there is nothing to draw; give at least one bar".into());
    }
    let most = bars.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let width = end / bars.len() as f64;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .caption(visible(labels.title), ("sans-serif", 16))
            .build_cartesian_2d(0.0..end, 0.0..1.05 * most)?;
        chart
            .configure_mesh()
            .x_desc(visible(labels.x))
            .y_desc(visible(labels.y))
            .light_line_style(WHITE)
            .draw()?;
        let bar = |(k, height): (usize, &f64)| {
            let left = width * k as f64;
            Rectangle::new([(left, 0.0), (left + width, *height)], LINE.filled())
        };
        chart.draw_series(bars.iter().enumerate().map(bar))?;
        area.present()?;
    }
    Ok(Plot::new(labels, &svg))
}

/// A field of values as colours: `rows x cols`, row by row, the first row on top; NaN leaves a place white.
///
/// # Errors
/// If there are no values.
pub(crate) fn heat_map(labels: &Labels<'_>, cols: usize, values: &[f64], unit: &str) -> Result<Plot> {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    if cols == 0 || finite().next().is_none() || !values.len().is_multiple_of(cols) {
        return Err("there is nothing to draw; give a full field of values".into());
    }
    let (low, high) = finite().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let rows = values.len() / cols;
    let share = |v: f64| if high > low { (v - low) / (high - low) } else { 0.0 };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (field, key) = area.split_horizontally(SIZE.0 - 90);
        let mut chart = ChartBuilder::on(&field)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(48)
            .caption(visible(labels.title), ("sans-serif", 16))
            .build_cartesian_2d(0..cols, rows..0)?;
        chart.configure_mesh().disable_mesh().x_desc(visible(labels.x)).y_desc(visible(labels.y)).draw()?;
        let squares = values.iter().enumerate().filter(|(_, v)| v.is_finite()).map(|(k, v)| {
            let (row, col) = (k / cols, k % cols);
            Rectangle::new([(col, row), (col + 1, row + 1)], colour(share(*v)).filled())
        });
        chart.draw_series(squares)?;
        let mut scale = ChartBuilder::on(&key)
            .margin_top(40)
            .margin_bottom(52)
            .margin_right(6)
            .y_label_area_size(52)
            .build_cartesian_2d(0..1, low..high.max(low + f64::MIN_POSITIVE))?;
        scale.configure_mesh().disable_mesh().disable_x_axis().y_desc(unit).y_labels(5).draw()?;
        let step = (high - low) / 64.0;
        scale.draw_series((0..64).map(|k| {
            let y = low + step * f64::from(k);
            Rectangle::new([(0, y), (1, y + step)], colour(f64::from(k) / 63.0).filled())
        }))?;
        area.present()?;
    }
    Ok(Plot::new(labels, &svg))
}

/// From dark blue by green to yellow, rising in lightness, so that it reads in grey too.
fn colour(share: f64) -> RGBColor {
    const STOPS: [[f64; 3]; 5] = [
        [68.0, 1.0, 84.0],
        [59.0, 82.0, 139.0],
        [33.0, 145.0, 140.0],
        [94.0, 201.0, 98.0],
        [253.0, 231.0, 37.0],
    ];
    let at = share.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let low = (at as usize).min(STOPS.len() - 2);
    let mix = |k: usize| (STOPS[low][k] + (at - low as f64) * (STOPS[low + 1][k] - STOPS[low][k])) as u8;
    RGBColor(mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels { title: "accuracy", x: "error, %", y: "accuracy, %" };

    #[test]
    fn a_curve_has_every_chip_in_it() {
        let points = [1.0, 100.0].map(|x| Point { x, values: vec![x, x + 1.0] });
        let plot = curve(&LABELS, &points, Some(90.0)).unwrap();
        assert_eq!(plot.svg.matches("<circle").count(), 2);
        assert!(plot.svg.contains("error, %") && plot == curve(&LABELS, &points, Some(90.0)).unwrap());
        assert!(curve(&LABELS, &[], None).is_err());
        // One point, and points of one value, are drawn too.
        assert!(curve(&LABELS, &points[..1], None).is_ok());
        assert!(curve(&LABELS, &[Point { x: 0.0, values: vec![0.0] }], None).is_ok());
    }

    #[test]
    fn a_histogram_has_its_bars() {
        let plot = histogram(&LABELS, 100.0, &[1.0, 3.0, 2.0]).unwrap();
        assert_eq!(plot.svg.matches("#1F60A8").count(), 3);
        assert!(histogram(&LABELS, 100.0, &[]).is_err());
    }

    #[test]
    fn a_heat_map_leaves_gaps_white() {
        let squares =
            |values: &[f64]| heat_map(&LABELS, 2, values, "V").unwrap().svg.matches("<rect").count();
        assert_eq!(squares(&[1.0, 1.5, 2.0, 3.0]) - squares(&[1.0, f64::NAN, 2.0, 3.0]), 1);
        assert!(heat_map(&LABELS, 2, &[f64::NAN; 2], "V").is_err());
        assert!(heat_map(&LABELS, 2, &[1.0; 3], "V").is_err());
        assert!(heat_map(&LABELS, 2, &[1.0; 4], "V").is_ok());
    }

    #[test]
    fn a_title_is_a_part_of_a_file_name() {
        assert_eq!(slug("IR drop in tile ../fc1_t0_0, wires of 2.5 ohm"), "ir_drop_in_tile_fc1_t0");
        assert_eq!(slug("tile = 64x64"), "tile_64x64");
    }
}
