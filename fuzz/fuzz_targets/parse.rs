//! Parses any bytes as text: `cargo +nightly fuzz run parse -- -max_total_time=3600`.
#![no_main]

#[path = "../../crates/structure-parser/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let document = vanthu_model::Document::from_text(&String::from_utf8_lossy(data));
    let directive = structure_parser::parse(&document);
    invariants::check(&document, &directive);
});
