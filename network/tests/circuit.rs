//! The embedded network as a circuit: what it is made of, and what cannot be made.

use memloom::erc;
use memloom::ir::{ABSENT, Crossbar, Element, Module, Parasitics, Slice};
use memloom::technology::SignScheme;
use memloom::units::Ohms;
use memloom_network::lower::{Circuit, LowerError, text_name};
use memloom_network::plan::{Plan, PlanError, plan};
use memloom_network::sidecar::Hints;
use memloom_network::stage::{Stage, StageKind, stages};
use memloom_network::{Network, Ranges, embedded, technologies};

fn network() -> (Vec<Stage>, Ranges) {
    let (weights, ranges) = embedded();
    let network = Network::parse("embedded", weights, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let ranges = Ranges::from_json(ranges, &stages).unwrap();
    (stages, ranges)
}

fn planned(scheme: SignScheme, tile: (u32, u32)) -> (Vec<Stage>, Plan) {
    let (stages, ranges) = network();
    let mut technology = technologies::all().swap_remove(0);
    (technology.signed, technology.tile) = (scheme, tile);
    let plan = plan(&stages, &ranges, &technology).unwrap();
    (stages, plan)
}

fn count(circuit: &Circuit, module: &str) -> u64 {
    let design = &circuit.design;
    design.modules.find(module).map_or(0, |id| design.occurrences(design.top.unwrap())[id.index()])
}

/// `facts/network.md`: 1,624,450 devices for one per weight, bias and pooling tap, batch norm folded.
const DEVICES: u64 = 1_624_450;
/// The same table: 9,978 columns of matrices; and a column for each of the 2,872 channels that are pooled.
const COLUMNS: u64 = 9_978 + 2_872;

#[test]
fn memristors_are_one_per_weight_and_a_partner_for_each_small_one() {
    for scheme in SignScheme::ALL {
        let (stages, plan) = planned(scheme, (128, 128));
        let circuit = Circuit::new("test", &stages, &plan).unwrap();
        let least = plan.technology.cell.spec.g_min as f32;
        let total = circuit.design.inventory(circuit.design.top.unwrap()).memristors;
        let (mut pairs, mut partners, mut complementary) = (0, 0, 0);
        for (_, _, module) in circuit.design.modules.iter() {
            // Not always the technology's: a block of one output has a second bitline in either scheme.
            let layer = plan.layers.iter().find(|layer| text_name(&layer.name) == module.section);
            let scheme = layer.and_then(|layer| layer.matrix.as_ref()?.signed).unwrap_or(scheme);
            for (_, _, instance) in module.instances.iter() {
                let Element::Crossbar(array) = &instance.element else { continue };
                let signals: Vec<_> =
                    instance.pins[0].iter().map(|row| signal(&circuit, module, row)).collect();
                for [a, b] in weights(array, scheme, &signals) {
                    assert!(
                        a == ABSENT || b == ABSENT || a.min(b) == least,
                        "{a} {b}: a partner is at g_min"
                    );
                    pairs += u64::from(a != ABSENT && b != ABSENT);
                }
                complementary += opposed(array);
                partners += array.cells().filter(|(_, _, g)| *g == least).count() as u64;
            }
        }
        assert!(pairs > 0 && pairs == total - DEVICES, "{pairs} pairs of {total} memristors");
        assert_eq!(complementary, 2 * pairs, "the lines say which cells are complementary");
        // The own cell of a weight of next to nothing stands there too.
        assert!((pairs..2 * pairs).contains(&partners), "each partner stands at g_min: {partners}, {pairs}");
    }
}

/// The signal that a wordline carries, upright or inverted: its driver's name and number, or its bias rail's.
fn signal(circuit: &Circuit, module: &Module, row: &Slice) -> String {
    match row {
        Slice::Net { net, start, .. } => match module.nets.name(*net) {
            "pos" | "neg" => format!("both {start}"),
            single => format!("{single} {start}"),
        },
        Slice::Supply(rail) => circuit.design.supplies.name(*rail).replace("bias_n", "bias_p"),
    }
}

/// Cells that have a complementary one.
fn opposed(array: &Crossbar) -> u64 {
    let (cols, g) = (array.cols() as usize, array.conductance());
    let is_cell = |at: usize| g[at] != ABSENT;
    let opposed =
        |at: &usize| is_cell(*at) && array.opposites().complementary(*at, cols).is_some_and(is_cell);
    (0..g.len()).filter(opposed).count() as u64
}

/// The two places of each weight, with the conductances there.
fn weights(array: &Crossbar, scheme: SignScheme, signals: &[String]) -> Vec<[f32; 2]> {
    let (rows, cols) = (array.rows() as usize, array.cols() as usize);
    let mut weights = Vec::new();
    let mut row = 0;
    while row < rows {
        // Wordlines of one signal are neighbours.
        let both = row + 1 < rows && signals[row] == signals[row + 1];
        let (here, next) = (array.row(row as u32), both.then(|| array.row(row as u32 + 1)));
        match (scheme, next) {
            (SignScheme::DualRail, Some(next)) => weights.extend((0..cols).map(|col| [here[col], next[col]])),
            (SignScheme::DualRail, None) => weights.extend(here.iter().map(|g| [*g, ABSENT])),
            (SignScheme::Differential, _) => {
                weights.extend((0..cols / 2).map(|col| [here[col], here[col + cols / 2]]))
            }
        }
        row += if scheme == SignScheme::DualRail && both { 2 } else { 1 };
    }
    weights
}

#[test]
fn a_tile_that_holds_every_matrix_has_one_readout_per_column() {
    // 2 x 1025 wordlines for fc2, 1024 columns for fc1; pooling needs 1024 wordlines.
    let (stages, plan) = planned(SignScheme::DualRail, (2050, 1024));
    let circuit = Circuit::new("test", &stages, &plan).unwrap();
    let depthwise =
        |stage: &Stage| stage.matrix().map_or(0, |m| if m.groups > 1 { m.groups as u64 } else { 0 });
    let depthwise: u64 = stages.iter().map(depthwise).sum();
    assert_eq!(count(&circuit, "Readout"), COLUMNS - depthwise);
    assert_eq!(count(&circuit, "Readout_pair"), depthwise);
    let (stages, plan) = planned(SignScheme::Differential, (1025, 2048));
    let circuit = Circuit::new("test", &stages, &plan).unwrap();
    assert_eq!(count(&circuit, "Readout") + count(&circuit, "Readout_pair"), COLUMNS);
}

#[test]
fn no_rule_is_broken_in_either_scheme() {
    for scheme in SignScheme::ALL {
        for tile in [(128, 128), (64, 32), (256, 256)] {
            let (stages, plan) = planned(scheme, tile);
            let circuit = Circuit::new("test", &stages, &plan).unwrap();
            let findings: Vec<_> = erc::check(&circuit.design).iter().map(ToString::to_string).collect();
            assert!(findings.is_empty(), "{findings:#?}");
            for (_, name, module) in circuit.design.modules.iter() {
                for (_, _, instance) in module.instances.iter() {
                    let Element::Crossbar(array) = &instance.element else { continue };
                    assert!(array.rows() <= tile.0 && array.cols() <= tile.1, "{name} is larger than a tile");
                }
            }
        }
    }
}

/// Rails of bias cells are at `v_read`, twice, and a 4th and a 16th of it about `v_ref`. A bias that fits a lower rail is on it,
/// so its cell is at least a quarter of its column's largest, but on the lowest rail, which takes the rest.
#[test]
fn biases_take_cells_as_large_as_weights() {
    let (stages, plan) = planned(SignScheme::DualRail, (128, 128));
    let design = Circuit::new("test", &stages, &plan).unwrap().design;
    let height = |supply| (design.supplies[supply].volts - plan.technology.readout.spec.v_ref).abs();
    let lowest = plan.technology.cell.spec.v_read / 16.0;
    let (mut biases, mut lower, mut spare) = (0, 0, 0);
    for (_, name, module) in design.modules.iter().filter(|(_, name, _)| name.starts_with("b0_dw_c")) {
        for (_, _, instance) in module.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let largest = array.conductance().iter().fold(0.0_f32, |most, g| most.max(*g));
            for (row, slice) in instance.pins[0].iter().enumerate() {
                let Slice::Supply(supply) = slice else { continue };
                // Of two bitlines one has the bias, the other none, or a partner at `g_min`.
                let own = array.row(row as u32).iter().fold(0.0_f32, |most, g| most.max(*g));
                // The other rails are for cells that trim offsets.
                if own == 0.0 {
                    spare += 1;
                    continue;
                }
                let height = height(*supply);
                assert!(
                    height <= lowest * 1.000_001 || own >= 0.2499 * largest,
                    "{name}: {own} at {height} V"
                );
                biases += 1;
                lower += usize::from(height < 0.9 * plan.technology.cell.spec.v_read);
            }
        }
    }
    assert!(biases >= 16 && lower > biases / 2, "{lower} of {biases} are on lower rails");
    assert_eq!(biases + spare, 16 * 4, "four wordlines of rails to a channel");
}

#[test]
fn wires_are_compensated_unless_told_otherwise() {
    let (stages, mut plan) = planned(SignScheme::DualRail, (64, 64));
    let bare = Circuit::new("test", &stages, &plan).unwrap();
    plan.technology.parasitics = Parasitics::wires(Ohms::new(1.0));
    let wired = Circuit::new("test", &stages, &plan).unwrap();
    plan.compensate = false;
    let unmended = Circuit::new("test", &stages, &plan).unwrap();
    let conductances = |circuit: &Circuit| {
        let (_, _, module) = circuit.design.modules.iter().find(|(_, name, _)| *name == "fc1_t0_0").unwrap();
        let array = module.instances.iter().find_map(|(_, _, i)| match &i.element {
            Element::Crossbar(array) => Some(array.conductance().to_vec()),
            _ => None,
        });
        array.unwrap()
    };
    assert_eq!(conductances(&bare), conductances(&unmended));
    assert_ne!(conductances(&bare), conductances(&wired));
    // Wires that cost a tenth of the read voltage are worth a warning; cells out of range would be an error.
    let errors: Vec<_> = erc::check(&wired.design)
        .iter()
        .filter(|f| f.level == erc::Level::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn op_amps_of_too_little_gain_are_said() {
    let (stages, mut plan) = planned(SignScheme::DualRail, (128, 128));
    assert_eq!(Circuit::new("test", &stages, &plan).unwrap().unmet, []);
    // A depthwise column whose channel is small beside its layer has a noise gain of hundreds.
    plan.technology.readout.spec.op_amp.spec.gain = 100.0;
    let unmet = Circuit::new("test", &stages, &plan).unwrap().unmet;
    assert!(!unmet.is_empty() && unmet.len() < 100, "{unmet:?}");
    assert!(unmet.iter().all(|tile| tile.lack > 1.5e-3 && tile.lack < 1.0), "{unmet:?}");
    plan.compensate = false;
    assert_eq!(Circuit::new("test", &stages, &plan).unwrap().unmet, []);
}

#[test]
fn a_huge_weight_names_its_layer_and_the_limit() {
    let (mut stages, ranges) = network();
    let technology = technologies::all().swap_remove(0);
    let plan = plan(&stages, &ranges, &technology).unwrap();
    let stage = stages.iter_mut().find(|s| s.name == "b1.expand").unwrap();
    let StageKind::Matrix(matrix) = &mut stage.kind else { panic!("a matrix") };
    let taps = matrix.taps();
    matrix.weight[2 * taps + 5] = 1e7;
    let error = Circuit::new("test", &stages, &plan).unwrap_err();
    let LowerError::Unmappable { layer, output: 2, input: 5, .. } = &error else { panic!("{error}") };
    assert_eq!(layer, "b1.expand");
    assert!(error.to_string().contains("the technology's largest is 1.000e7 ohm"), "{error}");
}

#[test]
fn a_layer_that_never_wakes_has_no_unit() {
    let (stages, mut ranges) = network();
    let technology = technologies::all().swap_remove(0);
    ranges.stages["b4.dw"].out = 0.0;
    assert!(
        matches!(plan(&stages, &ranges, &technology), Err(PlanError::Range { layer, .. }) if layer == "b4.dw")
    );
    ranges.stages.shift_remove("b4.dw");
    assert_eq!(plan(&stages, &ranges, &technology), Err(PlanError::Uncalibrated("b4.dw".into())));
}

#[test]
fn a_tile_for_no_weight_is_refused() {
    let (stages, ranges) = network();
    let mut technology = technologies::all().swap_remove(0);
    technology.tile = (1, 1);
    assert!(matches!(plan(&stages, &ranges, &technology), Err(PlanError::Tile { rows: 1, cols: 1, .. })));
}

#[test]
fn wires_that_let_nothing_through_are_refused() {
    let (stages, ranges) = network();
    let mut technology = technologies::all().swap_remove(0);
    technology.parasitics = Parasitics::wires(Ohms::new(10e3));
    let error = plan(&stages, &ranges, &technology).unwrap_err();
    assert!(matches!(error, PlanError::Wires { .. }) && error.to_string().contains("10000 ohm"), "{error}");
    technology.parasitics = Parasitics::wires(Ohms::new(100.0));
    assert!(plan(&stages, &ranges, &technology).is_ok());
}

#[test]
fn an_unknown_technology_is_told_the_known_ones() {
    let error = technologies::find("hfo3").unwrap_err().to_string();
    assert_eq!(error, "there is no technology `hfo3`; choose one of `hfo2`, `hfo2_differential`, `sky130`");
}

#[test]
fn bounds_by_weights_that_drown_the_signal_are_refused() {
    let (weights, _) = embedded();
    let network = Network::parse("embedded", weights, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let bounds = Ranges::from_bounds(&stages, &network.settings.input_range()).unwrap();
    let error = plan(&stages, &bounds, &technologies::all()[0]).unwrap_err();
    assert!(matches!(error, PlanError::Faint { .. }), "{error}");
    assert!(error.to_string().contains("calibrate with images"), "{error}");
}

#[test]
fn the_rails_of_a_technology_reach_every_amplifier() {
    let (stages, mut plan) = planned(SignScheme::DualRail, (128, 128));
    let op_amp = plan.technology.readout.spec.op_amp.clone();
    let supplied = memloom::parts::supplied(&[("vdd", "vdd"), ("vss", "vss")]);
    plan.technology.readout.spec.op_amp = op_amp.with_body(supplied);
    plan.technology.supplies = vec![("vdd".into(), 1.8), ("vss".into(), 0.0)];
    let circuit = Circuit::new("test", &stages, &plan).unwrap();
    let rails = ["vdd", "vss"].map(|name| circuit.design.supplies.find(name).unwrap());
    let instances = circuit.design.modules.iter().flat_map(|(.., module)| module.instances.iter());
    let amplifiers = instances.filter(|(.., instance)| matches!(instance.element, Element::OpAmp(_)));
    let wired = |(.., instance): (_, _, &memloom::ir::Instance)| {
        assert_eq!(instance.pins[3..], rails.map(|rail| vec![Slice::Supply(rail)]));
    };
    assert!(amplifiers.map(wired).count() >= 6, "followers, inverters, TIAs, adders");
}
