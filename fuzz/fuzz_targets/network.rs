#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_harness::network(bytes);
});
