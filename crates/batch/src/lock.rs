use crate::error::BatchError;
use crate::files;
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// Holds an output folder until the file that is returned is closed, by whatever end of the program: two programs in
/// one folder would undo each other's work.
///
/// # Errors
/// [`BatchError::Busy`] while another program holds it, and the system's.
pub fn hold(folder: &Path) -> Result<File, BatchError> {
    let area = folder.join(files::AREA);
    fs::create_dir_all(&area)?;
    let lock = File::create(area.join("lock"))?;
    lock.try_lock().map_err(|e| match e {
        TryLockError::WouldBlock => BatchError::Busy,
        TryLockError::Error(e) => BatchError::Folder(e),
    })?;
    Ok(lock)
}
