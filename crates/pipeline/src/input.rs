use crate::failure::Failure;
use extractor::{Limits, Part, is_archive};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use vanthu_model::Cause;

/// Reads an input of at most `max_bytes`, which is then held in memory as a whole.
///
/// The path may go on behind an archive: `a.zip/b/c.pdf` is the part `b/c.pdf` of `a.zip`.
///
/// # Errors
/// `io` where the system refuses, `unsupported` for what is no regular file (a pipe, a folder, a device: reading
/// one could wait forever), `too_large` above the limit, `empty` for a file without bytes.
pub fn load(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    let Some((archive, inside)) = inside_archive(path) else { return load_file(path, max_bytes) };
    load_part(&archive.to_string_lossy(), &archive, &inside, max_bytes)
}

/// Reads the part `inside` of the archive in `file`, which is called `name`; as [`load`].
///
/// # Errors
/// As [`load`].
pub fn load_part(name: &str, file: &Path, inside: &str, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    let bytes = load_file(file, max_bytes)?;
    let limits = Limits { max_file_bytes: max_bytes, ..Limits::default() };
    let part = extractor::part(name, &bytes, inside, &limits).map_err(Failure::from)?;
    if part.is_empty() {
        return Err(Failure::new(Cause::Empty, "the part holds no bytes", "pack the archive again"));
    }
    Ok(part)
}

/// The archive that a path goes on behind, and the path inside it; none for the path of a file.
///
/// No file can lie below a file, so that such a path never means anything else.
pub fn inside_archive(path: &Path) -> Option<(PathBuf, String)> {
    let archive = path.ancestors().skip(1).find(|p| p.is_file())?;
    let inside = path.strip_prefix(archive).ok()?.to_str()?;
    is_archive(&archive.to_string_lossy()).then(|| (archive.to_path_buf(), inside.to_owned()))
}

/// The parts of the archive in `file`, which is called `name`.
///
/// # Errors
/// As [`load`], and what is wrong with the archive.
pub fn parts(name: &str, file: &Path, max_bytes: u64) -> Result<Vec<Part>, Failure> {
    let bytes = load_file(file, max_bytes)?;
    extractor::parts(name, &bytes, &Limits::default()).map_err(Failure::from)
}

fn load_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    let meta = std::fs::metadata(path).map_err(|e| Failure::reading(&e))?;
    if !meta.is_file() {
        return Err(Failure::new(Cause::Unsupported, "is not a regular file", "give a file"));
    }
    if meta.len() > max_bytes {
        return Err(too_large(meta.len(), max_bytes));
    }
    let file = File::open(path).map_err(|e| Failure::reading(&e))?;
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| Failure::reading(&e))?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large(bytes.len() as u64, max_bytes));
    }
    if bytes.is_empty() {
        return Err(Failure::new(Cause::Empty, "the file holds no bytes", "scan or copy it again"));
    }
    Ok(bytes)
}

fn too_large(bytes: u64, max: u64) -> Failure {
    Failure::new(
        Cause::TooLarge,
        format!("the file holds {bytes} bytes, more than the limit of {max}"),
        "split it, or raise the limit max_file_bytes",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_by_cause() {
        let dir = std::env::temp_dir();
        let missing = dir.join("vanthu-no-such-file");
        assert_eq!(load(&missing, 9).unwrap_err().cause, Cause::Io);
        assert_eq!(load(&dir, 9).unwrap_err().cause, Cause::Unsupported);
        let path = dir.join(format!("vanthu-input-{}", std::process::id()));
        std::fs::write(&path, b"0123456789").unwrap();
        assert_eq!(load(&path, 9).unwrap_err().cause, Cause::TooLarge);
        assert_eq!(load(&path, 10).unwrap().len(), 10);
        std::fs::write(&path, b"").unwrap();
        assert_eq!(load(&path, 9).unwrap_err().cause, Cause::Empty);
        std::fs::remove_file(&path).unwrap();
    }
}
