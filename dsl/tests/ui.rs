//! Each mistake in a circuit is one compile error in circuit language.
//!
//! The texts depend on the toolchain, which `rust-toolchain.toml` pins. `TRYBUILD=overwrite` rewrites them.

#[test]
fn mistakes_are_reported_in_circuit_language() {
    let cases = trybuild::TestCases::new();
    // A case that passes makes trybuild build rather than check: constant evaluation runs in full.
    cases.pass("tests/ui/pass/*.rs");
    for kind in
        ["keys", "units", "values", "parts", "device", "module", "ports", "nets", "own", "foreign", "generic"]
    {
        cases.compile_fail(format!("tests/ui/{kind}/*.rs"));
    }
}
