//! What the tests of the program share.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program.
pub fn vanthu() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vanthu"));
    // Whatever the language and the habits of who runs the tests.
    command.env("LC_ALL", "C").env_remove("VANTHU_LOG");
    command
}

/// Runs the program to its end.
pub fn run<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    vanthu().args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs the program with `input` on its standard input.
pub fn pipe<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>, input: &[u8]) -> Output {
    let mut child = vanthu()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    // A program that has seen enough may close its input.
    let _ = writer.join().unwrap();
    output
}

/// `ingest INPUT --out OUT`.
pub fn ingest(input: &Path, out: &Path) -> Output {
    run([OsStr::new("ingest"), input.as_os_str(), "--out".as_ref(), out.as_os_str()])
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn lines(text: &[u8]) -> Vec<Value> {
    std::str::from_utf8(text).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// All files below `dir` but those of the account that a batch keeps for itself, as paths in it, sorted.
pub fn tree(dir: &Path) -> Vec<String> {
    let (mut all, mut folders) = (Vec::new(), vec![dir.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let own = [".vanthu", "failed", "ledger.sqlite"];
            if path.parent() == Some(dir) && path.file_name().is_some_and(|n| own.iter().any(|o| n == *o)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push(path.strip_prefix(dir).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    all.sort();
    all
}

/// done, failed and skipped, after a check that they add up to the inputs.
pub fn counts(summary: &Value) -> [u64; 3] {
    let counts = ["done", "failed", "skipped"].map(|k| summary["counts"][k].as_u64().unwrap());
    assert_eq!(counts.iter().sum::<u64>(), summary["inputs"].as_u64().unwrap(), "{summary}");
    assert_eq!(counts[1] as usize, summary["failures"].as_array().unwrap().len());
    assert_eq!(counts[2] as usize, summary["skipped"].as_array().unwrap().len());
    counts
}

/// Checks a record against the schema that the program prints, and its spans against its text.
pub struct Schema(jsonschema::Validator);

impl Schema {
    pub fn printed() -> Self {
        let schema: Value = serde_json::from_slice(&run(["schema"]).stdout).unwrap();
        Self(jsonschema::validator_for(&schema).unwrap())
    }

    pub fn check(&self, record: &Value) {
        let slips: Vec<String> =
            self.0.iter_errors(record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(slips.is_empty(), "{}: {slips:#?}", record["source"]["path"]);
        let record: vanthu_model::Record = serde_json::from_value(record.clone()).unwrap();
        record.document.check().unwrap();
    }
}

/// A plan of an agency that does not exist.
pub const PLAN: &str = "\
ỦY BAN NHÂN DÂN
TỈNH SÔNG MÂY
Số: 47/KH-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Sông Mây, ngày 12 tháng 3 năm 2026

KẾ HOẠCH
Cải tạo hệ thống thư viện cơ sở năm 2026

I. NHIỆM VỤ
1. Giao Sở Thư viện chủ trì, phối hợp với Sở Tài chính rà soát các phòng đọc, báo cáo Ủy ban nhân dân tỉnh trước ngày 30/6/2026.
2. Sở Tài chính bố trí kinh phí thực hiện, hoàn thành trong quý III năm 2026.
";

/// Writes `count` small texts into a folder of `dir` and returns it.
pub fn small_texts(dir: &Path, count: usize) -> PathBuf {
    let folder = dir.join("texts");
    fs::create_dir_all(&folder).unwrap();
    for i in 0..count {
        fs::write(folder.join(format!("{i:05}.txt")), format!("{PLAN}\nVăn bản thứ {i}.\n")).unwrap();
    }
    folder
}
