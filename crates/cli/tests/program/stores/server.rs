//! An S3 server on loopback.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// A server of its own for each test; it ends with it.
pub struct Server {
    pub port: u16,
    /// Key and secret of somebody who may use the buckets `scans` and `archive` and not `closed`.
    pub clerk: (String, String),
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Mutex<Child>,
}

impl Server {
    /// Starts one; none where `scripts/s3.sh` has not installed it.
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = root.join("../../out/s3/bin/python");
        if !python.exists() {
            eprintln!("skipped: no S3 server is there; scripts/s3.sh installs it");
            return None;
        }
        let mut child = Command::new(python)
            .arg(root.join("tests/program/stores/server.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).expect("the S3 server does not start");
        let text = |value: &Value| value.as_str().unwrap().to_string();
        Some(Self {
            port: told["port"].as_u64().unwrap() as u16,
            clerk: (text(&told["clerk"][0]), text(&told["clerk"][1])),
            talk: Mutex::new((child.stdin.take().unwrap(), answers)),
            child: Mutex::new(child),
        })
    }

    fn call(&self, call: Value) -> Value {
        let mut talk = self.talk.lock().unwrap();
        writeln!(talk.0, "{call}").unwrap();
        let mut line = String::new();
        talk.1.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{call}: no answer"))
    }

    pub fn put(&self, bucket: &str, key: &str, file: &Path) {
        self.call(json!(["put", bucket, key, file]));
    }

    /// Puts all files of a folder below `prefix`.
    pub fn put_all(&self, bucket: &str, prefix: &str, folder: &Path) {
        for name in crate::common::tree(folder) {
            self.put(bucket, &format!("{prefix}/{name}"), &folder.join(&name));
        }
    }

    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        let found = self.call(json!(["get", bucket, key, file.path()]));
        found.as_bool().unwrap().then(|| fs::read(file.path()).unwrap())
    }

    pub fn delete(&self, bucket: &str, key: &str) {
        self.call(json!(["delete", bucket, key]));
    }

    /// The keys below `prefix`, without it.
    pub fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let all: Vec<String> =
            serde_json::from_value(self.call(json!(["keys", bucket, format!("{prefix}/")]))).unwrap();
        all.iter().map(|key| key[prefix.len() + 1..].to_string()).collect()
    }

    /// The port on which it speaks TLS, and the certificate of the authority that vouches for it.
    pub fn secure(&self) -> (u16, String) {
        serde_json::from_value(self.call(json!(["secure"]))).unwrap()
    }

    /// Multipart uploads that were neither completed nor given up.
    pub fn uploads(&self, bucket: &str) -> Vec<String> {
        serde_json::from_value(self.call(json!(["uploads", bucket]))).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}
