use crate::names::Names;
use pipeline::Failure;
use std::fs::{self, DirEntry, FileType};
use std::path::{Path, PathBuf};
use vanthu_model::Cause;

/// Extensions of the files that are read when a folder is walked, in lower case.
pub const EXTENSIONS: [&str; 7] = ["pdf", "tif", "tiff", "png", "jpg", "jpeg", "txt"];

/// One input and what is to become of it.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it lies, beginning with the path that was given.
    pub path: PathBuf,
    /// Its path inside the folder that was given, or its file name, with `/` between parts.
    pub name: String,
    /// What the plan found.
    pub entry: Entry,
}

/// What the plan found of an input.
#[derive(Debug, Clone)]
pub enum Entry {
    /// To be read; the record goes to this path inside the output folder.
    Read {
        /// Path inside the output folder, with `/` between parts.
        output: String,
    },
    /// Left out, for this reason.
    Skip {
        /// One line for people.
        reason: String,
    },
    /// Cannot be read.
    Fail(Failure),
}

/// All inputs of a batch in a stable order: that of the paths given, and inside a folder by name, byte for byte.
#[derive(Debug, Default)]
pub struct Plan {
    /// The inputs.
    pub inputs: Vec<Input>,
}

impl Plan {
    /// Finds the inputs. A file that is given is always read, whatever its name. A folder that is given is walked;
    /// in it, files without one of the [`EXTENSIONS`] and what is no file are skipped. Links to files are read,
    /// links to folders are skipped, which keeps loops out; a folder that cannot be listed is a failed input.
    ///
    /// `without` is left out of every walk: the output folder may lie inside an input folder. `stop` is asked often;
    /// when it answers yes, what was found so far is returned.
    pub fn of(paths: &[PathBuf], without: Option<&Path>, stop: &dyn Fn() -> bool) -> Self {
        let mut walk = Walk {
            inputs: Vec::new(),
            names: Names::default(),
            without: without.and_then(|p| p.canonicalize().ok()),
            stop,
        };
        for path in paths {
            match fs::metadata(path) {
                Ok(meta) if meta.is_dir() => walk.folder(path, ""),
                Ok(_) => walk.read(path.clone(), file_name(path)),
                Err(e) => walk.push(path.clone(), file_name(path), Entry::Fail(Failure::reading(&e))),
            }
        }
        Self { inputs: walk.inputs }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

struct Walk<'a> {
    inputs: Vec<Input>,
    names: Names,
    without: Option<PathBuf>,
    stop: &'a dyn Fn() -> bool,
}

impl Walk<'_> {
    fn push(&mut self, path: PathBuf, name: String, entry: Entry) {
        self.inputs.push(Input { path, name, entry });
    }

    fn read(&mut self, path: PathBuf, name: String) {
        let output = self.names.output(&name);
        self.push(path, name, Entry::Read { output });
    }

    fn skip(&mut self, path: PathBuf, name: String, reason: impl Into<String>) {
        self.push(path, name, Entry::Skip { reason: reason.into() });
    }

    /// Walks `folder`, whose path inside the given folder is `name` (empty for itself). What is still to be looked
    /// at stands on a stack, so that deep nesting costs no call stack; it is filled backwards to keep the order.
    fn folder(&mut self, folder: &Path, name: &str) {
        let kind = fs::metadata(folder).map(|m| m.file_type());
        let mut stack = vec![(folder.to_path_buf(), name.to_string(), kind)];
        while let Some((path, name, kind)) = stack.pop() {
            if (self.stop)() {
                return;
            }
            match kind {
                Ok(kind) if !kind.is_dir() => self.file(path, name, kind),
                Ok(_) if self.is_left_out(&path) => {}
                Ok(_) => match list(&path) {
                    Ok(entries) => stack.extend(entries.into_iter().rev().map(|entry| {
                        let part = entry.file_name().to_string_lossy().into_owned();
                        let name = if name.is_empty() { part } else { format!("{name}/{part}") };
                        (entry.path(), name, entry.file_type())
                    })),
                    Err(e) => {
                        let message = format!("the folder {}", Failure::reading(&e).message);
                        let remedy = "give yourself the right to list it";
                        self.push(path, name, Entry::Fail(Failure::new(Cause::Io, message, remedy)));
                    }
                },
                // The entry went away between being listed and being looked at.
                Err(e) => self.push(path, name, Entry::Fail(Failure::reading(&e))),
            }
        }
    }

    fn is_left_out(&self, folder: &Path) -> bool {
        self.without.as_ref().is_some_and(|w| folder.canonicalize().is_ok_and(|f| f == *w))
    }

    /// Takes one entry of a walked folder that is not itself a folder.
    fn file(&mut self, path: PathBuf, name: String, kind: FileType) {
        if kind.is_symlink() {
            match fs::metadata(&path) {
                Ok(meta) if meta.is_dir() => {
                    return self.skip(path, name, "a link to a folder, not followed");
                }
                Ok(meta) if !meta.is_file() => return self.skip(path, name, "not a regular file"),
                Ok(_) => {}
                Err(e) => return self.push(path, name, Entry::Fail(Failure::reading(&e))),
            }
        } else if !kind.is_file() {
            return self.skip(path, name, "not a regular file");
        }
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension {
            Some(e) if EXTENSIONS.contains(&e.as_str()) => self.read(path, name),
            Some(e) => {
                let reason = pipeline::one_line(&format!("files of the kind .{e} are not read"));
                self.skip(path, name, reason);
            }
            None => self.skip(path, name, "a file without an extension; give its path to have it read"),
        }
    }
}

/// The entries of a folder in the order of their names.
fn list(folder: &Path) -> std::io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}
