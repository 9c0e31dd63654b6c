//! `memloom technologies`.

use crate::Result;
use crate::report::{print, print_json};
use memloom_network::technologies::all;

/// Lists the technologies that come with memloom, the default first.
pub(crate) fn run(json: bool) -> Result<()> {
    if json {
        let names: Vec<String> = all().into_iter().map(|t| t.name).collect();
        return print_json(&names);
    }
    let mut text = String::new();
    for t in all() {
        let (cell, amp, (rows, cols)) = (&t.cell.spec, &t.readout.spec.op_amp.spec, t.tile);
        text += &format!(
            "{:<20} {} cells {:.3e} to {:.3e} S read at {} V, {} tiles of {rows} x {cols}, op-amp gain {}\n",
            t.name,
            t.cell.name,
            cell.g_min,
            cell.g_max,
            cell.v_read,
            t.signed.name(),
            amp.gain,
        );
    }
    print(&text)
}
