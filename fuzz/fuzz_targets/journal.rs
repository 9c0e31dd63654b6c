//! Fuzzes [`memloom_fuzz::journal`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::journal(bytes);
});
