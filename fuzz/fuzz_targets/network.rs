//! Fuzzes [`memloom_fuzz::network`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::network(bytes);
});
