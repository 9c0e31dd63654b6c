//! Valid files with something wrong: every importer reads or refuses each of them, in bounded time and memory.
//!
//! `MEMLOOM_MUTANTS` says how many of each seed.

mod common;
mod mutate;

use std::{
    env, fs,
    panic::catch_unwind,
    time::{Duration, Instant},
};

use memloom_fuzz::{TARGETS, Target};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Mutants of each seed, unless the environment says otherwise.
const MUTANTS: u64 = 100;
/// What a file of a few kilobytes may cost at most; far above what any of them does.
const LONGEST: Duration = Duration::from_secs(20);
/// Memory of this program, bytes. An image decoder may take a quarter of it.
const MEMORY: u64 = 1 << 30;

#[test]
fn mutants_are_read_or_refused() {
    let hard = getrlimit(Resource::Data).maximum;
    setrlimit(Resource::Data, Rlimit { current: Some(MEMORY), maximum: hard }).unwrap();
    let count = env::var("MEMLOOM_MUTANTS").map_or(MUTANTS, |count| count.parse().expect("a whole number"));
    let mut findings = Vec::new();
    for (name, target) in TARGETS {
        let seeds: Vec<_> = common::seeds(name).into_iter().filter(common::Seed::is_valid).collect();
        let mut read = 0;
        for (at, seed) in seeds.iter().enumerate() {
            for number in 0..count {
                let mut random = ChaCha8Rng::seed_from_u64(number << 8 | at as u64);
                let mutant = mutate::mutant(&seed.bytes, &mut random);
                match outcome(target, &mutant) {
                    Ok(was_read) => read += u64::from(was_read),
                    Err(what) => findings.push(keep(&format!("{name}-{at}-{number}"), &mutant, &what)),
                }
            }
        }
        println!("{name}: {} mutants of {} seeds, {read} read", count * seeds.len() as u64, seeds.len());
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// Whether the mutant is read, or why it is a finding.
fn outcome(target: Target, mutant: &[u8]) -> Result<bool, String> {
    let start = Instant::now();
    let read = catch_unwind(|| target(mutant)).map_err(|_| "a panic".to_owned())?;
    let taken = start.elapsed();
    if taken < LONGEST { Ok(read) } else { Err(format!("{taken:?}")) }
}

/// Keeps a finding in a file; says where.
fn keep(name: &str, mutant: &[u8], what: &str) -> String {
    let path = env::temp_dir().join(format!("memloom-mutant-{name}"));
    fs::write(&path, mutant).unwrap();
    format!("{}: {what}", path.display())
}
