//! What is handed over, as text.

mod common;

use memloom::ir::Design;
use memloom::prelude::*;
use memloom_codegen::cdl::Cdl;
use memloom_silicon::process::SKY130;
use memloom_silicon::{Handover, write_handover};
use pretty_assertions::assert_eq;
use std::fs;
use std::path::Path;

fn handed_over(out: &Path) -> Handover {
    write_handover(&common::layer(2, 3), &SKY130, out).unwrap()
}

fn read(out: &Path, path: &str) -> String {
    fs::read_to_string(out.join(path)).unwrap()
}

#[test]
fn cdl_has_devices_only_and_a_cell_at_every_cross_point() {
    let dir = tempfile::tempdir().unwrap();
    handed_over(dir.path());
    let statements = |path: &str| -> Vec<String> {
        let text = read(dir.path(), path);
        let joined = text.replace("\n+", "");
        joined.lines().filter(|line| !line.starts_with("* ")).map(str::to_owned).collect()
    };
    assert_eq!(
        statements("cdl/arrays.cdl"),
        [
            ".SUBCKT HfO2 p n",
            "*.PININFO p:B n:B",
            ".ENDS HfO2",
            ".SUBCKT ml_HfO2_2x3 row_0 row_1 col_0 col_1 col_2",
            "*.PININFO row_0:B row_1:B col_0:B col_1:B col_2:B",
            "X0_0 row_0 col_0 HfO2",
            "X0_1 row_0 col_1 HfO2",
            "X0_2 row_0 col_2 HfO2",
            "X1_0 row_1 col_0 HfO2",
            "X1_1 row_1 col_1 HfO2",
            "X1_2 row_1 col_2 HfO2",
            ".ENDS ml_HfO2_2x3",
        ]
    );
    assert_eq!(
        statements("cdl/network.cdl"),
        [
            ".include \"arrays.cdl\"",
            ".include \"boxes.cdl\"",
            ".SUBCKT Weights row_0 row_1 col_0 col_1 col_2",
            "*.PININFO row_0:I row_1:I col_0:O col_1:O col_2:O",
            "Xarray row_0 row_1 col_0 col_1 col_2 ml_HfO2_2x3",
            ".ENDS Weights",
            ".SUBCKT Readout inp out v_ref vdd vss",
            "*.PININFO inp:I out:O v_ref:P vdd:P vss:G",
            "Xamp v_ref inp out vdd vss Ota",
            "Xr_f inp out ml_resistor",
            "Cc_f inp out 1e-12",
            ".ENDS Readout",
            ".SUBCKT Layer x_0 x_1 y_0 y_1 y_2 v_ref vdd vss",
            "*.PININFO x_0:I x_1:I y_0:O y_1:O y_2:O v_ref:P vdd:P vss:G",
            "Xxbar x_0 x_1 i_0 i_1 i_2 Weights",
            "Xtia_0 i_0 v_0 v_ref vdd vss Readout",
            "Xtia_1 i_1 v_1 v_ref vdd vss Readout",
            "Xtia_2 i_2 v_2 v_ref vdd vss Readout",
            "Xact_0 v_0 y_0 v_ref vdd vss Relu",
            "Xact_1 v_1 y_1 v_ref vdd vss HardSwish",
            "Xact_2 v_2 y_2 v_ref vdd vss Relu",
            ".ENDS Layer",
        ]
    );
    assert_eq!(
        read(dir.path(), "program/values.csv"),
        "module,instance,parameter,value\nLayer,tia_0,r_f,1e4\nLayer,tia_1,r_f,10100\nLayer,tia_2,r_f,10200\n"
    );
}

#[test]
fn black_boxes_are_said_to_be_some() {
    let dir = tempfile::tempdir().unwrap();
    let boxes = handed_over(dir.path()).black_boxes;
    let names: Vec<_> = boxes.iter().map(|found| (found.name.as_str(), found.pins)).collect();
    assert_eq!(names, [("Ota", 5), ("ml_resistor", 2), ("Relu", 5), ("HardSwish", 5)]);
    let text = read(dir.path(), "cdl/boxes.cdl");
    assert!(text.contains("* black box: op-amp\n.SUBCKT Ota inp inn out vdd vss\n"), "{text}");
    assert!(text.contains("* black box: hard swish\n"), "{text}");
}

#[test]
fn the_map_tells_where_each_cell_is() {
    let dir = tempfile::tempdir().unwrap();
    handed_over(dir.path());
    let text = read(dir.path(), "program/conductance.csv");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "tile,array,row,column,x_um,y_um,conductance,code,state");
    // Cross-point (0, 0) has no target.
    assert_eq!(lines.len(), 6);
    assert!(lines[1].starts_with("Weights.array,ml_HfO2_2x3,0,1,2,1.2,"), "{}", lines[1]);
    assert!(lines[5].starts_with("Weights.array,ml_HfO2_2x3,1,2,2.8,2,"), "{}", lines[5]);
    // Two thirds of the range.
    assert_eq!(lines[4].split(',').nth(7), Some("42"), "{}", lines[4]);
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [first, second] = folders.each_ref().map(|dir| handed_over(dir.path()));
    assert_eq!(first, second);
    let paths: Vec<_> = first.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "cdl/arrays.cdl",
            "cdl/boxes.cdl",
            "cdl/network.cdl",
            "gds/ml_HfO2_2x3.gds",
            "lef/ml_HfO2_2x3.lef",
            "picture/tile.svg",
            "picture/floor_plan.svg",
            "program/conductance.csv",
            "program/values.csv"
        ]
    );
}

#[test]
fn lef_has_a_pin_per_line_where_the_layout_has_it() {
    let dir = tempfile::tempdir().unwrap();
    handed_over(dir.path());
    let text = read(dir.path(), "lef/ml_HfO2_2x3.lef");
    assert!(text.contains("SIZE 4.000 BY 3.200 ;"), "{text}");
    assert_eq!(text.matches("  PIN ").count(), 5);
    let pin = "  PIN col_1\n    DIRECTION INOUT ;\n    USE SIGNAL ;\n    PORT\n      LAYER met2 ;\n        RECT 1.870 0.000 2.130 0.400 ;\n    END\n  END col_1\n";
    assert!(text.contains(pin), "{text}");
}

#[test]
fn pictures_show_every_line_and_every_crossbar() {
    let dir = tempfile::tempdir().unwrap();
    handed_over(dir.path());
    let tile = read(dir.path(), "picture/tile.svg");
    for (class, count) in [("w", 2), ("b", 3), ("m", 6)] {
        assert_eq!(tile.matches(&format!("<rect class=\"{class}\"")).count(), count, "{tile}");
    }
    assert!(tile.contains(">row_1</text>") && tile.contains(">col_2</text>"), "{tile}");
    let plan = read(dir.path(), "picture/floor_plan.svg");
    assert_eq!(plan.matches("<rect ").count(), 1);
    assert!(
        plan.contains("width=\"4.0\" height=\"3.2\"") && plan.contains("1 crossbars of 0.000 mm2"),
        "{plan}"
    );
}

/// A cell and an amplifier of the user's.
#[subcircuit(
    file = "tests/cells/parts.sp", name = "cell_1t1r", ports(p: passive, n: passive),
    supplies(sel = vsel, bulk = vss)
)]
struct CellText;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, subcircuit = CellText)]
struct Cell1T1R;

#[subcircuit(
    file = "tests/cells/parts.sp", name = "amplifier", ports(inp: input, inn: input, out: output),
    supplies(vdd, vss)
)]
struct AmplifierText;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = AmplifierText)]
struct Amplifier;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Amplifier)]
struct Readout;

#[crossbar(cell = Cell1T1R)]
struct Array {
    g: Conductance<2, 1>,
}

#[module(supplies(vdd = 1.8 V, vss = 0 V, vsel = 3.3 V))]
struct Column {
    #[input(range = 0.7 V ..= 1.1 V)]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    i: Bus<Current>,
    #[inst(row = x, col = i)]
    array: Array,
    #[inst(inp = i, out = y)]
    tia: Readout,
}

fn column() -> Design {
    elaborate("column", &Column { array: Array::program([[1e-4], [1e-5]]), tia: Readout }).unwrap()
}

#[test]
fn cells_of_the_users_keep_their_pins_and_rails() {
    let design = column();
    let cdl = Cdl::new(&design).unwrap();
    let text = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    };
    let arrays = text(&|out| cdl.write_arrays(out).unwrap());
    for line in [
        ".SUBCKT cell_1t1r sel p n bulk\n*.PININFO sel:P p:B n:B bulk:P\n",
        ".SUBCKT ml_Cell1T1R_2x1 row_0 row_1 col sel bulk\n",
        "\nX1_0 sel row_1 col bulk cell_1t1r\n",
    ] {
        assert!(arrays.contains(line), "{arrays}");
    }
    let boxes = text(&|out| cdl.write_boxes(out).unwrap());
    let amplifier = ".SUBCKT amplifier vss vdd out inn inp\n*.PININFO vss:G vdd:P out:O inn:I inp:I\n";
    assert!(boxes.contains(amplifier) && boxes.contains("op-amp; its netlist is in "), "{boxes}");
    let network = text(&|out| cdl.write_network(out, &[]).unwrap());
    assert!(network.contains(" vss vdd out inp v_ref amplifier\n"), "{network}");
    assert!(network.contains(".SUBCKT Column x_0 x_1 y "), "{network}");
}

#[test]
fn an_array_that_is_more_than_memristors_is_not_laid_out() {
    let dir = tempfile::tempdir().unwrap();
    let error = write_handover(&column(), &SKY130, dir.path()).unwrap_err().to_string();
    assert!(error.contains("`ml_Cell1T1R_2x1` has cells with supply pins (sel, bulk)"), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was written");
}
