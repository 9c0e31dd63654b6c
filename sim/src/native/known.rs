//! Whether all that a circuit holds is known to the evaluator.

use super::Error;
use memloom_ir::{Design, Element, Id, Module};

/// Refuses foreign cells and sources below `top`, each by its place: their netlists say what they do.
pub(super) fn check(design: &Design, top: Id<Module>) -> Result<(), Error> {
    let mut seen = vec![false; design.modules.len()];
    look(design, top, &mut seen, "")
}

fn look(design: &Design, id: Id<Module>, seen: &mut [bool], path: &str) -> Result<(), Error> {
    if std::mem::replace(&mut seen[id.index()], true) {
        return Ok(());
    }
    for (_, name, instance) in design.modules[id].instances.iter() {
        let copy = if instance.array { "[0]" } else { "" };
        let path = if path.is_empty() { format!("{name}{copy}") } else { format!("{path}.{name}{copy}") };
        match &instance.element {
            Element::Module(inner) => look(design, *inner, seen, &path)?,
            Element::Foreign(cell) => {
                return Err(Error::Foreign { path, cell: design.foreign.name(*cell).into() });
            }
            Element::Source(_) => return Err(Error::Source(path)),
            _ => {}
        }
    }
    Ok(())
}
