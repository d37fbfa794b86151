//! A batch made of texts, and a client of its server.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use batch::{Engine as Reader, Reins, Request as Order, Settings as Reading, Trouble, Work};
use rusqlite::Connection;
use server::accounts::{Accounts, Role as May};
use server::{Archive, Desk, Readers, Readings, Settings, Workshop, router};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;
use tower::ServiceExt;
use vanthu_model::{
    Change, ChangeKind, Directive, Document, Engine, Evidence, RECORD_SCHEMA, Record, Role, Source, Span,
    Task, TaskUnit, Unit, UnitOrigin,
};

pub const HOST: &str = "127.0.0.1:8377";

/// Takes every line that begins with "Giao" for a task of the unit named by the two words behind it.
pub struct Lines;

impl Workshop for Lines {
    fn open(&self, place: &Path, _: &str, _: &str) -> Result<Box<dyn export::Source>, String> {
        Err(format!("{} has no pages", place.file_name().unwrap_or_default().to_string_lossy()))
    }

    fn parse(&self, document: &Document) -> Directive {
        let mut directive = Directive::default();
        directive.metadata.symbol = document.words().find(|w| w.text.contains('/')).map(|w| w.text.clone());
        let chars: Vec<char> = document.text.chars().collect();
        for line in document.lines().filter(|l| l.words.first().is_some_and(|w| w.text == "Giao")) {
            let text: String = chars[line.span.start..line.span.end].iter().collect();
            let name =
                line.words.iter().skip(1).take(2).map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
            let evidence =
                Evidence { spans: vec![line.span], pages: vec![1], rule: "test".into(), confidence: 0.9 };
            directive.units.push(Unit { id: "don-vi".into(), name: name.clone(), forms: vec![name.clone()] });
            directive.tasks.push(Task {
                id: format!("t-{}", line.span.start),
                text,
                section: String::new(),
                units: vec![TaskUnit {
                    name,
                    role: Role::Lead,
                    unit_id: "don-vi".into(),
                    origin: UnitOrigin::Sentence,
                    evidence: evidence.clone(),
                }],
                deadlines: Vec::new(),
                targets: Vec::new(),
                products: Vec::new(),
                evidence,
            });
        }
        directive
    }

    fn readers(&self) -> Result<Readers, String> {
        Ok(Readers { engines: vec![Box::new(Texts)], reins: Reins::default(), settings: Reading::default() })
    }

    fn readings(&self, lines: &[String]) -> Vec<Readings> {
        let first = lines.first().and_then(|l| l.split(' ').next()).unwrap_or("").to_owned();
        vec![Readings {
            line: 0,
            first: 0,
            last: 0,
            alternatives: vec![(first, 0.75), ("khác".into(), 0.25)],
        }]
    }
}

/// Reads texts; what begins with "bad" cannot be read.
struct Texts;

impl Reader for Texts {
    fn read(&mut self, order: &Order<'_>) -> Result<Work, Trouble> {
        let text = fs::read_to_string(order.path).unwrap();
        if text.starts_with("bad") {
            return Err(pipeline::Failure::new(pipeline::Cause::Damaged, "it is bad", "send it again").into());
        }
        fs::write(order.to, serde_json::to_vec(&record(order.name, &text, &[])).unwrap()).unwrap();
        Ok(Work { pages: 1 })
    }
}

/// The record of a text; words in `changes` were read otherwise.
pub fn record(name: &str, text: &str, changes: &[(&str, &str)]) -> Record {
    let mut document = Document::from_text(text);
    let mut noted = Vec::new();
    for word in document
        .pages
        .iter_mut()
        .flat_map(|p| &mut p.blocks)
        .flat_map(|b| &mut b.lines)
        .flat_map(|l| &mut l.words)
    {
        if let Some((raw, _)) = changes.iter().find(|(_, made)| *made == word.text) {
            word.raw = (*raw).to_owned();
            word.confidence = 0.6;
            noted.push(Change {
                span: word.span,
                raw: word.raw.clone(),
                text: word.text.clone(),
                kind: ChangeKind::Letters,
                cause: "channel".into(),
                confidence: 0.6,
            });
        }
    }
    document.changes = noted;
    let directive = Lines.parse(&document);
    Record {
        schema: RECORD_SCHEMA.into(),
        source: Source {
            path: name.into(),
            sha256: "0".repeat(64),
            media_type: "text/plain".into(),
            bytes: 1,
            pages: 1,
        },
        engine: Engine::default(),
        document,
        directive,
        diagnostics: Vec::new(),
    }
}

/// A served batch.
pub struct Batch {
    pub folder: TempDir,
    pub archive: Arc<Archive>,
    pub accounts: Arc<Accounts>,
    pub desk: Arc<Desk>,
    pub app: Router,
    runtime: tokio::runtime::Runtime,
}

/// What was answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn tag(&self) -> String {
        self.headers[header::ETAG].to_str().unwrap().to_owned()
    }
}

impl Batch {
    /// A batch of the records, which are done, and of an input that failed.
    pub fn new(records: &[Record]) -> Self {
        Self::served(records, &Settings::default())
    }

    /// The same, served in another way.
    pub fn served(records: &[Record], settings: &Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Connection::open(folder.path().join("ledger.sqlite")).unwrap();
        ledger.execute_batch(include_str!("../../../../batch/src/ledger/schema.sql")).unwrap();
        ledger.pragma_update(None, "user_version", 1).unwrap();
        ledger
            .execute_batch(
                "INSERT INTO settings (text) VALUES ('x');
                 INSERT INTO runs (began, settings) VALUES ('2026-01-01T00:00:00Z', 1);
                 INSERT INTO inputs (place, shown, name, output, run, position, status, cause, message) VALUES
                    (CAST('/in/bad.pdf' AS BLOB), 'in/bad.pdf', 'bad.pdf', 'bad.pdf.json', 1, 0, 'failed', 'damaged',
                     'the PDF file is damaged beyond repair; fetch it again');",
            )
            .unwrap();
        drop(ledger);
        for (record, position) in records.iter().zip(1..) {
            put(folder.path(), record, position);
        }
        let archive = Arc::new(Archive::open(folder.path(), Arc::new(Lines)).unwrap());
        archive.update(&AtomicBool::new(false)).unwrap();
        let accounts = Arc::new(Accounts::open(&folder.path().join("accounts.sqlite")).unwrap());
        let desk = Arc::new(Desk::new(Arc::clone(&archive), settings.largest_upload));
        let address: SocketAddr = settings.listen;
        let app = router(Arc::clone(&archive), Arc::clone(&accounts), Arc::clone(&desk), settings, address)
            .unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { folder, archive, accounts, desk, app, runtime }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response: Response<Body> = self.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
            Answer { status: parts.status, headers: parts.headers, bytes }
        })
    }

    /// Kind and first piece of an answer that has no end.
    pub fn begin(&self, request: Request<Body>) -> (String, String) {
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
            let mut pieces = response.into_body().into_data_stream();
            let first = futures_util::StreamExt::next(&mut pieces).await.unwrap().unwrap();
            (kind, String::from_utf8_lossy(&first).into_owned())
        })
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("host", HOST).body(Body::empty()).unwrap())
    }

    /// What a reviewer does to a document that they saw at the version `tag`.
    pub fn post(&self, path: &str, tag: &str, who: &str, body: &serde_json::Value) -> Answer {
        let request = Request::post(path)
            .header("host", HOST)
            .header("content-type", "application/json")
            .header("if-match", tag)
            .header("cookie", format!("reviewer={who}"));
        self.send(request.body(Body::from(body.to_string())).unwrap())
    }

    /// Adds an account of this role, which is also its name, and logs it in: its cookie and what its pages send back.
    pub fn log_in(&self, role: May) -> (String, String) {
        self.accounts.add(role.name(), role, PASSWORD).unwrap();
        let form = self.get("/login");
        let before = cookie(&form, "vanthu-before").unwrap();
        let hidden = hidden(&form.text());
        let body = format!(
            "name={}&password={}&pledge={hidden}&to=%2Funits",
            role.name(),
            PASSWORD.replace(' ', "+")
        );
        let request = Request::post("/login")
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", before);
        let answer = self.send(request.body(Body::from(body)).unwrap());
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.headers["location"], "/units");
        let session = cookie(&answer, "vanthu-8377").unwrap();
        let page = self.send(
            Request::get("/units")
                .header("host", HOST)
                .header("cookie", &session)
                .body(Body::empty())
                .unwrap(),
        );
        (session, hidden_meta(&page.text()))
    }

    /// The number of the document at `position`.
    pub fn id(&self, position: usize) -> i64 {
        let list = self.get("/api/v1/documents?order=batch").json();
        list["documents"][position]["id"].as_i64().unwrap()
    }

    pub fn record(&self, id: i64) -> (Record, String) {
        let answer = self.get(&format!("/api/v1/documents/{id}/record"));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        (serde_json::from_slice(&answer.bytes).unwrap(), answer.tag())
    }
}

/// The password of all accounts.
pub const PASSWORD: &str = "correct horse battery";

/// A cookie that an answer sets, as it is sent back.
pub fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let pair = all.filter_map(|c| c.split(';').next()).find(|p| p.starts_with(&format!("{name}=")))?;
    Some(pair.to_owned())
}

/// The hidden field of a form that shows where it came from.
pub fn hidden(page: &str) -> String {
    page.split("name=\"pledge\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn hidden_meta(page: &str) -> String {
    page.split("name=\"csrf\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Puts a record into a batch, or in place of the one that it has.
pub fn put(folder: &Path, record: &Record, position: i64) {
    let name = &record.source.path;
    fs::write(folder.join(format!("{name}.json")), serde_json::to_vec(record).unwrap()).unwrap();
    let ledger = Connection::open(folder.join("ledger.sqlite")).unwrap();
    ledger
        .execute(
            "INSERT INTO inputs (place, shown, name, output, run, position, status, settings, pages, millis)
             VALUES (CAST(?1 AS BLOB), ?2, ?2, ?3, 1, ?4, 'done', 1, 1, 1)
             ON CONFLICT (place) DO UPDATE SET millis = millis + 1",
            rusqlite::params![format!("/in/{name}"), name, format!("{name}.json"), position],
        )
        .unwrap();
}

/// Where `words` stand in the text of a record.
pub fn span(record: &Record, words: &str) -> serde_json::Value {
    let text = &record.document.text;
    let start = text[..text.find(words).unwrap()].chars().count();
    serde_json::json!({ "start": start, "end": start + words.chars().count() })
}

pub fn plain(span: &Span) -> (usize, usize) {
    (span.start, span.end)
}
