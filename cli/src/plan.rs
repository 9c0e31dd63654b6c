//! `memloom plan`.

use crate::Result;
use crate::args::PlanArgs;
use crate::job;
use crate::preface::Preface;
use crate::report::{print, print_json};
use memloom_network::plan::Table;
use serde_json::json;

/// Prints how each layer would be built.
pub(crate) fn run(args: &PlanArgs, json: bool) -> Result<()> {
    let job = job::prepare(args.model.model.as_deref(), &args.model.settings, &args.technology)?;
    let table = Table { plan: &job.plan, stages: &job.source.stages };
    let preface = Preface::of(&job.source, &job.ranges, None);
    if !json {
        return print(&(preface.text() + &table.to_string()));
    }
    let layers: Vec<_> = job.plan.layers.iter().zip(&job.source.stages).map(layer).collect();
    let technology = &job.plan.technology;
    let plan = json!({
        "network": preface,
        "findings": job.findings,
        "technology": technology.name,
        "scheme": technology.signed.name(),
        "tile": [technology.tile.0, technology.tile.1],
        "auto_zero": technology.readout.spec.op_amp.spec.auto_zero,
        "layers": layers,
    });
    print_json(&plan)
}

fn layer(
    (plan, stage): (&memloom_network::plan::LayerPlan, &memloom_network::stage::Stage),
) -> serde_json::Value {
    let matrix = plan.matrix.as_ref().map(|m| {
        json!({
            "blocks": m.blocks,
            "inputs_per_tile": m.grid.inputs.iter().map(ExactSizeIterator::len).collect::<Vec<_>>(),
            "outputs_per_tile": m.grid.outputs.iter().map(ExactSizeIterator::len).collect::<Vec<_>>(),
            "summed": m.summed,
            "pre_volts": m.pre.volts(),
            "partial_volts": m.partial,
        })
    });
    json!({
        "name": plan.name,
        "kind": memloom_network::plan::kind(stage),
        "output": stage.out_shape.to_string(),
        "out_volts": plan.output.volts(),
        "matrix": matrix,
    })
}
