//! Fuzzes [`memloom_fuzz::builder`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::builder(bytes);
});
