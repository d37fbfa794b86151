//! What reviewers do, and what becomes of it.

use crate::common::{Batch, put, record, span};
use axum::http::StatusCode;
use serde_json::json;
use std::fs;
use std::sync::atomic::AtomicBool;

const TEXT: &str =
    "Số: 15/QĐ-ABC\n\nGiao Phòng Hồ sơ lập báo cáo cải cách hành chính.\nCác đơn vị phối hợp.\n";

fn batch() -> Batch {
    Batch::new(&[
        record("a.txt", TEXT, &[("cao", "cáo"), ("pho1", "phối")]),
        record("b.txt", "Số: 16/KH-ABC\n\nVề việc trồng cây.\n", &[]),
    ])
}

#[test]
fn documents_are_found_without_marks_and_by_their_symbols() {
    let batch = batch();
    for (query, expected) in [
        ("q=cai+cach+hanh+chinh", vec!["a.txt"]),
        ("q=15/qd-abc", vec!["a.txt"]),
        ("q=TR%E1%BB%92NG", vec!["b.txt"]),
        ("q=cai+trong", vec![]),
        ("q=%22%27)+OR+*", vec![]),
        ("status=failed", vec!["in/bad.pdf"]),
        ("cause=damaged", vec!["in/bad.pdf"]),
        ("doubtful=1", vec!["a.txt"]),
        ("unit=don-vi", vec!["a.txt"]),
        ("confidence_below=99", vec!["a.txt"]),
    ] {
        let answer = batch.get(&format!("/api/v1/documents?{query}"));
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        let found = answer.json();
        let paths: Vec<&str> =
            found["documents"].as_array().unwrap().iter().map(|d| d["path"].as_str().unwrap()).collect();
        assert_eq!(paths, expected, "{query}");
    }
    // The list in pages, each document once.
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = batch.get(&format!("/api/v1/documents?limit=1&cursor={cursor}")).json();
        seen.extend(page["documents"].as_array().unwrap().iter().map(|d| d["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    seen.sort_unstable();
    assert_eq!(seen.len(), 3);
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[test]
fn a_word_is_corrected_found_exported_and_undone() {
    let batch = batch();
    let id = batch.id(1);
    let before = fs::read(batch.folder.path().join("a.txt.json")).unwrap();
    let (made, tag) = batch.record(id);
    let path = format!("/api/v1/documents/{id}/corrections");
    let body = json!({ "span": span(&made, "Hồ"), "text": "Lưu  trữ hồ" });
    let done = batch.post(&path, &tag, "An", &body);
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    let (now, _) = batch.record(id);
    now.document.check().unwrap();
    assert!(now.document.text.contains("Giao Phòng Lưu trữ hồ sơ lập"));
    assert_eq!(now.directive.tasks[0].text, "Giao Phòng Lưu trữ hồ sơ lập báo cáo cải cách hành chính.");
    assert!(now.document.changes.iter().any(|c| c.cause == "reviewer" && c.raw == "Hồ"));
    // What the batch made is not touched.
    assert_eq!(fs::read(batch.folder.path().join("a.txt.json")).unwrap(), before);
    let found = |q: &str| {
        batch.get(&format!("/api/v1/documents?q={q}")).json()["documents"].as_array().unwrap().len()
    };
    assert_eq!(found("luu+tru"), 1);
    let csv = batch.get("/export/csv").text();
    assert!(csv.contains("Giao Phòng Lưu trữ hồ sơ"), "{csv}");
    let xlsx = batch.get("/export/xlsx");
    assert_eq!(&xlsx.bytes[..2], b"PK");
    let undone = batch.post(&format!("/api/v1/documents/{id}/undo"), &done.tag(), "An", &json!({}));
    assert_eq!(undone.status, StatusCode::CREATED, "{}", undone.text());
    let (again, _) = batch.record(id);
    assert_eq!(again, made);
    assert_eq!(found("luu+tru"), 0);
    assert!(batch.get("/export/csv").text().contains("Giao Phòng Hồ sơ"));
}

#[test]
fn of_two_reviewers_the_later_is_told_and_nothing_is_lost() {
    let batch = batch();
    let id = batch.id(1);
    let (made, tag) = batch.record(id);
    let path = format!("/api/v1/documents/{id}/corrections");
    let first = batch.post(&path, &tag, "An", &json!({ "span": span(&made, "Hồ"), "text": "Lưu trữ hồ" }));
    assert_eq!(first.status, StatusCode::CREATED);
    let second = batch.post(&path, &tag, "Binh", &json!({ "span": span(&made, "đơn"), "text": "cơ" }));
    assert_eq!(second.status, StatusCode::PRECONDITION_FAILED);
    let problem = second.json();
    assert_eq!((&problem["code"], &problem["since"][0]["who"]), (&json!("conflict"), &json!("An")));
    // After another look it is taken, at the place where the words stand now.
    let (now, tag) = batch.record(id);
    let second = batch.post(&path, &tag, "Binh", &json!({ "span": span(&now, "đơn"), "text": "cơ" }));
    assert_eq!(second.status, StatusCode::CREATED, "{}", second.text());
    let (both, _) = batch.record(id);
    assert!(both.document.text.contains("Lưu trữ hồ") && both.document.text.contains("Các cơ vị"));
    let unversioned = batch.send(
        axum::http::Request::post(&path)
            .header("host", crate::common::HOST)
            .header("content-type", "application/json")
            .body(axum::body::Body::from("{\"span\":{\"start\":0,\"end\":1},\"text\":\"x\"}"))
            .unwrap(),
    );
    assert_eq!(unversioned.status, StatusCode::PRECONDITION_REQUIRED);
}

#[test]
fn tasks_are_accepted_changed_rejected_and_added() {
    let batch = batch();
    let id = batch.id(1);
    let (made, mut tag) = batch.record(id);
    let task = made.directive.tasks[0].id.clone();
    let path = format!("/api/v1/documents/{id}/tasks/{task}");
    let mut post = |path: &str, body: serde_json::Value| {
        let done = batch.post(path, &tag, "An", &body);
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
        tag = done.tag();
        batch.record(id).0
    };
    let changed = post(
        &path,
        json!({ "verdict": "accepted", "units": [{ "name": "Sở Nội vụ", "role": "lead" }],
                "deadlines": [{ "text": "trước tháng 3", "date": "2026-02-28" }],
                "targets": [{ "text": "ít nhất 5 hồ sơ", "comparator": ">=", "value": 5, "unit": "hồ sơ" }] }),
    );
    let entry = &changed.directive.tasks[0];
    assert_eq!(entry.units[0].unit_id, "so-noi-vu");
    assert_eq!(entry.deadlines[0].date.as_deref(), Some("2026-02-28"));
    assert_eq!(changed.directive.targets[entry.targets[0]].value, 5.0);
    // Accepting it keeps what was changed.
    let accepted = post(&path, json!({ "verdict": "accepted" }));
    assert_eq!(accepted.directive.tasks[0].units[0].name, "Sở Nội vụ");
    let due = batch.get("/calendar?month=2026-02").text();
    assert!(due.contains("Sở Nội vụ"), "the calendar shows it");
    assert!(batch.get("/units/so-noi-vu").text().contains("15/QĐ-ABC"));
    let rejected = post(&path, json!({ "verdict": "rejected" }));
    assert!(rejected.directive.tasks.is_empty());
    let added = post(
        &format!("/api/v1/documents/{id}/tasks"),
        json!({ "verdict": "accepted", "spans": [span(&made, "Các đơn vị phối hợp.")],
                "units": [{ "name": "Các đơn vị", "role": "lead" }] }),
    );
    assert_eq!(added.directive.tasks[0].text, "Các đơn vị phối hợp.");
    let own = added.directive.tasks[0].id.clone();
    let dropped = post(&format!("/api/v1/documents/{id}/tasks/{own}"), json!({ "verdict": "rejected" }));
    assert!(dropped.directive.tasks.is_empty());
    let bad = batch.post(
        &path,
        "\"x\"",
        "An",
        &json!({ "verdict": "accepted", "deadlines": [{ "text": "", "date": "2026-02-30" }] }),
    );
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_record_made_anew_keeps_what_fits_and_names_what_does_not() {
    let batch = batch();
    let id = batch.id(1);
    let (made, tag) = batch.record(id);
    let path = format!("/api/v1/documents/{id}/corrections");
    let first = batch.post(&path, &tag, "An", &json!({ "span": span(&made, "lập"), "text": "trình" }));
    let (now, _) = batch.record(id);
    let second = batch.post(&path, &first.tag(), "An", &json!({ "span": span(&now, "đơn"), "text": "cơ" }));
    assert_eq!(second.status, StatusCode::CREATED, "{}", second.text());
    // The file is read anew: a line more in front, another word at the end.
    let anew = format!("Thêm một dòng\n\n{}", TEXT.replace("đơn vị", "phòng ban"));
    put(batch.folder.path(), &record("a.txt", &anew, &[]), 1);
    let updated = batch.archive.update(&AtomicBool::new(false)).unwrap();
    assert_eq!((updated.inputs, updated.read), (3, 1));
    let (kept, _) = batch.record(id);
    assert!(kept.document.text.contains("Hồ sơ trình báo cáo"), "{}", kept.document.text);
    assert!(kept.document.text.contains("Các phòng ban"));
    let told = batch.get(&path).json();
    assert_eq!(told["lost"], json!([2]));
    assert_eq!(batch.get("/api/v1/documents?lost=1").json()["documents"].as_array().unwrap().len(), 1);
    assert!(batch.get(&format!("/documents/{id}/pages/1")).text().contains("class=\"lost\""));
}

#[test]
fn what_else_a_word_may_be_is_told() {
    let batch = batch();
    let id = batch.id(1);
    let told = batch.get(&format!("/api/v1/documents/{id}/readings?start=0&end=3")).json();
    assert_eq!(told["raw"], "Số:");
    assert_eq!(told["readings"][1]["text"], "khác");
    let units = batch.get("/api/v1/units?q=noi+vu").json();
    assert!(units.as_array().unwrap().iter().any(|u| u["name"] == "Bộ Nội vụ"), "{units}");
}

#[test]
fn a_document_is_looked_through_and_comes_last() {
    let batch = batch();
    let id = batch.id(1);
    let first = batch.get("/api/v1/documents?status=done").json();
    assert_eq!(first["documents"][0]["id"], id);
    let (_, tag) = batch.record(id);
    let done = batch.post(&format!("/api/v1/documents/{id}/reviewed"), &tag, "An", &json!({ "done": true }));
    assert_eq!(done.status, StatusCode::CREATED);
    let then = batch.get("/api/v1/documents?status=done").json();
    assert_eq!(then["documents"][1]["reviewed"], "An");
    assert_eq!(batch.get("/api/v1/counts").json()["reviewed"], 1);
}
