use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Start and end of the names of files that are still being written.
const PREFIX: &str = ".vanthu-";
const SUFFIX: &str = ".part";

/// Whether `name` is the name of a file that was still being written. Such a file can outlive its program
/// only when that was killed.
fn is_staged(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Files on their way: each is written aside in the folder where it will lie, synced and renamed.
///
/// Invariant: a file under its final name is whole. [`Staging::close`] removes all that is on its way and lets
/// nothing more arrive, so that a program may exit while threads are still writing. Clones share their state.
#[derive(Debug, Clone, Default)]
pub struct Staging {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Where files lie until they are whole; their own folders without it.
    aside: Option<PathBuf>,
    counter: AtomicU64,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    paths: BTreeSet<PathBuf>,
    closed: bool,
}

impl Shared {
    /// The set stays consistent whatever panics while it is held, hence poisoning is passed over.
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Staging {
    /// Files that lie in the folder `aside`, on the same file system as their targets, until they are whole.
    pub fn aside(aside: PathBuf) -> Self {
        Self { shared: Arc::new(Shared { aside: Some(aside), ..Shared::default() }) }
    }

    /// Removes from the folder `aside` what a killed program has left on its way there.
    ///
    /// # Errors
    /// The system's.
    pub fn clear(aside: &Path) -> io::Result<()> {
        for entry in fs::read_dir(aside)? {
            let entry = entry?;
            if is_staged(&entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Begins a file that will lie at `target`; missing folders are made.
    ///
    /// # Errors
    /// The system's, and "interrupted" after [`Staging::close`].
    pub fn begin(&self, target: &Path) -> io::Result<Staged> {
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut open = self.shared.lock();
        if open.closed {
            return Err(closed());
        }
        let (path, file) = loop {
            let n = self.shared.counter.fetch_add(1, Ordering::Relaxed);
            // Short whatever the target's name, which may already be as long as the file system allows.
            let path = self
                .shared
                .aside
                .as_deref()
                .unwrap_or(folder)
                .join(format!("{PREFIX}{}-{n}{SUFFIX}", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => break (path, file),
                // Left behind by a killed program with the same process id.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(e) => return Err(e),
            }
        };
        open.paths.insert(path.clone());
        Ok(Staged { shared: Arc::clone(&self.shared), path, target: target.to_path_buf(), file: Some(file) })
    }

    /// Writes a whole file through `fill`, or nothing.
    ///
    /// # Errors
    /// As [`Staging::begin`] and [`Staged::commit`], and those of `fill`.
    pub fn write(
        &self,
        target: &Path,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let staged = self.begin(target)?;
        let mut buffered = io::BufWriter::with_capacity(1 << 16, staged);
        fill(&mut buffered)?;
        buffered.into_inner().map_err(|e| e.into_error())?.commit()
    }

    /// Removes all files on their way and refuses new ones.
    pub fn close(&self) {
        let mut open = self.shared.lock();
        open.closed = true;
        for path in std::mem::take(&mut open.paths) {
            // Nothing can be done about a file that cannot be removed; its name tells what it is.
            let _ = fs::remove_file(path);
        }
    }
}

/// A file on its way. Dropped before [`Staged::commit`], it is removed.
#[derive(Debug)]
pub struct Staged {
    shared: Arc<Shared>,
    path: PathBuf,
    target: PathBuf,
    file: Option<File>,
}

impl Staged {
    /// Where the file lies until it is whole: another process may write it there.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs the file and gives it its final name, replacing what had it before.
    ///
    /// # Errors
    /// The system's, and "interrupted" after [`Staging::close`]; the file is then removed.
    pub fn commit(mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        // The lock is held over the rename: after `close` nothing arrives any more.
        let mut open = self.shared.lock();
        if open.closed {
            return Err(closed());
        }
        fs::rename(&self.path, &self.target)?;
        open.paths.remove(&self.path);
        drop(open);
        if let Some(folder) = self.target.parent().filter(|p| !p.as_os_str().is_empty()) {
            // The rename itself lasts only when the folder is synced. Some file systems refuse this for folders;
            // the file is whole there all the same.
            let _ = File::open(folder).and_then(|f| f.sync_all());
        }
        Ok(())
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().ok_or_else(closed)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().ok_or_else(closed)?.flush()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.shared.lock().paths.remove(&self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn closed() -> io::Error {
    // Not the kind `Interrupted`, on which callers would try again.
    io::Error::other("interrupted")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut all: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        all.sort();
        all
    }

    #[test]
    fn a_file_is_seen_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::default();
        let target = dir.path().join("a/b.json");
        staging
            .write(&target, |w| {
                w.write_all(b"half")?;
                w.flush()?;
                assert!(!target.exists());
                w.write_all(b" and whole")
            })
            .unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"half and whole");
        assert_eq!(names(&dir.path().join("a")), ["b.json"]);
    }

    #[test]
    fn a_writer_that_fails_leaves_nothing_and_keeps_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::default();
        let target = dir.path().join("b.json");
        fs::write(&target, b"old").unwrap();
        let full = staging.write(&target, |w| {
            w.write_all(b"new, cut sho")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["b.json"]);
    }

    #[test]
    fn nothing_arrives_after_closing() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::default();
        let mut on_its_way = staging.begin(&dir.path().join("b.json")).unwrap();
        on_its_way.write_all(b"half").unwrap();
        staging.close();
        assert!(names(dir.path()).is_empty());
        assert!(on_its_way.commit().is_err());
        assert!(staging.begin(&dir.path().join("c.json")).is_err());
        assert!(names(dir.path()).is_empty());
    }
}
