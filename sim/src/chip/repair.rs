//! What a programmer does about cells that do not do as told.
//!
//! Write and verify finds a faulty cell. What it conducts too much, or too little, its complementary cell can
//! compensate, whose current counts with the other sign; Xia et al., "Stuck-at Fault Tolerance in RRAM Computing Systems",
//! 2018, show what is gained by it. A cross-point that was left without a cell gets one for it, where there are lines.

use memloom_ir::{ABSENT, Cell, Crossbar};

/// Has the complementary cell of each faulty one compensate it, by its target in `targets`, as well as it can.
///
/// `targets` are for the cross-points of `array`. `stuck` has the conductance at which the cell of each would be stuck; it
/// is empty without faults.
pub(super) fn repair(targets: &mut [f32], array: &Crossbar, cell: &Cell, stuck: &[Option<f32>]) {
    for (at, stuck_at) in stuck.iter().enumerate() {
        let Some(stuck_at) = stuck_at.filter(|_| targets[at] != ABSENT) else { continue };
        let complementary = array.opposites().complementary(at, array.cols() as usize);
        // Two faults that are complementary stay.
        if let Some(complementary) = complementary.filter(|complementary| stuck[*complementary].is_none()) {
            targets[complementary] =
                nearest(targets[complementary] + (stuck_at - targets[at]), targets[complementary], cell);
        }
    }
}

/// What a cell can be that is nearest to `g`: within its range, or absent where none has been formed yet.
fn nearest(g: f32, formed: f32, cell: &Cell) -> f32 {
    let (low, high) = (cell.g_min as f32, cell.g_max as f32);
    if formed == ABSENT && g < low / 2.0 { ABSENT } else { g.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::{Design, Opposites};
    use proptest::prelude::*;

    const CELL: Cell = Cell::new(1e-6, 1e-4, 0.2);
    const LOW: f32 = CELL.g_min as f32;
    const HIGH: f32 = CELL.g_max as f32;

    /// What becomes of two complementary cells.
    fn pair(wanted: [f32; 2], stuck: [Option<f32>; 2]) -> Vec<f32> {
        let cell = Design::new("test").cells.insert("cell", CELL).unwrap();
        let rails = Opposites::Wordlines(vec![Some(1), Some(0)]);
        let array = Crossbar::new(2, 1, cell, 0.0, wanted.to_vec()).with_opposites(rails);
        let mut targets = wanted.to_vec();
        repair(&mut targets, &array, &CELL, &stuck);
        targets
    }

    #[test]
    fn a_single_cell_stuck_high_gets_a_complementary_one() {
        assert_eq!(pair([3e-5, ABSENT], [Some(HIGH), None]), [3e-5, HIGH - 3e-5]);
        // It is nearer to its target than a cell at g_min would bring it.
        assert_eq!(pair([HIGH - 0.4e-6, ABSENT], [Some(HIGH), None])[1], ABSENT);
        assert_eq!(pair([HIGH - 0.6e-6, ABSENT], [Some(HIGH), None])[1], LOW);
    }

    #[test]
    fn what_cannot_be_compensated_stays() {
        // Too little on the one side is not mended by nothing on the other.
        assert_eq!(pair([3e-5, ABSENT], [Some(LOW), None]), [3e-5, ABSENT]);
        assert_eq!(pair([3e-5, ABSENT], [Some(ABSENT), None]), [3e-5, ABSENT]);
        // Nor by a cell that is faulty, or would be.
        assert_eq!(pair([3e-5, ABSENT], [Some(HIGH), Some(LOW)]), [3e-5, ABSENT]);
        assert_eq!(pair([1.5e-6, 1e-6], [Some(HIGH), Some(HIGH)]), [1.5e-6, 1e-6]);
        // No fault, and a fault where no cell stands.
        assert_eq!(pair([3e-5, ABSENT], [None, None]), [3e-5, ABSENT]);
        assert_eq!(pair([3e-5, ABSENT], [None, Some(HIGH)]), [3e-5, ABSENT]);
    }

    proptest! {
        #[test]
        fn nothing_else_would_be_nearer(
            own in prop_oneof![LOW..HIGH, LOW..2.0 * LOW],
            other in prop_oneof![Just(ABSENT), Just(LOW)],
            stuck in prop_oneof![Just(LOW), Just(HIGH), Just(ABSENT)],
            partner in any::<bool>(),
            instead in prop_oneof![LOW..HIGH, Just(LOW), Just(HIGH)],
        ) {
            let wanted = [own, other];
            let (faulty, sound) = if partner && other != ABSENT { (1, 0) } else { (0, 1) };
            let mut faults = [None; 2];
            faults[faulty] = Some(stuck);
            let made = pair(wanted, faults);
            let error = |complementary: f32| ((complementary - stuck) - (wanted[sound] - wanted[faulty])).abs();
            let before = error(wanted[sound]);
            prop_assert!(error(made[sound]) <= before && error(made[sound]) <= error(instead) + 1e-11);
            prop_assert_eq!(made[faulty], wanted[faulty]);
            prop_assert!(made[sound] == wanted[sound] || (LOW..=HIGH).contains(&made[sound]));
        }
    }
}
