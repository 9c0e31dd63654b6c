//! What is left of a command that is killed, stopped, lied to or out of room: nothing half-written, nothing running,
//! nothing that a further run does not mend.
//!
//! `MEMLOOM_KILLS` sets how often each command is killed, and as often stopped by a signal that it hears; twice if unset.

#[path = "../common/mod.rs"]
mod common;
#[path = "../../../network/tests/common/mod.rs"]
mod network;

mod bench;
mod disk;
mod kills;
mod liars;
mod simulators;
mod stops;
