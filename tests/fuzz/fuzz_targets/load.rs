//! Any bytes as a rule set: two rule files, then list files, split at the byte 0x1E.

#![no_main]

#[path = "../../laws/loading.rs"]
mod loading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    loading::check(bytes);
});
