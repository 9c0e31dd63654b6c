use std::sync::Arc;

use arbitrary::{Result, Unstructured};
use memloom::ir::Parasitics;
use memloom::units::Ohms;
use memloom_network::{
    Graph, Ranges,
    graph::{Act, BatchNorm, Conv, Linear, NodeId, Op, Shape},
    images::Image,
    lower::Circuit,
    plan::plan,
    stage::stages,
    technologies,
};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};

use crate::netlists;

/// A small network, drawn from the bytes: planned, lowered, checked, printed in every dialect and evaluated.
pub fn network(bytes: &[u8]) -> bool {
    run(&mut Unstructured::new(bytes)).unwrap_or(false)
}

fn run(draw: &mut Unstructured<'_>) -> Result<bool> {
    let mut technology = technologies::all().swap_remove(draw.int_in_range(0..=1)?);
    technology.tile = (draw.int_in_range(1..=9)?, draw.int_in_range(1..=9)?);
    technology.parasitics = Parasitics::wires(Ohms::new(*draw.choose(&[0.0, 1.0, 50.0])?));
    technology.readout.spec.op_amp.spec.gain = *draw.choose(&[1e4, 1e6, 50.0])?;
    let (by_bounds, compensate) = (draw.arbitrary()?, draw.arbitrary()?);
    let (graph, input) = graph(draw)?;
    // Behind all else, so that what the corpus holds stays what it was.
    technology.parasitics.r_driver = Ohms::new(*draw.choose(&[0.0, 30.0])?);
    technology.parasitics.r_contact = Ohms::new(*draw.choose(&[0.0, 100.0])?);
    let image = pattern(input);

    let Ok(stages) = stages(&graph) else { return Ok(false) };
    let ranges = if by_bounds {
        Ranges::from_bounds(&stages, &vec![(-0.5, 0.5); input.channels])
    } else {
        Ranges::measure(&graph, &stages, std::slice::from_ref(&image), "a pattern")
    };
    let Ok(ranges) = ranges else { return Ok(false) };
    let Ok(mut plan) = plan(&stages, &ranges, &technology) else { return Ok(false) };
    plan.compensate = compensate;
    let Ok(circuit) = Circuit::new("fuzz", &stages, &plan) else { return Ok(false) };
    Ok(netlists::print(&circuit.design) && evaluate(&circuit, input, &image))
}

/// The pattern that the product checks a build with, -0.5 to 0.5.
fn pattern(shape: Shape) -> Vec<f64> {
    let pixels = Image::test_pattern(shape).pixels;
    pixels.iter().map(|pixel| f64::from(*pixel) / 255.0 - 0.5).collect()
}

fn evaluate(circuit: &Circuit, input: Shape, image: &[f64]) -> bool {
    let Ok(evaluator) = Evaluator::new(&circuit.design, &Options::default()) else { return false };
    let volts =
        image.iter().map(|value| circuit.v_ref() + circuit.tensors[0].signal.volts() * value).collect();
    let image = Matrix::new(input.channels, volts);
    let Ok(run) = evaluator.run(&Signals::from_iter([("image".to_owned(), image)])) else { return false };
    for (port, values) in &run.outputs {
        assert!(values.values().iter().all(|volts| volts.is_finite()), "`{port}` is {:?}", values.values());
    }
    true
}

/// Up to eight layers; those that do not fit are left out, as no graph can hold them.
fn graph(draw: &mut Unstructured<'_>) -> Result<(Graph, Shape)> {
    let side = |draw: &mut Unstructured<'_>| draw.int_in_range(1..=9);
    let input = Shape::new(draw.int_in_range(1..=4)?, side(draw)?, side(draw)?);
    let mut graph = Graph::default();
    let mut nodes = vec![graph.push("input", "", Op::Input(input), &[]).expect("a size of at least one")];
    for layer in 0..draw.int_in_range(1..=8)? {
        // Mostly a chain.
        let last = nodes[nodes.len() - 1];
        let x = if draw.ratio(3, 4)? { last } else { *draw.choose(&nodes)? };
        let (op, inputs) = op(draw, &graph, x, &nodes)?;
        if let Ok(node) = graph.push(&format!("l{layer}"), "", op, &inputs) {
            nodes.push(node);
        }
    }
    Ok((graph, input))
}

fn op(draw: &mut Unstructured<'_>, graph: &Graph, x: NodeId, nodes: &[NodeId]) -> Result<(Op, Vec<NodeId>)> {
    let shape = graph[x].shape;
    let op = match draw.int_in_range(0..=7)? {
        0 | 1 => Op::Conv(conv(draw, shape.channels)?),
        2 => Op::BatchNorm(norm(draw, shape.channels)?),
        3 => Op::Activation(*draw.choose(&[Act::RELU, Act::HARD_SIGMOID, Act::HARD_SWISH])?),
        4 => Op::GlobalPool,
        5 => Op::Linear(linear(draw, shape.channels)?),
        6 => return Ok((Op::Scale, vec![x, *draw.choose(nodes)?])),
        _ => return Ok((Op::Add, vec![x, *draw.choose(nodes)?])),
    };
    Ok((op, vec![x]))
}

fn conv(draw: &mut Unstructured<'_>, channels: usize) -> Result<Conv> {
    let kernel = *draw.choose(&[1, 3, 5, 2])?;
    let groups = *draw.choose(&[1, channels])?;
    let out = if groups > 1 { channels } else { draw.int_in_range(1..=8)? };
    let (in_per_group, stride, padding) =
        (channels / groups, draw.int_in_range(1..=2)?, draw.int_in_range(0..=kernel / 2)?);
    let weight = numbers(draw, out * in_per_group * kernel * kernel)?;
    Ok(Conv { out, in_per_group, kernel, stride, padding, groups, weight, bias: bias(draw, out)? })
}

fn norm(draw: &mut Unstructured<'_>, channels: usize) -> Result<BatchNorm> {
    let var: Vec<f32> = numbers(draw, channels)?.iter().map(|x| x.abs()).collect();
    let (gamma, beta, mean) = (numbers(draw, channels)?, numbers(draw, channels)?, numbers(draw, channels)?);
    Ok(BatchNorm { gamma, beta, mean, var: var.into(), eps: 1e-3 })
}

fn linear(draw: &mut Unstructured<'_>, channels: usize) -> Result<Linear> {
    let out = draw.int_in_range(1..=8)?;
    Ok(Linear { out, weight: numbers(draw, out * channels)?, bias: bias(draw, out)? })
}

fn bias(draw: &mut Unstructured<'_>, out: usize) -> Result<Option<Arc<[f32]>>> {
    Ok(if draw.arbitrary()? { Some(numbers(draw, out)?) } else { None })
}

/// Finite numbers: a byte each, mostly in -2 to 2, some of any size.
fn numbers(draw: &mut Unstructured<'_>, count: usize) -> Result<Arc<[f32]>> {
    let number = |_| -> Result<f32> {
        Ok(match draw.arbitrary()? {
            i8::MIN => Some(draw.arbitrary::<f32>()?).filter(|x| x.is_finite()).unwrap_or(0.0),
            small => f32::from(small) / 64.0,
        })
    };
    (0..count).map(number).collect()
}
