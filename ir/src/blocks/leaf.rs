//! Leaf models and rails in a design, each once.

use crate::technology::Named;
use crate::{Arena, Behaviour, Body, BuildError, Cell, Design, Foreign, Id, OpAmp, Origin, Supply};

/// The rail at `volts`, added as `name` if the design has no rail of this name.
///
/// # Errors
/// If the name is taken by a rail at another voltage.
pub fn supply(design: &mut Design, name: &str, volts: f64) -> Result<Id<Supply>, BuildError> {
    let design_name = &design.name;
    insert(&mut design.supplies, name, &Supply { volts }).ok_or_else(|| taken(design_name, "supply", name))
}

/// The op-amp model `model`, added unless the design has it, with what it is made of.
///
/// # Errors
/// If the name is taken by another model.
pub fn op_amp(design: &mut Design, model: &Named<OpAmp>) -> Result<Id<OpAmp>, BuildError> {
    let known = design.op_amps.find(&model.name).is_some();
    let id = insert(&mut design.op_amps, &model.name, &model.spec);
    leaf(design, "op-amp", model, known, id)
}

/// The cell type `cell`, added unless the design has it, with what it is made of.
///
/// # Errors
/// If the name is taken by another cell type.
pub fn cell(design: &mut Design, cell: &Named<Cell>) -> Result<Id<Cell>, BuildError> {
    let known = design.cells.find(&cell.name).is_some();
    let id = insert(&mut design.cells, &cell.name, &cell.spec);
    leaf(design, "cell", cell, known, id)
}

/// The behavioural block `model`, added unless the design has it, with what it is made of.
///
/// # Errors
/// If the name is taken by another behavioural block.
pub fn behaviour(design: &mut Design, model: &Named<Behaviour>) -> Result<Id<Behaviour>, BuildError> {
    let known = design.behaviours.find(&model.name).is_some();
    let id = insert(&mut design.behaviours, &model.name, &model.spec);
    leaf(design, "behavioural block", model, known, id)
}

/// The foreign cell `cell`, added unless the design has it.
///
/// # Errors
/// If the name is taken by a cell of another file, or by another declaration of the same cell.
pub fn foreign(design: &mut Design, cell: &Foreign) -> Result<Id<Foreign>, BuildError> {
    let design_name = &design.name;
    insert(&mut design.foreign, &cell.name, cell)
        .ok_or_else(|| taken(design_name, "foreign cell", &cell.name))
}

/// Notes what a model is made of. A model that is there must be made of the same.
fn leaf<T, S>(
    design: &mut Design,
    kind: &'static str,
    model: &Named<S>,
    known: bool,
    id: Option<Id<T>>,
) -> Result<Id<T>, BuildError> {
    let plain = Body::default();
    let same = !known || design.bodies.get(&model.name).unwrap_or(&plain) == &model.body;
    let Some(id) = id.filter(|_| same) else { return Err(taken(&design.name, kind, &model.name)) };
    if let Some(cell) = &model.body.cell {
        foreign(design, cell)?;
    }
    if !known && !model.body.is_plain() {
        design.bodies.insert(model.name.clone(), model.body.clone());
    }
    Ok(id)
}

/// The id of `name`, unless something else has this name.
fn insert<T: Clone + PartialEq>(arena: &mut Arena<T>, name: &str, item: &T) -> Option<Id<T>> {
    match arena.insert(name, item.clone()) {
        Ok(id) => Some(id),
        Err(id) => (arena[id] == *item).then_some(id),
    }
}

fn taken(design: &str, kind: &'static str, name: &str) -> BuildError {
    BuildError::Duplicate { module: design.into(), kind, name: name.into(), origin: Origin::Library }
}
