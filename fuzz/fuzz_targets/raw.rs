//! Fuzzes [`memloom_fuzz::raw`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::raw(bytes);
});
