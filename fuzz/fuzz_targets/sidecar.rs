//! Fuzzes [`memloom_fuzz::sidecar`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    memloom_fuzz::sidecar(bytes);
});
