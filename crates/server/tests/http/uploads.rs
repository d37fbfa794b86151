//! Files that are sent here.

use crate::common::{Answer, Batch, HOST, record};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures_util::stream;
use server::{Desk, Server, Settings};
use std::convert::Infallible;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const KIND: &str = "multipart/form-data; boundary=edge";

fn batch(largest_upload: u64) -> Batch {
    let settings = Settings { largest_upload, ..Settings::default() };
    Batch::served(&[record("a.txt", "Số: 1/QĐ-ABC\n", &[])], &settings)
}

fn part(field: &str, name: &str, content: &str) -> String {
    format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
    )
}

fn post(body: Body) -> Request<Body> {
    let request = Request::post("/api/v1/uploads").header("host", HOST).header("content-type", KIND);
    request.body(body).unwrap()
}

fn send(batch: &Batch, parts: &[String]) -> Answer {
    batch.send(post(Body::from(parts.concat() + "--edge--\r\n")))
}

/// Has what waits read.
fn read(batch: &Batch) {
    let stop = Arc::new(AtomicBool::new(false));
    let (desk, works) = (Arc::clone(&batch.desk), Arc::clone(&stop));
    let working = thread::spawn(move || desk.work(&works));
    let end = Instant::now() + Duration::from_secs(20);
    let open = |b: &Batch| {
        b.archive.store().uploads(false).unwrap().iter().any(|u| u.state == "waiting" || u.state == "reading")
    };
    while open(batch) && Instant::now() < end {
        thread::sleep(Duration::from_millis(20));
    }
    stop.store(true, Ordering::SeqCst);
    working.join().unwrap();
}

#[test]
fn files_that_are_sent_are_read_and_listed_under_their_names() {
    let batch = batch(1 << 20);
    let mut news = batch.desk.follow();
    let sent = send(
        &batch,
        &[
            part("file", "../../Quyết định 7.TXT", "Số: 7/QĐ-XYZ\n\nGiao Phòng Hồ sơ lập báo cáo.\n"),
            part("file", "C:\\\\hong.txt", "bad"),
        ],
    );
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let told = sent.json();
    assert_eq!(
        (&told["uploads"][0]["name"], &told["uploads"][0]["state"]),
        (&"Quyết định 7.txt".into(), &"waiting".into())
    );
    let before = fs::read_to_string(batch.folder.path().join("summary.json")).is_ok();
    assert!(!before);
    read(&batch);
    let uploads = batch.get("/api/v1/uploads").json();
    let states: Vec<(&str, &str)> = uploads["uploads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| (u["name"].as_str().unwrap(), u["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("hong.txt", "failed"), ("Quyết định 7.txt", "done")]);
    assert!(uploads["uploads"][0]["message"].as_str().unwrap().contains("it is bad"));
    // They stand in the list beside the others, found without marks by their name.
    let found = batch.get("/api/v1/documents?q=quyet+dinh+7").json();
    assert_eq!(found["documents"][0]["path"], "uploads/Quyết định 7.txt");
    assert_eq!(found["documents"][0]["tasks"], 1);
    assert_eq!(batch.get("/api/v1/documents").json()["documents"].as_array().unwrap().len(), 4);
    assert_eq!(batch.get("/api/v1/documents?status=failed").json()["documents"].as_array().unwrap().len(), 2);
    let lines = fs::read_to_string(batch.folder.path().join("records.jsonl")).unwrap();
    assert!(lines.contains("7/QĐ-XYZ"));
    // What lies on the disk bears no name that was given.
    for entry in fs::read_dir(batch.desk.folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stored = name
            .strip_suffix(".txt")
            .is_some_and(|d| d.len() == 64 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(stored || name == "Quyết định 7.txt.json", "{name}");
    }
    let steps: Vec<String> = std::iter::from_fn(|| news.try_recv().ok()).map(|u| u.state).collect();
    for step in ["waiting", "reading", "done", "failed"] {
        assert!(steps.iter().any(|s| s == step), "{steps:?}");
    }
    // The same bytes once more are the same upload.
    let again = send(&batch, &[part("file", "b.txt", "Số: 7/QĐ-XYZ\n\nGiao Phòng Hồ sơ lập báo cáo.\n")]);
    assert_eq!(again.json()["uploads"][0]["name"], "Quyết định 7.txt");
    assert_eq!(batch.archive.store().uploads(false).unwrap().len(), 2);
    let noted = batch.archive.store().audited(None, "upload", 9).unwrap();
    assert_eq!(noted.len(), 3);
}

/// The thread that reads once removed, as it began, what a client was just sending: the client was told of an error inside.
#[test]
fn what_was_cut_off_is_removed_before_anything_comes_in() {
    let batch = batch(1000);
    let folder = batch.desk.folder();
    fs::create_dir_all(&folder).unwrap();
    let (part, whole) = (folder.join(".vanthu-1.part"), folder.join("a.txt"));
    fs::write(&part, "on its way").unwrap();
    fs::write(&whole, "whole").unwrap();
    assert_eq!(send(&batch, &[self::part("file", "b.txt", "next")]).status, StatusCode::CREATED);
    read(&batch);
    assert!(part.is_file(), "it may still be on its way");
    drop(Desk::new(Arc::clone(&batch.archive), 1000));
    assert!(!part.exists() && whole.is_file());
}

#[test]
fn what_is_no_upload_is_refused() {
    let batch = batch(1000);
    for (parts, status) in [
        (vec![part("file", "a.exe", "x")], 422),
        (vec![part("file", "a", "x")], 422),
        (vec![part("other", "a.txt", "x")], 422),
        (vec![part("file", "a.txt", "")], 422),
        (vec![], 422),
        (vec![part("file", "a.txt", &"x".repeat(1001))], 413),
    ] {
        let answer = send(&batch, &parts);
        assert_eq!(answer.status.as_u16(), status, "{parts:?}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let many: Vec<String> = (0..101).map(|i| part("file", "a.txt", &format!("{i}"))).collect();
    assert_eq!(send(&batch, &many).status, StatusCode::PAYLOAD_TOO_LARGE);
    let cut = post(Body::from(part("file", "cut.txt", "x") + "--ed"));
    assert!(batch.send(cut).status.is_client_error());
    let kind = |kind: &str| {
        let request = Request::post("/api/v1/uploads").header("host", HOST).header("content-type", kind);
        batch.send(request.body(Body::from("x")).unwrap()).status.as_u16()
    };
    assert_eq!(kind("application/json"), 415);
    assert_eq!(kind("text/plain"), 415);
    assert_eq!(kind("multipart/form-data"), 400);
    // A page of another site cannot send files, and one of this server shows that it is one.
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://127.0.0.1:8377"),
    ] {
        let mut request = post(Body::from(part("file", "a.txt", "forged") + "--edge--\r\n"));
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(batch.send(request).status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(batch.archive.store().uploads(false).unwrap().iter().all(|u| u.bytes == 1 || u.bytes <= 3));
}

/// Chunks without end, behind the head of a file.
fn endless() -> Body {
    let head = part("file", "endless.txt", "").trim_end().to_owned() + "\r\n\r\n";
    // As over a network, each chunk is waited for: what is at once at hand is taken in as one.
    let chunks = stream::unfold((), |()| async {
        tokio::task::yield_now().await;
        Some((Ok::<_, Infallible>(Bytes::from(vec![b'x'; 64 << 10])), ()))
    });
    Body::from_stream(stream::StreamExt::chain(stream::iter([Ok(Bytes::from(head))]), chunks))
}

#[test]
fn an_upload_without_end_is_cut_off() {
    let batch = batch(1 << 20);
    let answer = batch.send(post(endless()));
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let left: Vec<_> = fs::read_dir(batch.desk.folder()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_client_that_falls_silent_is_cut_off() {
    let settings = Settings { silence: Duration::from_millis(200), ..Settings::default() };
    let batch = Batch::served(&[], &settings);
    let first = Ok::<_, Infallible>(Bytes::from(part("file", "a.txt", "x")));
    let silent = stream::StreamExt::chain(stream::iter([first]), stream::pending());
    let answer = batch.send(post(Body::from_stream(silent)));
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(fs::read_dir(batch.desk.folder()).unwrap().count(), 0);
}

#[test]
fn a_connection_that_never_says_what_it_wants_takes_no_place_from_others() {
    let batch = batch(1 << 20);
    let settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
    let server = Server::begin(Arc::clone(&batch.archive), &settings).unwrap();
    let address = server.address();
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let serving = thread::spawn(move || server.run(&stopping));
    let mut slow = TcpStream::connect(address).unwrap();
    slow.write_all(b"GET /documents HTTP/1.1\r\nHost:").unwrap();
    let mut quick = TcpStream::connect(address).unwrap();
    let request = format!("GET /api/v1/counts HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    quick.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    quick.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // A head without end is not taken in either.
    let mut large = TcpStream::connect(address).unwrap();
    let _ = large.write_all(format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(1 << 20)).as_bytes());
    let mut told = Vec::new();
    let _ = large.read_to_end(&mut told);
    assert!(told.is_empty() || told.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&told));
    stop.store(true, Ordering::SeqCst);
    serving.join().unwrap().unwrap();
}

#[test]
fn uploads_are_followed() {
    let batch = batch(1 << 20);
    assert_eq!(send(&batch, &[part("file", "a.txt", "Số: 2\n")]).status, StatusCode::CREATED);
    let request = Request::get("/api/v1/uploads/events").header("host", HOST).body(Body::empty()).unwrap();
    let (kind, text) = batch.begin(request);
    assert_eq!(kind, "text/event-stream");
    assert!(text.starts_with("event: upload\ndata: {") && text.contains("\"name\":\"a.txt\""), "{text}");
}
