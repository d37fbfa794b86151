use crate::files;
use sha2::{Digest, Sha256};

/// Longest name that common file systems take, in bytes.
const LONGEST: usize = 255;
/// Names in the output folder that belong to the batch itself, with those that SQLite puts beside its files.
const RESERVED: [&str; 13] = [
    files::RECORDS,
    files::SUMMARY,
    files::LEDGER,
    files::FAILED,
    files::REVIEW,
    "ledger.sqlite-wal",
    "ledger.sqlite-shm",
    "review.sqlite-wal",
    "review.sqlite-shm",
    files::ACCOUNTS,
    "accounts.sqlite-wal",
    "accounts.sqlite-shm",
    files::LEXICON,
];

/// Whether `path` is that of a file that belongs to the batch itself, or that is made of all its records.
fn is_reserved(path: &str) -> bool {
    RESERVED.contains(&path) || export::Format::ALL.iter().any(|f| f.files().contains(&path))
}

/// What names are in use in the output folder.
pub trait Taken {
    /// Why it cannot be told.
    type Error;
    /// Whether an input's output has this path.
    fn file(&self, path: &str) -> Result<bool, Self::Error>;
    /// Whether an input's output lies in a folder of this path.
    fn folder(&self, path: &str) -> Result<bool, Self::Error>;
}

/// The output name for the input `name`, whose parts are parted by `/`.
///
/// An input `a/b.pdf` is written to `a/b.pdf.json`. Where that name is taken, the first that came keeps it and the next
/// get `a/b.pdf~2.json`, `a/b.pdf~3.json` and so on. A part of a name that would be longer than 255 bytes is cut and
/// ends in `~` and eight digits of its SHA-256. Names are the same whenever the same inputs come in the same order.
///
/// # Errors
/// Those of `taken`.
pub fn output<T: Taken>(name: &str, taken: &T) -> Result<String, T::Error> {
    let mut parts: Vec<&str> = name.split('/').filter(|p| !matches!(*p, "" | "." | "..")).collect();
    let last = parts.pop().unwrap_or("input");
    let mut folder = String::new();
    for part in parts {
        let part = fit(part, "");
        // A folder may be called as another input's output: `x.pdf.json/` beside `x.pdf`.
        folder = numbered(
            |tail| format!("{folder}{part}{tail}"),
            |path| Ok(!is_reserved(path) && !taken.file(path)?),
        )?;
        folder.push('/');
    }
    let last = fit(last, ".json");
    numbered(
        |tail| format!("{folder}{last}{tail}.json"),
        |path| Ok(!is_reserved(path) && !taken.file(path)? && !taken.folder(path)?),
    )
}

/// The first of `make("")`, `make("~2")`, `make("~3")`, ... that is free.
fn numbered<E>(make: impl Fn(&str) -> String, free: impl Fn(&str) -> Result<bool, E>) -> Result<String, E> {
    let mut path = make("");
    let mut n = 2_usize;
    while !free(&path)? {
        path = make(&format!("~{n}"));
        n += 1;
    }
    Ok(path)
}

/// `part` as it stands when it fits a file system with `suffix` and a number after it, cut otherwise.
fn fit(part: &str, suffix: &str) -> String {
    if part.len() + suffix.len() <= LONGEST {
        return part.to_string();
    }
    let digest = pipeline::hex(Sha256::digest(part.as_bytes()).get(..4).unwrap_or_default());
    let room = LONGEST - suffix.len() - digest.len() - "~~1000000".len();
    let cut = (0..=room.min(part.len())).rev().find(|&i| part.is_char_boundary(i)).unwrap_or(0);
    format!("{}~{digest}", part.get(..cut).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    #[derive(Default)]
    struct Some(BTreeSet<String>);

    impl Taken for Some {
        type Error = Infallible;
        fn file(&self, path: &str) -> Result<bool, Infallible> {
            Ok(self.0.contains(path))
        }
        fn folder(&self, path: &str) -> Result<bool, Infallible> {
            Ok(self.0.iter().any(|p| p.starts_with(&format!("{path}/"))))
        }
    }

    fn all(inputs: &[&str]) -> Vec<String> {
        let mut names = Some::default();
        inputs
            .iter()
            .map(|n| {
                let Ok(name) = output(n, &names);
                names.0.insert(name.clone());
                name
            })
            .collect()
    }

    #[test]
    fn two_inputs_never_share_an_output() {
        assert_eq!(
            all(&["a/x.pdf", "x.pdf", "a/x.pdf", "a/x.pdf"]),
            ["a/x.pdf.json", "x.pdf.json", "a/x.pdf~2.json", "a/x.pdf~3.json"]
        );
    }

    #[test]
    fn the_batchs_own_files_are_not_overwritten() {
        assert_eq!(
            all(&["summary", "b/summary", "failed/x.pdf", "tasks.csv/x.pdf"]),
            ["summary~2.json", "b/summary.json", "failed~2/x.pdf.json", "tasks.csv~2/x.pdf.json"]
        );
    }

    #[test]
    fn a_folder_called_as_an_output_steps_aside() {
        assert_eq!(
            all(&["x.pdf", "x.pdf.json/y.txt", "x.pdf.json/z.txt"]),
            ["x.pdf.json", "x.pdf.json~2/y.txt.json", "x.pdf.json~2/z.txt.json"]
        );
        assert_eq!(all(&["x.pdf.json/y.txt", "x.pdf"]), ["x.pdf.json/y.txt.json", "x.pdf~2.json"]);
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (a, b) = ("ế".repeat(84) + ".pdf", "ế".repeat(84) + ".png");
        let names = all(&[&a, &b]);
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|n| n.len() <= LONGEST && n.ends_with(".json")), "{names:?}");
    }

    #[test]
    fn names_stay_inside_the_output_folder() {
        assert_eq!(all(&["../../etc/x.txt", "/abs//y.txt"]), ["etc/x.txt.json", "abs/y.txt.json"]);
    }
}
