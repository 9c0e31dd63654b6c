//! Transfer curves of the hard sigmoid and the hard swish (Fig. 4 of the paper): a sweep of the input, a table, and a
//! plot as SVG.
//!
//!     cargo run -p memloom-examples --example transfer_curves -- curves.svg

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;
use plotters::prelude::*;
use std::fs::File;
use std::io::Write;

/// relu6(x + 3) / 6.
#[activation(hard_sigmoid, unit = 100 mV, v_ref = 0.9 V)]
struct HardSigmoid;

/// x * relu6(x + 3) / 6.
#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct HardSwish;

/// Both, of one input.
#[module]
struct Activations {
    #[input]
    x: Bus<Voltage>,
    #[output]
    sigmoid: Bus<Voltage>,
    #[output]
    swish: Bus<Voltage>,
    #[inst(inp = x, out = sigmoid)]
    hard_sigmoid: HardSigmoid,
    #[inst(inp = x, out = swish)]
    hard_swish: HardSwish,
}

const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;

fn activations() -> Result<Design, BuildError> {
    elaborate("activations", &Activations { hard_sigmoid: HardSigmoid, hard_swish: HardSwish })
}

/// From -5 to 5 in steps of 0.1.
fn sweep() -> Vec<f64> {
    (-50..=50).map(|step| f64::from(step) / 10.0).collect()
}

fn vectors() -> Vec<Vec<f64>> {
    sweep().iter().map(|x| vec![V_REF + UNIT * x]).collect()
}

/// The curves as a plot.
fn plot(outputs: &[Vec<f64>]) -> anyhow::Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (640, 480)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(16)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(0.4..1.4, 0.8..1.4)?;
        chart.configure_mesh().x_desc("v(x), V").y_desc("v(out), V").draw()?;
        for (curve, (name, color)) in [("hard sigmoid", &BLUE), ("hard swish", &RED)].into_iter().enumerate()
        {
            let points = vectors().into_iter().zip(outputs).map(|(x, y)| (x[0], y[curve]));
            let line = chart.draw_series(LineSeries::new(points, color))?.label(name);
            line.legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color));
        }
        chart.configure_series_labels().border_style(BLACK).draw()?;
        area.present()?;
    }
    Ok(svg)
}

fn main() -> anyhow::Result<()> {
    let outputs = memloom_examples::evaluate(&activations()?, &vectors())?;
    println!("    x  hard sigmoid  hard swish");
    for (x, y) in sweep().iter().zip(&outputs).step_by(10) {
        println!("{x:5.1} {:13.4} {:11.4}", (y[0] - V_REF) / UNIT, (y[1] - V_REF) / UNIT);
    }
    if let Some(path) = std::env::args().nth(1) {
        // A file that is there is somebody's.
        let mut file =
            File::create_new(&path).with_context(|| format!("cannot make `{path}`; give a new file"))?;
        file.write_all(plot(&outputs)?.as_bytes())?;
        println!("plot in {path}");
    }
    Ok(())
}

#[test]
fn the_curves_are_the_functions() -> anyhow::Result<()> {
    // By hand, at -4, -3, -1.5, 0, 1 and 4: sigmoid 0, 0, 1/4, 1/2, 2/3, 1; swish 0, 0, -3/8, 0, 2/3, 4.
    let vectors = [-4.0, -3.0, -1.5, 0.0, 1.0, 4.0].map(|x| vec![V_REF + UNIT * x]);
    let curves = [(0.0, 0.0), (0.0, 0.0), (0.25, -0.375), (0.5, 0.0), (2.0 / 3.0, 2.0 / 3.0), (1.0, 4.0)];
    let by_hand = curves.map(|(sigmoid, swish)| vec![V_REF + UNIT * sigmoid, V_REF + UNIT * swish]);
    memloom_examples::confirm(&activations()?, &vectors, &by_hand, 1e-6)
}

#[test]
fn the_plot_has_both_curves() -> anyhow::Result<()> {
    let svg = plot(&memloom_examples::evaluate(&activations()?, &vectors())?)?;
    assert!(svg.starts_with("<svg") && svg.contains("hard swish") && svg.contains("hard sigmoid"));
    Ok(())
}
