//! Fuzzes [`memloom_fuzz::weights`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::weights(bytes);
});
