//! Layers of two inputs, channel by channel: the residual sum, and the scale of squeeze-and-excitation.

use super::kit::Kit;
use super::layer::resistors;
use super::{LowerError, text_name};
use crate::graph::Shape;
use crate::plan::{LayerPlan, Signal};
use memloom_ir::{Design, Element, Id, Module, ModuleBuilder, Nature, Net, Origin};

/// An adder for each channel; the ratio of its resistors brings both inputs to the output's unit.
pub(super) fn add(
    design: &mut Design,
    kit: &Kit,
    plan: &LayerPlan,
    inputs: [Signal; 2],
    shape: Shape,
) -> Result<Id<Module>, LowerError> {
    let ratio = |s: Signal| s.volts() / plan.output.volts();
    let (a, b) = (ratio(inputs[0]), ratio(inputs[1]));
    let f = kit.amplifier.feedback(1.0, a.recip() + b.recip());
    let [r_a, r_b, r_f] = resistors(&plan.name, &kit.technology, [a, b, f])?;
    elementwise(design, plan, shape, |m, [a, b, y], width| {
        let instance = m.instance("add", Element::Module(kit.adder)).array(width);
        instance
            .net("a", a)
            .net("b", b)
            .net("out", y)
            .arg("r_a", [r_a])
            .arg("r_b", [r_b])
            .arg("r_f", [r_f])
            .add();
    })
}

/// A multiplier for each channel.
pub(super) fn scale(
    design: &mut Design,
    kit: &Kit,
    plan: &LayerPlan,
    inputs: [Signal; 2],
    shape: Shape,
) -> Result<Id<Module>, LowerError> {
    let unit = inputs[0].volts() * inputs[1].volts() / plan.output.volts();
    elementwise(design, plan, shape, |m, [a, b, y], width| {
        let instance = m.instance("mul", Element::Behaviour(kit.multiplier)).array(width);
        instance.net("a", a).net("b", b).net("out", y).supply("v_ref", kit.v_ref).arg("unit", [unit]).add();
    })
}

/// A layer of two inputs of equal width: ports `a`, `b`, `y`.
fn elementwise(
    design: &mut Design,
    plan: &LayerPlan,
    shape: Shape,
    fill: impl FnOnce(&mut ModuleBuilder<'_>, [Id<Net>; 3], u32),
) -> Result<Id<Module>, LowerError> {
    let name = text_name(&plan.name);
    let width = shape.channels as u32;
    let mut m = design.module(&name);
    m.origin(Origin::layer(&plan.name)).section(&name).doc(format!("layer {}", plan.name));
    let a = m.input("a", Nature::Voltage, width);
    let b = m.input("b", Nature::Voltage, width);
    let y = m.output("y", Nature::Voltage, width);
    fill(&mut m, [a, b, y], width);
    Ok(m.finish()?)
}
