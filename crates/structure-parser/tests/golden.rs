//! Invented documents and what must come out of them, as files that a person can read.
//!
//! `UPDATE_GOLDEN=1 cargo test --release -p structure-parser --test golden` writes them anew.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use std::path::Path;
use vanthu_model::Directive;

/// What a reader checks: values without spans and confidences.
fn view(d: &Directive) -> Value {
    let m = &d.metadata;
    json!({
        "metadata": {
            "kind": m.kind, "number": m.number, "symbol": m.symbol, "issuer": m.issuer, "parent_issuer": m.parent_issuer,
            "place": m.place, "date": m.date, "subject": m.subject, "signer": m.signer, "signer_title": m.signer_title,
            "signing_authority": m.signing_authority, "addressees": m.addressees, "recipients": m.recipients,
            "legal_bases": m.legal_bases, "urgency": m.urgency,
        },
        "outline": d.outline.iter().map(|o| format!("{} {} [{:?}]", o.id, o.title, o.role)).collect::<Vec<_>>(),
        "tasks": d.tasks.iter().map(|t| json!({
            "text": t.text, "section": t.section, "rule": t.evidence.rule,
            "units": t.units.iter().map(|u| format!("{:?}: {} ({:?})", u.role, u.name, u.origin)).collect::<Vec<_>>(),
            "deadlines": t.deadlines.iter().map(|w| json!({
                "text": w.text, "date": w.date, "start": w.start, "end": w.end, "rrule": w.rrule, "inferred_year": w.inferred_year,
            })).collect::<Vec<_>>(),
            "targets": t.targets, "products": t.products,
        })).collect::<Vec<_>>(),
        "targets": d.targets.iter().map(|t| json!({
            "text": t.text, "indicator": t.indicator, "direction": t.direction, "comparator": t.comparator, "value": t.value,
            "value_high": t.value_high, "unit": t.unit, "baseline": t.baseline, "by": t.by,
        })).collect::<Vec<_>>(),
        "references": d.references.iter().map(|r| json!({
            "kind": r.kind, "symbol": r.symbol, "name": r.name, "date": r.date, "issuer": r.issuer,
        })).collect::<Vec<_>>(),
        "diagnostics": d.diagnostics.iter().map(|x| format!("{}: {}", x.code, x.message)).collect::<Vec<_>>(),
    })
}

#[test]
fn invented_documents_give_what_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    names.sort();
    assert!(names.len() >= 8);
    let mut wrong = Vec::new();
    for text in names {
        let got = view(&structure_parser::parse_text(&std::fs::read_to_string(&text).unwrap()));
        let file = text.with_extension("json");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&file, serde_json::to_string_pretty(&got).unwrap() + "\n").unwrap();
            continue;
        }
        let want: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for (key, value) in want.as_object().unwrap() {
            if got.get(key) != Some(value) {
                wrong.push(format!(
                    "{} {key}:\n{}",
                    text.display(),
                    serde_json::to_string_pretty(&got[key]).unwrap()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
