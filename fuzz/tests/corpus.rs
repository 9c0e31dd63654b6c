//! Every target on its corpus: seeds, and what the fuzzer once found.

mod common;

use memloom_fuzz::TARGETS;

#[test]
fn every_target_takes_its_corpus() {
    for (name, target) in TARGETS {
        let seeds = common::seeds(name);
        assert!(seeds.iter().any(common::Seed::is_valid), "`{name}` has no seed that it reads");
        for seed in seeds {
            let path = seed.path.display();
            eprintln!("{name}: {path}"); // shown where it panics
            assert!(target(&seed.bytes) || !seed.is_valid(), "{path} is refused");
        }
    }
}
