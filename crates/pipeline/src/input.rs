use crate::failure::Failure;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use vanthu_model::Cause;

/// Reads an input of at most `max_bytes`, which is then held in memory as a whole.
///
/// # Errors
/// `io` where the system refuses, `unsupported` for what is no regular file (a pipe, a folder, a device: reading
/// one could wait forever), `too_large` above the limit, `empty` for a file without bytes.
pub fn load(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Failure> {
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
