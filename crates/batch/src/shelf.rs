//! Where the records of a batch lie.

use crate::copy::Copy;
use crate::error::BatchError;
use crate::files;
use export::Staging;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Address, ListError, Listed, StoreError, Stores};

/// Tells in a folder, and in the store, of which address the folder is the copy.
const MARK: &str = ".vanthu/store";
/// How many records are fetched at a time.
const AT_ONCE: usize = 16;

/// The output folder, and what is to hold the same in a store. The folder is where all is written and where the account
/// is kept; each record is put into the store before the ledger says that it is done.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    copy: Option<Copy>,
}

impl Shelf {
    /// A folder alone.
    pub fn alone(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), copy: None }
    }

    /// The folder with what earlier runs have made of it; `copy` is what this run is asked for. The folder is held.
    ///
    /// # Errors
    /// [`BatchError::OtherStore`] for a folder that holds another batch, the system's, the ledger's and the store's.
    pub fn open(folder: &Path, copy: Option<&Address>, stores: &Stores) -> Result<Self, BatchError> {
        let mark = folder.join(MARK);
        let known = match fs::read_to_string(&mark) {
            Ok(text) => Address::of(Path::new(text.trim())).transpose()?,
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => return Err(e.into()),
        };
        let at = match (copy, known) {
            (None, known) => known,
            (Some(copy), Some(known)) if *copy == known => Some(known),
            (Some(copy), None) if !folder.join(files::LEDGER).exists() => Some(copy.clone()),
            (Some(copy), _) => {
                let folder = pipeline::one_line(&folder.to_string_lossy());
                return Err(BatchError::OtherStore { folder, copy: copy.to_string() });
            }
        };
        let Some(at) = at else { return Ok(Self::alone(folder)) };
        let staging = Staging::aside(folder.join(files::AREA));
        let copy = Copy { stores: stores.clone(), at, staging };
        let mut staged = copy.staging.begin(&mark)?;
        write!(staged, "{}", copy.at)?;
        // Told now, before anything is read, whether the store takes what is written.
        copy.stores.put(staged.path(), &copy.at.join(MARK))?;
        staged.commit()?;
        copy.settle(folder)?;
        Ok(Self { folder: folder.to_path_buf(), copy: Some(copy) })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address that is to hold the same.
    pub fn copy(&self) -> Option<&Address> {
        self.copy.as_ref().map(|c| &c.at)
    }

    /// Whether the record of a done input is there. What a store was given is taken to be there.
    pub fn holds(&self, output: &str) -> bool {
        self.copy.is_some() || self.is_here(output)
    }

    /// Opens a record. One that only the store has, since another machine made it, is fetched.
    ///
    /// # Errors
    /// The system's, and the store's in that clothing.
    pub fn record(&self, output: &str) -> io::Result<File> {
        let path = self.folder.join(output);
        match (File::open(&path), &self.copy) {
            (Err(e), Some(copy)) if e.kind() == ErrorKind::NotFound => {
                copy.bring(&self.folder, output).map_err(io::Error::other)?;
                File::open(&path)
            }
            (opened, _) => opened,
        }
    }

    /// Whether a record is in the folder.
    pub(crate) fn is_here(&self, output: &str) -> bool {
        self.folder.join(output).is_file()
    }

    /// Fetches those of some records that only the store has, several at a time.
    ///
    /// # Errors
    /// The store's, when all that could be fetched are here.
    pub(crate) fn gather(&self, outputs: &[String]) -> Result<(), StoreError> {
        let Some(copy) = &self.copy else { return Ok(()) };
        let missing: Vec<&String> = outputs.iter().filter(|o| !self.is_here(o)).collect();
        let next = AtomicUsize::new(0);
        let fetch = || {
            let mut result = Ok(());
            while let Some(output) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                result = result.and(copy.bring(&self.folder, output).map(|_| ()));
            }
            result
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE.min(missing.len())).map(|_| scope.spawn(fetch)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).fold(Ok(()), Result::and)
        })
    }

    /// Whether the account in the store is that of this folder.
    ///
    /// # Errors
    /// [`BatchError::Overtaken`] where it is not, and the store's.
    pub(crate) fn check(&self) -> Result<(), BatchError> {
        match &self.copy {
            Some(copy) => copy.check(&self.folder),
            None => Ok(()),
        }
    }

    /// Puts the ledger, which lies in the file `from`, into the store.
    ///
    /// # Errors
    /// [`BatchError::Overtaken`] where the store has that of another machine, the system's and the store's.
    pub(crate) fn put_ledger(&self, from: &Path) -> Result<(), BatchError> {
        self.copy.as_ref().map_or(Ok(()), |copy| copy.put_ledger(&self.folder, from))
    }

    /// Puts the file `from` under `name` into the store, if there is one.
    ///
    /// # Errors
    /// The store's.
    pub fn put(&self, name: &str, from: &Path) -> Result<(), StoreError> {
        self.copy.as_ref().map_or(Ok(()), |copy| copy.stores.put(from, &copy.at.join(name)).map(|_| ()))
    }

    /// As [`Shelf::put`], for a file of the folder under its own name.
    ///
    /// # Errors
    /// The store's.
    pub fn put_own(&self, name: &str) -> Result<(), StoreError> {
        self.put(name, &self.folder.join(name))
    }

    /// Makes the store's list of failed inputs that of the folder.
    ///
    /// # Errors
    /// The system's and the store's.
    pub fn put_failed(&self) -> Result<(), BatchError> {
        let Some(copy) = &self.copy else { return Ok(()) };
        let root = copy.at.join(files::FAILED);
        let mut gone = Vec::new();
        let listed = copy.stores.list(&root, &mut |listed: Listed| {
            if let Listed::Object(object) = listed
                && root
                    .below(&object.address)
                    .is_some_and(|n| !self.folder.join(files::FAILED).join(n).exists())
            {
                gone.push(object.address);
            }
            Ok::<(), std::convert::Infallible>(())
        });
        if let Err(ListError::Store(e)) = listed {
            return Err(e.into());
        }
        for address in gone {
            copy.stores.delete(&address)?;
        }
        let mut folders = vec![self.folder.join(files::FAILED)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(name) = path.strip_prefix(&self.folder) {
                    self.put(&name.to_string_lossy(), &path)?;
                }
            }
        }
        Ok(())
    }
}
