//! Any text as a name: the laws of its views.

#![no_main]

#[path = "../../laws/folding.rs"]
mod folding;

libfuzzer_sys::fuzz_target!(|text: &str| {
    folding::check(text);
});
