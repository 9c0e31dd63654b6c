//! Fuzzes [`memloom_fuzz::images`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::images(bytes);
});
