use crate::erc::{Finding, Level, Rule};
use crate::ir::{Design, Origin};
use std::collections::HashMap;

/// SPICE folds case: two names that differ in case alone are one name there.
pub(super) const RULE: Rule = Rule {
    code: "ML005",
    level: Level::Error,
    text: "names differ in more than case",
    help: "rename one: SPICE reads both as the same",
};

pub(super) fn check(design: &Design, rule: &'static Rule) -> Vec<Finding> {
    let mut findings = Vec::new();
    let modules = design.modules.iter().map(|(_, name, module)| (name, &module.origin));
    clashes(rule, "", modules, &mut findings);
    for (_, name, module) in design.modules.iter() {
        let prefix = format!("{name}.");
        clashes(rule, &prefix, module.nets.iter().map(|(_, n, net)| (n, &net.origin)), &mut findings);
        clashes(rule, &prefix, module.instances.iter().map(|(_, n, i)| (n, &i.origin)), &mut findings);
    }
    findings
}

fn clashes<'a>(
    rule: &'static Rule,
    prefix: &str,
    names: impl Iterator<Item = (&'a str, &'a Origin)>,
    findings: &mut Vec<Finding>,
) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (name, origin) in names {
        let Some(earlier) = seen.insert(name.to_ascii_lowercase(), name) else { continue };
        let what = format!("differs from `{earlier}` in case alone");
        findings.push(Finding { rule, path: format!("{prefix}{name}"), origin: origin.clone(), what });
    }
}
