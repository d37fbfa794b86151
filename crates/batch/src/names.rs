use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Longest name that common file systems take, in bytes.
const LONGEST: usize = 255;
/// Names in the output folder that belong to the batch itself.
const RESERVED: [&str; 2] = ["records.jsonl", "summary.json"];

/// Gives each input an output name of its own.
///
/// An input `a/b.pdf` is written to `a/b.pdf.json`. Where that name is taken, the first in the order of the plan
/// keeps it and the next get `a/b.pdf~2.json`, `a/b.pdf~3.json` and so on. A part of a name that would be longer
/// than 255 bytes is cut and ends in `~` and eight digits of its SHA-256. Names are the same whenever the same
/// inputs are given in the same order.
#[derive(Debug)]
pub struct Names {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self { files: RESERVED.iter().map(|n| n.to_string()).collect(), folders: HashSet::new() }
    }
}

impl Names {
    /// The output name of the input `name`, whose parts are parted by `/`.
    pub fn output(&mut self, name: &str) -> String {
        let mut parts: Vec<&str> = name.split('/').filter(|p| !matches!(*p, "" | "." | "..")).collect();
        let last = parts.pop().unwrap_or("input");
        let mut folder = String::new();
        for part in parts {
            let part = fit(part, "");
            // A folder may be called as another input's output: `x.pdf.json/` beside `x.pdf`.
            folder = numbered(|tail| format!("{folder}{part}{tail}"), |path| !self.files.contains(path));
            self.folders.insert(folder.clone());
            folder.push('/');
        }
        let last = fit(last, ".json");
        let output = numbered(
            |tail| format!("{folder}{last}{tail}.json"),
            |path| !self.files.contains(path) && !self.folders.contains(path),
        );
        self.files.insert(output.clone());
        output
    }
}

/// The first of `make("")`, `make("~2")`, `make("~3")`, ... that is free.
fn numbered(make: impl Fn(&str) -> String, free: impl Fn(&str) -> bool) -> String {
    let mut path = make("");
    let mut n = 2_usize;
    while !free(&path) {
        path = make(&format!("~{n}"));
        n += 1;
    }
    path
}

/// `part` as it stands when it fits a file system with `suffix` and a number after it, cut otherwise.
fn fit(part: &str, suffix: &str) -> String {
    if part.len() + suffix.len() <= LONGEST {
        return part.to_string();
    }
    let digest: String = Sha256::digest(part.as_bytes()).iter().take(4).map(|b| format!("{b:02x}")).collect();
    let room = LONGEST - suffix.len() - digest.len() - "~~1000000".len();
    let cut = (0..=room.min(part.len())).rev().find(|&i| part.is_char_boundary(i)).unwrap_or(0);
    format!("{}~{digest}", part.get(..cut).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(inputs: &[&str]) -> Vec<String> {
        let mut names = Names::default();
        inputs.iter().map(|n| names.output(n)).collect()
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
        assert_eq!(all(&["summary", "b/summary"]), ["summary~2.json", "b/summary.json"]);
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
