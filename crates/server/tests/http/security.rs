//! What must not come through.

use crate::common::{Batch, HOST, record};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use server::{Archive, ServeError, Server, Settings};
use std::sync::Arc;

const SCRIPT: &str = "<script>alert(1)</script>";

fn batch() -> Batch {
    let text = format!("Số: 1/{SCRIPT}\n\nGiao \"><img src=x onerror=alert(1)> {SCRIPT}\n");
    Batch::new(&[record("a\"><script>.txt", &text, &[("'><svg/onload=x>", SCRIPT)])])
}

#[test]
fn text_of_documents_never_becomes_markup() {
    let batch = batch();
    let id = batch.id(1);
    for path in [
        "/documents".to_owned(),
        "/documents?q=alert".to_owned(),
        format!("/documents?q={}", "%22%3E%3Cscript%3Ealert(2)%3C/script%3E"),
        format!("/documents/{id}/pages/1"),
        "/units".to_owned(),
        "/units/don-vi".to_owned(),
        "/calendar?month=%3Cscript%3E".to_owned(),
        "/units?q=%22%3E%3Cscript%3E".to_owned(),
    ] {
        let page = batch.get(&path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        for bad in ["<script>", "<img src=x", "<svg/onload", "\"><script", "\"><img"] {
            assert!(!text.contains(bad), "{path} holds {bad}");
        }
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        // No style and no script of their own, which the policy would not let through.
        for bad in [" style=", " onclick=", "javascript:"] {
            assert!(!text.contains(bad), "{path} holds {bad}");
        }
    }
}

#[test]
fn paths_come_from_the_ledger_alone() {
    let batch = batch();
    for path in [
        "/assets/..%2F..%2Fledger.sqlite",
        "/assets/%2e%2e/Cargo.toml",
        "/documents/..%2F1",
        "/documents/999/pages/1/picture",
        "/api/v1/documents/..%2f..%2fetc%2fpasswd/record",
        "/api/v1/documents/-1/record",
        "/api/v1/documents/99999999999999999999/record",
        "/export/..%2Fledger.sqlite",
        "/review.sqlite",
    ] {
        let status = batch.get(path).status;
        assert!(status.is_client_error(), "{path}: {status}");
    }
}

#[test]
fn requests_of_other_sites_are_refused() {
    let batch = batch();
    let id = batch.id(1);
    let (_, tag) = batch.record(id);
    let path = format!("/api/v1/documents/{id}/reviewed");
    let send = |headers: &[(&str, &str)]| {
        let mut request = Request::post(&path).header("if-match", &tag);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        batch.send(request.body(Body::from("{\"done\":true}")).unwrap()).status
    };
    let json = ("content-type", "application/json");
    let host = ("host", HOST);
    assert_eq!(send(&[host, json, ("origin", "http://evil.example")]), StatusCode::FORBIDDEN);
    assert_eq!(send(&[host, json, ("origin", "null")]), StatusCode::FORBIDDEN);
    assert_eq!(send(&[host, json, ("sec-fetch-site", "cross-site")]), StatusCode::FORBIDDEN);
    assert_eq!(send(&[host, json, ("sec-fetch-site", "same-site")]), StatusCode::FORBIDDEN);
    assert_eq!(send(&[host, ("content-type", "text/plain")]), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send(&[("host", "evil.example"), json]), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(send(&[("host", "evil.example:8377"), json]), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(send(&[host, json, ("origin", "http://127.0.0.1:8377")]), StatusCode::CREATED);
    let rebound = Request::get("/documents").header("host", "evil.example").body(Body::empty()).unwrap();
    assert_eq!(batch.send(rebound).status, StatusCode::MISDIRECTED_REQUEST);
}

#[test]
fn bodies_have_a_bound_and_a_shape() {
    let batch = batch();
    let id = batch.id(1);
    let (_, tag) = batch.record(id);
    let path = format!("/api/v1/documents/{id}/corrections");
    let send = |body: String| {
        let request = Request::post(&path)
            .header("host", HOST)
            .header("if-match", &tag)
            .header("content-type", "application/json");
        batch.send(request.body(Body::from(body)).unwrap()).status
    };
    let large = format!("{{\"span\":{{\"start\":0,\"end\":1}},\"text\":\"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(send(large), StatusCode::PAYLOAD_TOO_LARGE);
    for bad in [
        "{",
        "[]",
        "{\"text\":\"x\"}",
        "{\"span\":{\"start\":5,\"end\":2},\"text\":\"x\"}",
        "{\"span\":{\"start\":0,\"end\":99999},\"text\":\"x\"}",
        "{\"span\":{\"start\":-1,\"end\":2},\"text\":\"x\"}",
        "{\"span\":{\"start\":0,\"end\":2},\"text\":\"\\u0000\"}",
        "{\"span\":{\"start\":0,\"end\":2},\"text\":\"x\",\"more\":1}",
    ] {
        let status = send(bad.to_owned());
        assert!(matches!(status.as_u16(), 400 | 422), "{bad}: {status}");
    }
}

#[test]
fn methods_and_numbers_that_no_address_knows_are_told_so() {
    let batch = batch();
    for (method, path, status) in [
        ("PUT", "/api/v1/counts", 405),
        ("POST", "/api/v1/documents", 405),
        ("POST", "/api/v1/documents/1/undo", 415),
        ("DELETE", "/api/v1/documents/1", 405),
        ("GET", "/api/v1/audit?limit=167040801490723680031489392640", 422),
    ] {
        let request = Request::builder().method(method).uri(path).header("host", HOST);
        assert_eq!(
            batch.send(request.body(Body::empty()).unwrap()).status.as_u16(),
            status,
            "{method} {path}"
        );
    }
}

#[test]
fn other_machines_are_not_served() {
    let batch = batch();
    let begin = |listen: &str| {
        let settings = Settings { listen: listen.parse().unwrap(), ..Settings::default() };
        Server::begin(Arc::clone(&batch.archive), &settings)
    };
    assert!(matches!(begin("0.0.0.0:0"), Err(ServeError::Refused(_))));
    assert!(matches!(begin("192.0.2.1:80"), Err(ServeError::Refused(_))));
    let first = begin("127.0.0.1:0").unwrap();
    assert!(matches!(begin(&first.address().to_string()), Err(ServeError::Taken(_))));
    let empty = tempfile::tempdir().unwrap();
    let none = Archive::open(empty.path(), Arc::new(crate::common::Lines));
    assert!(matches!(none, Err(ServeError::Ledger(_))));
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "nothing is written there");
}
