//! Real documents, where they are at hand.

use crate::common::{Schema, code, counts, ingest, json, lines, stderr};
use std::fs;
use std::path::Path;

#[test]
fn real_texts_each_give_a_valid_record() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    if !seeds.is_dir() {
        return eprintln!("skipped: ../shared/seeds is not there");
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let output = ingest(&seeds, &out);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let inputs = fs::read_dir(&seeds).unwrap().count() as u64;
    assert_eq!(counts(&json(&out.join("summary.json"))), [inputs, 0, 0]);
    let schema = Schema::printed();
    lines(&fs::read(out.join("records.jsonl")).unwrap()).iter().for_each(|r| schema.check(r));
}
