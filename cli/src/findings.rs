//! Findings of the rule check about a circuit that was made from weights: once for each layer, in the weights' words.

use memloom::erc::Finding;
use memloom::ir::Origin;
use memloom_network::idle::idle;
use memloom_network::stage::Stage;
use std::sync::Arc;

/// The rule whose breach on a generated wire means that weights are zero.
const SINGLE_PIN: &str = "ML003";
/// The most channels that are named.
const SHOWN: usize = 8;

/// A line for each rule and layer that has a breach, in the order of the first ones.
pub(crate) fn told(findings: &[&Finding], stages: &[Stage]) -> Vec<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let layer = layer(&finding.origin);
        let same = |group: &&mut Group<'_>| {
            layer.is_some() && group.first.rule == finding.rule && self::layer(&group.first.origin) == layer
        };
        // The breaches of a layer stand together, but for those of its neighbours' wires.
        match groups.iter_mut().rev().find(same) {
            Some(group) => group.count += 1,
            None => groups.push(Group { first: finding, count: 1 }),
        }
    }
    groups.iter().map(|group| group.text(stages)).collect()
}

/// Breaches of one rule in one layer.
struct Group<'f> {
    first: &'f Finding,
    count: usize,
}

impl Group<'_> {
    fn text(&self, stages: &[Stage]) -> String {
        let Self { first, count } = self;
        match layer(&first.origin).filter(|_| first.rule.code == SINGLE_PIN) {
            Some(layer) => self.of_weights(layer, stages),
            None if *count == 1 => first.to_string(),
            None => format!("{first}, and {} more of this layer", count - 1),
        }
    }

    /// A generated wire with a single pin leads to no cell.
    fn of_weights(&self, layer: &Arc<str>, stages: &[Stage]) -> String {
        let Self { first, count } = self;
        let stage = stages.iter().find(|stage| *stage.name == **layer);
        let cause = match stage.and_then(idle) {
            // A depthwise layer's channels are both.
            Some(idle) if idle.inputs == idle.outputs => {
                format!("all weights of {} are zero", channels_text("", &idle.outputs).trim_start())
            }
            Some(idle) => {
                let named = [("output", &idle.outputs), ("input", &idle.inputs)];
                let named = named.iter().filter(|(_, channels)| !channels.is_empty());
                let named: Vec<_> = named.map(|(what, channels)| channels_text(what, channels)).collect();
                format!("all weights of {} are zero", named.join(" and of "))
            }
            None => "the weights that they lead to are zero".into(),
        };
        let wires = if *count == 1 { "1 wire leads".into() } else { format!("{count} wires lead") };
        format!(
            "{}[{}] layer `{layer}`: {cause}, so {wires} to no cell (the first is `{}`); leave the channels out of the \
             network, or see whether half precision or pruning took weights that it needs",
            first.level.name(),
            first.rule.code,
            first.path
        )
    }
}

fn channels_text(what: &str, channels: &[usize]) -> String {
    let shown = channels.iter().take(SHOWN).map(usize::to_string).collect::<Vec<_>>().join(", ");
    match (channels.len(), channels.len().saturating_sub(SHOWN)) {
        (1, _) => format!("{what} channel {shown}"),
        (_, 0) => format!("{what} channels {shown}"),
        (_, more) => format!("{what} channels {shown} and {more} more"),
    }
}

fn layer(origin: &Origin) -> Option<&Arc<str>> {
    if let Origin::Layer(layer) = origin { Some(layer) } else { None }
}
