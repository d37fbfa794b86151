use crate::ledger::Stamp;
use crate::origins::{Origins, failure, place_inside};
use crate::shelf::Shelf;
use pipeline::{Failure, is_archive};
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use store::Address;
use vanthu_model::Cause;

/// Extensions of the files that are read when a folder is walked, in lower case.
pub const EXTENSIONS: [&str; 18] = [
    "pdf", "tif", "tiff", "png", "jpg", "jpeg", "webp", "bmp", "docx", "doc", "odt", "rtf", "html", "htm",
    "md", "txt", "zip", "eml",
];

/// Larger archives are not looked into.
const MAX_ARCHIVE_BYTES: u64 = 1 << 30;

/// One input that the walk has found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Where it lies, beginning with the path or the address that was given.
    pub path: PathBuf,
    /// Its path inside the folder that was given, or its file name, with `/` between parts.
    pub name: String,
    /// What is to become of it.
    pub kind: Kind,
    /// What a store tells of it. Files are asked themselves.
    pub stamp: Option<Stamp>,
}

/// What is to become of an input.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// To be read.
    Read,
    /// Left out, for this reason: one line for people.
    Skip(String),
    /// Cannot be read.
    Fail(Failure),
    /// Cannot be looked into, for want of a share, of rights, of an answer: what lies below it is not known.
    Unseen(Failure),
}

/// Finds the inputs and hands them to `take` in a stable order: that of the paths given, and inside a folder by name,
/// byte for byte.
///
/// A file that is given is always read, whatever its name. A folder that is given is walked; in it, files without one
/// of the [`EXTENSIONS`] and what is no file are skipped. Links to files are read, links to folders are skipped, which
/// keeps loops out; a folder that cannot be listed is a failed input, told as unseen. Names that begin with `.vanthu` are the
/// program's own and passed over. In the place of an archive (ZIP, EML) come its parts, each an input of its own whose
/// path goes on behind that of the archive. Of an address in a store the objects below it are taken as the files of a folder.
///
/// What `shelf` holds is left out of every walk: the output may lie inside an input folder. The walk ends when `take`
/// gives an error.
///
/// # Errors
/// Those of `take`.
pub(crate) fn walk<E>(
    paths: &[PathBuf],
    origins: &mut Origins,
    shelf: &Shelf,
    shard: Option<(u32, u32)>,
    take: &mut dyn FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    walk_ready(paths, origins, shelf, shard, &mut |_| Ok(true), take)
}

/// As [`walk`], but passes over the files for which `ready` is false, before anything is read of them.
///
/// # Errors
/// Those of `ready` and `take`.
pub(crate) fn walk_ready<E>(
    paths: &[PathBuf],
    origins: &mut Origins,
    shelf: &Shelf,
    shard: Option<(u32, u32)>,
    ready: &mut dyn FnMut(&Path) -> Result<bool, E>,
    take: &mut dyn FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    let without = shelf.folder().canonicalize().ok();
    let mut walk = Walk { without, copy: shelf.copy(), shard, origins, ready, take };
    for path in paths {
        let unseen = |failure| (path.clone(), file_name(path), Kind::Unseen(failure));
        let (path, name, kind) = match (Address::of(path), fs::metadata(path)) {
            (Some(Ok(address)), _) => {
                walk.store(&address)?;
                continue;
            }
            (Some(Err(e)), _) => (path.clone(), file_name(path), Kind::Fail(failure(&e))),
            (None, Ok(meta)) if meta.is_dir() => {
                walk.folder(path)?;
                continue;
            }
            (None, Ok(_)) => {
                walk.read(path.clone(), file_name(path), None)?;
                continue;
            }
            (None, Err(e)) => unseen(Failure::reading(&e)),
        };
        walk.push(path, name, kind, None)?;
    }
    Ok(())
}

/// As [`walk`], for one file that goes by another name than its own.
///
/// # Errors
/// Those of `take`.
pub(crate) fn walk_named<E>(
    path: PathBuf,
    name: String,
    origins: &mut Origins,
    take: &mut dyn FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    Walk { without: None, copy: None, shard: None, origins, ready: &mut |_| Ok(true), take }
        .read(path, name, None)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A walk on its way.
pub(crate) struct Walk<'a, E> {
    without: Option<PathBuf>,
    /// The address that is left out as `without` is.
    pub copy: Option<&'a Address>,
    /// Which part of the objects in stores is read.
    pub shard: Option<(u32, u32)>,
    pub origins: &'a mut Origins,
    ready: &'a mut dyn FnMut(&Path) -> Result<bool, E>,
    take: &'a mut dyn FnMut(Found) -> Result<(), E>,
}

/// A folder that is being walked: what is left of its entries, by name.
struct Level {
    path: PathBuf,
    name: String,
    entries: std::vec::IntoIter<(OsString, std::io::Result<FileType>)>,
}

impl<E> Walk<'_, E> {
    pub fn push(&mut self, path: PathBuf, name: String, kind: Kind, stamp: Option<Stamp>) -> Result<(), E> {
        (self.take)(Found { path, name, kind, stamp })
    }

    /// Takes a file that is to be read; the parts of an archive in its place.
    pub fn read(&mut self, path: PathBuf, name: String, stamp: Option<Stamp>) -> Result<(), E> {
        if !(self.ready)(&path)? {
            return Ok(());
        }
        let called = path.to_string_lossy();
        if !is_archive(&called) {
            return self.push(path, name, Kind::Read, stamp);
        }
        let here = self.origins.bring(&path, MAX_ARCHIVE_BYTES).map_err(|trouble| trouble.failure);
        let parts = match here.and_then(|here| pipeline::parts(&called, &here.file, MAX_ARCHIVE_BYTES)) {
            Ok(parts) => parts,
            Err(failure) => return self.push(path, name, Kind::Fail(failure), stamp),
        };
        if parts.is_empty() {
            return self.push(path, name, Kind::Skip("an archive without files".into()), stamp);
        }
        for part in parts {
            let kind = match part.trouble {
                Some(trouble) => Kind::Fail(trouble.into()),
                None => by_extension(Path::new(&part.path)),
            };
            self.push(place_inside(&path, &part.path), format!("{name}/{}", part.path), kind, stamp)?;
        }
        Ok(())
    }

    /// Walks a folder that was given. The folders on the way down stand on a stack of their own, so that deep nesting
    /// costs no call stack, and only the names of their entries are held.
    fn folder(&mut self, folder: &Path) -> Result<(), E> {
        let mut stack = Vec::new();
        stack.extend(self.level(folder.to_path_buf(), String::new())?);
        while let Some(level) = stack.last_mut() {
            let Some((part, kind)) = level.entries.next() else {
                stack.pop();
                continue;
            };
            let path = level.path.join(&part);
            let part = part.to_string_lossy();
            if part.starts_with(".vanthu") {
                continue;
            }
            let name =
                if level.name.is_empty() { part.into_owned() } else { format!("{}/{part}", level.name) };
            match kind {
                Ok(kind) if !kind.is_dir() => self.file(path, name, kind)?,
                Ok(_) => stack.extend(self.level(path, name)?),
                // The entry went away between being listed and being looked at.
                Err(e) => self.push(path, name, Kind::Fail(Failure::reading(&e)), None)?,
            }
        }
        Ok(())
    }

    /// Lists a folder; none for the one that is left out and for one that cannot be listed, which is a failed input.
    fn level(&mut self, path: PathBuf, name: String) -> Result<Option<Level>, E> {
        if self.without.as_ref().is_some_and(|w| path.canonicalize().is_ok_and(|f| f == *w)) {
            return Ok(None);
        }
        match list(&path) {
            Ok(entries) => Ok(Some(Level { path, name, entries: entries.into_iter() })),
            Err(e) => {
                let message = format!("the folder {}", Failure::reading(&e).message);
                let failure = Failure::new(Cause::Io, message, "give yourself the right to list it");
                self.push(path, name, Kind::Unseen(failure), None)?;
                Ok(None)
            }
        }
    }

    /// Takes one entry of a walked folder that is not itself a folder.
    fn file(&mut self, path: PathBuf, name: String, kind: FileType) -> Result<(), E> {
        let skip = |reason: &str| Kind::Skip(reason.to_string());
        if kind.is_symlink() {
            match fs::metadata(&path) {
                Ok(meta) if meta.is_dir() => {
                    return self.push(path, name, skip("a link to a folder, not followed"), None);
                }
                Ok(meta) if !meta.is_file() => {
                    return self.push(path, name, skip("not a regular file"), None);
                }
                Ok(_) => {}
                Err(e) => return self.push(path, name, Kind::Fail(Failure::reading(&e)), None),
            }
        } else if !kind.is_file() {
            return self.push(path, name, skip("not a regular file"), None);
        }
        match by_extension(&path) {
            Kind::Read => self.read(path, name, None),
            kind => self.push(path, name, kind, None),
        }
    }
}

/// Why an input is left out that belongs to another part.
pub(crate) fn in_part(part: u32, parts: u32) -> String {
    format!("in part {part} of {parts}")
}

/// Whether a file that was not named itself is read.
pub(crate) fn by_extension(path: &Path) -> Kind {
    match path.extension().map(|e| e.to_string_lossy().to_lowercase()) {
        Some(e) if EXTENSIONS.contains(&e.as_str()) => Kind::Read,
        Some(e) => Kind::Skip(pipeline::one_line(&format!("files of the kind .{e} are not read"))),
        None => Kind::Skip("a file without an extension; give its path to have it read".into()),
    }
}

/// The entries of a folder in the order of their names.
fn list(folder: &Path) -> std::io::Result<Vec<(OsString, std::io::Result<FileType>)>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| (e.file_name(), e.file_type())))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use export::Staging;
    use store::Stores;

    fn found(paths: &[PathBuf], without: Option<&Path>) -> Vec<(String, &'static str)> {
        let mut all = Vec::new();
        let area = std::env::temp_dir();
        let mut origins = Origins::new(Stores::default(), Staging::default(), area.clone());
        let shelf = Shelf::alone(without.unwrap_or(&area.join("vanthu-no-such-folder")));
        walk(paths, &mut origins, &shelf, None, &mut |f: Found| {
            let kind = match f.kind {
                Kind::Read => "read",
                Kind::Skip(_) => "skip",
                Kind::Fail(_) => "fail",
                Kind::Unseen(_) => "unseen",
            };
            all.push((f.name, kind));
            Ok::<(), ()>(())
        })
        .unwrap();
        all
    }

    fn write(dir: &Path, names: &[&str]) {
        for name in names {
            let path = dir.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
    }

    #[test]
    fn a_file_that_is_given_is_read_whatever_its_name() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["scan", "odd.name"]);
        let paths = ["scan", "odd.name", "missing.pdf"].map(|n| dir.path().join(n));
        let expected = [("scan", "read"), ("odd.name", "read"), ("missing.pdf", "unseen")];
        assert_eq!(found(&paths, None), expected.map(|(n, k)| (n.to_string(), k)));
    }

    #[test]
    fn folders_are_walked_by_name_without_the_output_folder() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            &["b.txt", "a/z.pdf", "a/b/c.TIF", "out/old.txt", "c.xls", "d", ".vanthu-1-0.part"],
        );
        let expected =
            [("a/b/c.TIF", "read"), ("a/z.pdf", "read"), ("b.txt", "read"), ("c.xls", "skip"), ("d", "skip")];
        let out = dir.path().join("out");
        let all = found(&[dir.path().to_path_buf()], Some(&out));
        assert_eq!(all, expected.map(|(n, k)| (n.to_string(), k)));
    }

    #[test]
    fn the_parts_of_a_message_are_inputs_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let message = "From: a@b.vn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\n\
            Content-Type: text/plain\r\n\r\nChao\r\n--X\r\nContent-Disposition: attachment; filename=a.xls\r\n\r\nx\r\n--X--\r\n";
        fs::write(dir.path().join("m.eml"), message).unwrap();
        fs::write(dir.path().join("n.zip"), "no archive").unwrap();
        let all = found(&[dir.path().to_path_buf()], None);
        let expected = [("m.eml/message.txt", "read"), ("m.eml/a.xls", "skip"), ("n.zip", "fail")];
        assert_eq!(all, expected.map(|(n, k)| (n.to_string(), k)));
        let part = dir.path().join("m.eml/message.txt");
        assert_eq!(pipeline::load(&part, 1 << 20).unwrap(), b"Chao");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_are_not_followed_and_links_to_files_are_read() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a/b.txt"]);
        symlink(dir.path(), dir.path().join("a/loop")).unwrap();
        symlink("b.txt", dir.path().join("a/link.txt")).unwrap();
        symlink("nowhere", dir.path().join("a/broken.txt")).unwrap();
        let expected =
            [("a/b.txt", "read"), ("a/broken.txt", "fail"), ("a/link.txt", "read"), ("a/loop", "skip")];
        assert_eq!(found(&[dir.path().to_path_buf()], None), expected.map(|(n, k)| (n.to_string(), k)));
    }
}
