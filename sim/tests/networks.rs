//! Small networks of every shape: each is built, printed and evaluated as its digital reference computes it, or refused
//! by a sentence. `MEMLOOM_NETWORKS` is how many are made up.

#[path = "../../network/tests/common/mod.rs"]
mod common;
#[path = "networks/functions.rs"]
mod functions;
#[path = "networks/judge.rs"]
mod judge;
#[path = "networks/recipe.rs"]
mod recipe;
#[path = "networks/simulated.rs"]
mod simulated;
#[path = "networks/torchvision.rs"]
mod torchvision;

use judge::{Verdict, judge};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use recipe::{Recipe, recipes};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Networks made up in a run of the suite.
const NETWORKS: u32 = 400;

/// Makes up the same networks in every run: more of them are those of fewer, and others.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn every_network_is_built_as_it_computes_or_refused_with_a_reason() {
    let said = std::env::var("MEMLOOM_NETWORKS").ok();
    let cases = said.map_or(NETWORKS, |said| said.parse().expect("MEMLOOM_NETWORKS is a count of networks"));
    let (built, refused) = (RefCell::new(Vec::new()), RefCell::new(BTreeMap::<String, u32>::new()));
    let result = runner(cases).run(&recipes(), |recipe| {
        match judge(&recipe).map_err(TestCaseError::fail)? {
            Verdict::Built(errors) => built.borrow_mut().push(errors),
            Verdict::Refused { kind, .. } => *refused.borrow_mut().entry(kind).or_default() += 1,
        }
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, recipe)) => panic!("{reason}\n{recipe:#?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
    let worst = |of: fn(&judge::Errors) -> f64| built.borrow().iter().map(of).fold(0.0, f64::max);
    println!(
        "{} of {cases} built, worst {:.1e} in a layer, of logits {:.1e}, in single precision {:.1e}; refused: {:?}",
        built.borrow().len(),
        worst(|errors| errors.layer),
        worst(|errors| errors.double),
        worst(|errors| errors.single),
        refused.borrow()
    );
    // Refusing is not a way to pass.
    assert!(built.borrow().len() as u32 * 3 >= cases * 2, "{refused:?}");
}

#[test]
fn eight_networks_are_in_ngspice_and_vacask_what_they_are_here() {
    let mut runner = runner(0);
    let (simulators, mut simulated) = (simulated::Simulators::find(), 0);
    while simulated < 8 {
        let recipe: Recipe = recipes().new_tree(&mut runner).unwrap().current();
        let Ok(made) = judge::make(&recipe) else { continue };
        simulators.agree(&made, |_| true).unwrap_or_else(|reason| panic!("{reason}\n{recipe:#?}"));
        simulated += 1;
    }
}
