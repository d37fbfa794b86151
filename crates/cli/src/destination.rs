//! Where the output of a batch goes.

use crate::args::IngestArgs;
use crate::messages::{msg, said};
use batch::{Address, StoreError};
use clap::builder::{PathBufValueParser, TypedValueParser, ValueParser};
use pipeline::digest;
use std::path::PathBuf;

/// Where the output of a batch goes.
#[derive(Debug)]
pub struct Destination {
    /// The folder that is written.
    pub folder: PathBuf,
    /// The address in a store that is to hold the same.
    pub copy: Option<Address>,
}

impl Destination {
    /// That of `--out` and `--work`, for all but standard output.
    ///
    /// # Errors
    /// Why there is none, in one line.
    pub fn of(args: &IngestArgs) -> Result<Self, String> {
        let copy = Address::of(&args.out).transpose().map_err(|e: StoreError| said(&e.to_string()))?;
        let folder = match (&copy, &args.work) {
            (None, None) => args.out.clone(),
            (None, Some(_)) => return Err(msg!("work_without_store")),
            (Some(_), Some(work)) => work.clone(),
            (Some(copy), None) => default_folder(copy).ok_or_else(|| msg!("work_wanted"))?,
        };
        Ok(Self { folder, copy })
    }
}

/// The folder for the account of a batch whose output lies in a store: the same one for the same address.
fn default_folder(copy: &Address) -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let state = named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local/state")))?;
    let readable: String =
        copy.name().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let digest = digest(copy.to_string());
    Some(state.join("vanthu").join(format!("{readable}-{}", digest.get(..16).unwrap_or(&digest))))
}

/// Reads a path or an address.
pub fn of_path() -> ValueParser {
    ValueParser::new(PathBufValueParser::new().map(plain))
}

/// Reads an output folder; the address of an output in a store stands for the folder of its account.
pub fn of_folder() -> ValueParser {
    ValueParser::new(PathBufValueParser::new().map(folder))
}

/// The folder of the account of a batch that went to `out`: a folder, or an address without `--work`.
fn folder(out: PathBuf) -> PathBuf {
    let out = plain(out);
    let copy = Address::of(&out).and_then(Result::ok);
    copy.as_ref().and_then(default_folder).unwrap_or(out)
}

/// `file:///a/b` as the path that it means; all others as they are.
fn plain(path: PathBuf) -> PathBuf {
    let file = path.to_str().and_then(|text| {
        let rest = text.strip_prefix("file://")?;
        let rest = rest.strip_prefix("localhost").unwrap_or(rest);
        rest.starts_with('/').then(|| decoded(rest)).flatten()
    });
    file.map_or(path, PathBuf::from)
}

/// `%20` and the like as what they stand for; none where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn addresses_of_files_are_paths() {
        for (given, meant) in [
            ("file:///a/b%20c/n%C4%83m.pdf", "/a/b c/năm.pdf"),
            ("file://localhost/a", "/a"),
            ("file:///50%", "/50%"),
            ("file://host/a", "file://host/a"),
            ("a%20b", "a%20b"),
            ("s3://b/a%20b", "s3://b/a%20b"),
        ] {
            assert_eq!(plain(given.into()), Path::new(meant));
        }
    }

    #[test]
    fn each_address_has_a_folder_of_its_own() {
        let folder = |text: &str| default_folder(&Address::of(Path::new(text)).unwrap().unwrap());
        assert_eq!(folder("s3://b/out"), folder("s3://b/out/"));
        assert_ne!(folder("s3://b/out"), folder("s3://c/out"));
    }
}
