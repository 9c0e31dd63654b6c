//! Findings of the rule check about a circuit that was made from weights: once for each layer, in the weights' words.

use crate::Finding;
use memloom_ir::{Origin, erc};
use memloom_network::idle::idle;
use memloom_network::stage::Stage;
use std::sync::Arc;

/// The rule whose breach on a generated wire means that weights are zero.
const SINGLE_PIN: &str = "ML003";
/// The most channels that are named.
const SHOWN: usize = 8;

/// One finding for each rule and layer that has a breach, in the order of the first ones.
pub(crate) fn by_layer(findings: &[erc::Finding], stages: &[Stage]) -> Vec<Finding> {
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
    groups.iter().map(|group| group.finding(stages)).collect()
}

/// Breaches of one rule in one layer.
struct Group<'f> {
    first: &'f erc::Finding,
    count: usize,
}

impl Group<'_> {
    fn finding(&self, stages: &[Stage]) -> Finding {
        let Self { first, count } = *self;
        let finding = Finding::from(first);
        match layer(&first.origin).filter(|_| first.rule.code == SINGLE_PIN) {
            Some(layer) => Finding { places: count as u64, ..self.of_weights(layer, stages, finding) },
            None if count == 1 => finding,
            None => {
                Finding { what: format!("{}, and {} more of this layer", finding.what, count - 1), ..finding }
            }
        }
    }

    /// A generated wire with a single pin leads to no cell.
    fn of_weights(&self, layer: &Arc<str>, stages: &[Stage], finding: Finding) -> Finding {
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
        Finding {
            what: format!("{cause}, so {wires} to no cell (the first is `{}`)", first.path),
            help: "leave the channels out of the network, or see whether half precision or pruning took weights that it \
                   needs"
                .into(),
            path: layer.to_string(),
            layer: Some(layer.to_string()),
            ..finding
        }
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
