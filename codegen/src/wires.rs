//! Wires `start .. start + len` of slices joined end to end.

use memloom_ir::{Bits, Instance, Slice};

/// The slices that cover wires `start .. start + len` of `bits`.
pub(crate) fn part(bits: &[Slice], start: u32, len: u32) -> impl Iterator<Item = Slice> + '_ {
    let (mut skip, mut left) = (start, len);
    bits.iter().filter_map(move |slice| {
        let width = slice.width();
        if skip >= width || left == 0 {
            skip = skip.saturating_sub(width);
            return None;
        }
        let taken = (width - skip).min(left);
        let cut = match *slice {
            Slice::Supply(id) => Slice::Supply(id),
            Slice::Net { net, start, .. } => Slice::Net { net, start: start + skip, len: taken },
        };
        (skip, left) = (0, left - taken);
        Some(cut)
    })
}

/// Where the wires of copy `copy` start in the connection of a pin `width` wide: a shared pin's start at 0.
pub(crate) fn offset(instance: &Instance, pin: usize, width: u32, copy: u32) -> u32 {
    let total: u32 = instance.pins[pin].iter().map(Slice::width).sum();
    if total == width { 0 } else { copy * width }
}

/// The wires of pin `pin` of copy `copy`.
pub(crate) fn of_copy(instance: &Instance, pin: usize, width: u32, copy: u32) -> Bits {
    part(&instance.pins[pin], offset(instance, pin, width, copy), width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::{Design, Nature};

    #[test]
    fn cuts_across_slices() {
        let mut design = Design::new("d");
        let mut module = design.module("m");
        let a = module.net("a", Nature::Voltage, 3);
        let b = module.net("b", Nature::Voltage, 4);
        let net = |net, start, len| Slice::Net { net, start, len };
        let bits = [net(a, 1, 2), net(b, 0, 4)];
        assert_eq!(part(&bits, 0, 2).collect::<Vec<_>>(), [net(a, 1, 2)]);
        assert_eq!(part(&bits, 1, 3).collect::<Vec<_>>(), [net(a, 2, 1), net(b, 0, 2)]);
        assert_eq!(part(&bits, 5, 1).collect::<Vec<_>>(), [net(b, 3, 1)]);
    }
}
