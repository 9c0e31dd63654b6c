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

use memloom_harness::{TARGETS, Target};
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
    for (name, target) in TARGETS {
        let seeds: Vec<_> = common::seeds(name).into_iter().filter(common::Seed::is_valid).collect();
        let mut read = 0;
        for (at, seed) in seeds.iter().enumerate() {
            for number in 0..count {
                let mut random = ChaCha8Rng::seed_from_u64(number << 8 | at as u64);
                let mutant = mutate::mutant(&seed.bytes, &mut random);
                read += u64::from(survives(name, target, &mutant, number));
            }
        }
        println!("{name}: {} mutants of {} seeds, {read} read", count * seeds.len() as u64, seeds.len());
    }
}

/// Whether the mutant is read; one that is a finding is kept in a file.
fn survives(name: &str, target: Target, mutant: &[u8], number: u64) -> bool {
    let start = Instant::now();
    let read = catch_unwind(|| target(mutant));
    if let (Ok(read), true) = (&read, start.elapsed() < LONGEST) {
        return *read;
    }
    let path = env::temp_dir().join(format!("memloom-mutant-{name}-{number}"));
    fs::write(&path, mutant).unwrap();
    panic!("`{name}` fails on {} after {:?}", path.display(), start.elapsed());
}
