//! The columns of a circuit that can be trimmed: an output, and the bitlines that move it.

use crate::native::levers::{Amp, Array};
use crate::native::program::{Op, Program};
use std::collections::HashMap;

/// An output, and the bitlines of one array that cells can move it by.
pub(super) struct Column {
    pub(super) array: usize,
    pub(super) bitlines: Vec<Bitline>,
    /// Node of the output.
    pub(super) target: u32,
}

#[derive(Clone, Copy)]
pub(super) struct Bitline {
    pub(super) number: usize,
    pub(super) amp: Amp,
    /// Volts per ampere into it, at its own op-amp's output and at the column's.
    pub(super) own: f64,
    pub(super) reach: f64,
    /// Row of a pair's second op-amp, where wires have it solved together with this one so that it does not read its output,
    /// and volts there per ampere.
    pub(super) beside: Option<(usize, f64)>,
}

/// The columns of a program that have rails: those that are measured at their own op-amp, or at the second one of a
/// pair, and those that are measured at the amplifier which adds their partial sums, of each sum the last part.
pub(super) fn columns(program: &Program) -> (Vec<Column>, Vec<Column>) {
    let levers = program.levers.as_ref().expect("asked for");
    let mut own: Vec<Column> = levers.arrays.iter().enumerate().flat_map(|at| pairs(program, at)).collect();
    let mut held: HashMap<u32, usize> = HashMap::new();
    own.iter().enumerate().for_each(|(at, column)| {
        held.insert(levers.slot_of[column.target as usize], at);
    });
    let in_arrays: Vec<bool> = {
        let mut rows = vec![false; program.rows.offset.len()];
        levers.arrays.iter().flat_map(|a| a.amps.iter().flatten()).for_each(|amp| rows[amp.row] = true);
        rows
    };
    let mut last: HashMap<usize, (u32, f64)> = HashMap::new();
    for (at, op) in program.ops.iter().enumerate() {
        let Op::Row(row) = op else { continue };
        let terms = terms(program, *row as usize);
        let parts: Vec<(usize, f64)> =
            terms.clone().filter_map(|(slot, gain)| held.get(&slot).map(|column| (*column, gain))).collect();
        if in_arrays[*row as usize] || parts.len() < 2 || parts.len() != terms.count() {
            continue;
        }
        let (column, gain) =
            parts.into_iter().max_by_key(|(column, _)| own[*column].array).expect("two parts");
        last.insert(column, (program.inputs + at as u32, gain));
    }
    let node_of =
        |slot: u32| levers.slot_of.iter().position(|of| *of == slot).expect("a slot is a node's") as u32;
    let mut sums = Vec::new();
    let mut rest = Vec::new();
    for (at, mut column) in std::mem::take(&mut own).into_iter().enumerate() {
        match last.get(&at) {
            Some((slot, gain)) => {
                column.target = node_of(*slot);
                column.bitlines.iter_mut().for_each(|bitline| bitline.reach *= gain);
                sums.push(column);
            }
            None => rest.push(column),
        }
    }
    (rest, sums)
}

/// The columns of an array: single bitlines, or pairs of which the second one's op-amp reads that of the first.
fn pairs(program: &Program, (number, array): (usize, &Array)) -> Vec<Column> {
    let slot_of = &program.levers.as_ref().expect("asked for").slot_of;
    if array.rails.is_empty() {
        return Vec::new();
    }
    let bitline = |col: usize| {
        array.amps[col].map(|amp| {
            let own = program.rows.reach[amp.row];
            Bitline { number: col, amp, own, reach: own, beside: None }
        })
    };
    let bitlines: Vec<Bitline> = (0..array.amps.len()).filter_map(bitline).collect();
    let by_slot: HashMap<u32, usize> =
        bitlines.iter().enumerate().map(|(at, b)| (slot_of[b.amp.out as usize], at)).collect();
    let mut first_of: Vec<Option<Bitline>> = vec![None; bitlines.len()];
    let mut is_first = vec![false; bitlines.len()];
    for (at, bitline) in bitlines.iter().enumerate() {
        for (slot, gain) in terms(program, bitline.amp.row) {
            if let Some(first) = by_slot.get(&slot).filter(|first| **first != at) {
                let reach = bitlines[*first].own * gain;
                (first_of[at], is_first[*first]) = (Some(Bitline { reach, ..bitlines[*first] }), true);
            }
        }
        // Wires have the two solved together.
        let partner = program.rows.partner[bitline.amp.row];
        if let Some((first, reach)) = partner.and_then(|(slot, reach)| Some((by_slot.get(&slot)?, reach))) {
            let beside = Some((bitline.amp.row, reach));
            (first_of[at], is_first[*first]) = (Some(Bitline { reach, beside, ..bitlines[*first] }), true);
        }
    }
    let column = |at: usize| {
        let first = first_of[at];
        let target = bitlines[at].amp.out;
        Column { array: number, bitlines: [bitlines[at]].into_iter().chain(first).collect(), target }
    };
    (0..bitlines.len()).filter(|at| !is_first[*at]).map(column).collect()
}

/// Slots and coefficients of a row.
pub(super) fn terms(program: &Program, row: usize) -> impl Iterator<Item = (u32, f64)> + Clone {
    let rows = &program.rows;
    let range = rows.start[row]..rows.start[row + 1];
    rows.slot[range.clone()].iter().copied().zip(rows.coefficient[range].iter().copied())
}
