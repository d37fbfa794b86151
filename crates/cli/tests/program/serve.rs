//! `vanthu serve`, asked over a connection as programs ask it.

use crate::common::{code, ingest, run, stderr, vanthu};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

/// A server that ends with the test.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn begin(folder: &Path) -> Self {
        let mut command = vanthu();
        command.arg("serve").arg(folder).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Self { address: address.unwrap_or_else(|| panic!("{line}")).to_owned(), child }
    }

    /// Status, head and body.
    fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
    }

    fn json(&self, path: &str) -> Value {
        let (status, _, body) = self.ask("GET", path, "", "");
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_corrected_over_http_stands_in_the_reviewed_export() {
    let dir = tempfile::tempdir().unwrap();
    let (text, out) = (dir.path().join("a.txt"), dir.path().join("out"));
    fs::write(&text, "Giao Phòng Hành chính lập báo cáo trước ngày 15/3/2026.\n").unwrap();
    assert_eq!(code(&ingest(&text, &out)), 0);
    let served = Served::begin(&out);
    // The list is made while the server answers already.
    let id = (0..200)
        .find_map(|_| {
            let list = served.json("/api/v1/documents?q=hanh+chinh");
            std::thread::sleep(std::time::Duration::from_millis(50));
            list["documents"][0]["id"].as_i64()
        })
        .expect("the document is listed");
    let (_, head, record) = served.ask("GET", &format!("/api/v1/documents/{id}/record"), "", "");
    let tag = head.lines().find_map(|l| l.strip_prefix("etag: ")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let text = record["document"]["text"].as_str().unwrap();
    let start = text[..text.find("15/3").unwrap()].chars().count();
    let body = json!({ "span": { "start": start, "end": start + 1 }, "text": "20/3/2026." });
    let headers = format!("Content-Type: application/json\r\nIf-Match: {tag}\r\n");
    let corrections = format!("/api/v1/documents/{id}/corrections");
    let (status, _, told) = served.ask("POST", &corrections, &headers, &body.to_string());
    assert_eq!(status, 201, "{told}");
    // The task is due on another day now: the corrected text was parsed anew.
    let due = served.json("/api/v1/deadlines?from=2026-03-01&to=2026-03-31");
    assert_eq!(due[0]["due"], "2026-03-20", "{due}");
    drop(served);
    let reviewed = dir.path().join("reviewed");
    let made = run([
        "export".as_ref(),
        out.as_os_str(),
        "--format".as_ref(),
        "json,csv".as_ref(),
        "--reviewed".as_ref(),
        reviewed.as_os_str(),
    ]);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    assert!(fs::read_to_string(reviewed.join("tasks.csv")).unwrap().contains("20/3/2026"));
    assert!(fs::read_to_string(reviewed.join("a.txt.json")).unwrap().contains("\"reviewer\""));
    assert!(fs::read_to_string(out.join("a.txt.json")).unwrap().contains("15/3/2026"));
}

#[test]
fn what_cannot_be_served_is_told_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    for (args, told) in [
        (vec!["serve", dir.path().to_str().unwrap()], "holds no ledger"),
        (vec!["serve", dir.path().to_str().unwrap(), "--listen", "here"], "invalid"),
    ] {
        let refused = run(args);
        assert_eq!(code(&refused), 1);
        assert!(stderr(&refused).contains(told), "{}", stderr(&refused));
    }
}
