//! A picture of each set's loop, `docs/devices/<model>_<set>.svg`. `MEMLOOM_BLESS=1` rewrites them.

use crate::bench::reference;
use crate::hysteresis::sets;
use crate::wave::sweep;
use memloom::device::Device;
use plotters::prelude::*;
use pretty_assertions::assert_eq;
use std::path::Path;

#[test]
fn the_loops_are_those_of_the_models() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/devices");
    let mut kept: Vec<String> = Vec::new();
    for (name, set) in sets() {
        let file = format!("{}_{}.svg", set.device.spec().name, set.name);
        let text = draw(&name, &set.device);
        let path = folder.join(&file);
        if std::env::var_os("MEMLOOM_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let on_disk = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(on_disk, text, "{file}: run with MEMLOOM_BLESS=1 to rewrite it");
        kept.push(file);
    }
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        assert!(kept.contains(&file), "{file} shows no set; remove it");
    }
}

/// Two periods of the sweep: current over voltage.
fn draw(name: &str, device: &Device) -> String {
    let trace = reference(device, &device.initial(), &sweep(device.sweep(), 2.0, 200));
    let points = trace.volts.iter().copied().zip(trace.current.iter().map(|i| i * 1e6));
    let wide = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((0.0f64, 0.0f64), |(low, high), x| (low.min(x), high.max(x)));
        let room = 0.05 * (high - low);
        low - room..high + room
    };
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (360, 270)).into_drawing_area();
        area.fill(&WHITE).unwrap();
        let x = wide(&mut points.clone().map(|p| p.0));
        let y = wide(&mut points.clone().map(|p| p.1));
        let mut builder = ChartBuilder::on(&area);
        let builder = builder.caption(name, ("sans-serif", 15)).margin(8);
        let mut chart = builder.x_label_area_size(32).y_label_area_size(64).build_cartesian_2d(x, y).unwrap();
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("V").y_desc("uA").x_labels(6).y_labels(6).light_line_style(TRANSPARENT).draw().unwrap();
        chart.draw_series(LineSeries::new(points, RGBColor(76, 139, 245).stroke_width(2))).unwrap();
        area.present().unwrap();
    }
    text
}
