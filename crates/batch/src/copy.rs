//! The copy of an output folder in a store, and whose ledger it has.

use crate::error::BatchError;
use crate::files;
use crate::ledger::Ledger;
use export::Staging;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use store::{Address, StoreError, Stores};

/// Tells in the folder which ledger the store was last given from here, or had when it was last brought.
const LEDGER_MARK: &str = ".vanthu/ledger-mark";

/// The copy of an output folder.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub stores: Stores,
    /// Where it lies.
    pub at: Address,
    /// For what comes back from there.
    pub staging: Staging,
}

impl Copy {
    /// Fetches what the store has under `name` into the folder. Returns its [mark](store::Object::mark).
    pub fn bring(&self, folder: &Path, name: &str) -> Result<String, StoreError> {
        let staged = self.staging.begin(&folder.join(name)).map_err(StoreError::Disk)?;
        let object = self.stores.fetch(&self.at.join(name), u64::MAX, staged.path())?;
        staged.commit().map_err(StoreError::Disk)?;
        Ok(object.mark)
    }

    /// Gives the folder the ledger of the store, unless that is the one which it has.
    ///
    /// Where another machine has gone on with the batch, or the output was emptied, the ledger here tells of records that
    /// the store no longer has, and the records here need not be those of the store.
    pub fn settle(&self, folder: &Path) -> Result<(), BatchError> {
        let (own, there) = (folder.join(files::LEDGER), self.ledger_mark()?);
        // One that was never put away is of a run that was cut short before it came to that.
        if own.exists() && there == known_mark(folder)? {
            return Ok(());
        }
        if own.exists() {
            let ledger = Ledger::look(&own)?;
            ledger.each_output(&mut |output| match fs::remove_file(folder.join(output)) {
                Err(e) if e.kind() != ErrorKind::NotFound => Err(e.into()),
                _ => Ok::<_, BatchError>(()),
            })?;
            drop(ledger);
            fs::remove_file(&own)?;
        }
        // The log of another ledger would be folded into the one that comes.
        for tail in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.join(format!("{}{tail}", files::LEDGER)));
        }
        let mark = match there {
            Some(_) => Some(self.bring(folder, files::LEDGER)?),
            None => None,
        };
        self.remember(folder, mark.as_deref())
    }

    /// Whether the ledger in the store is that of the folder.
    ///
    /// # Errors
    /// [`BatchError::Overtaken`] where it is not, and the store's.
    pub fn check(&self, folder: &Path) -> Result<(), BatchError> {
        match self.ledger_mark()? == known_mark(folder)? {
            true => Ok(()),
            false => Err(BatchError::Overtaken { copy: self.at.to_string() }),
        }
    }

    /// Puts the ledger, which lies in the file `from`, into the store.
    ///
    /// # Errors
    /// [`BatchError::Overtaken`] where the store has that of another machine, the system's and the store's.
    pub fn put_ledger(&self, folder: &Path, from: &Path) -> Result<(), BatchError> {
        self.check(folder)?;
        let mark = match self.stores.put(from, &self.at.join(files::LEDGER))? {
            Some(mark) => Some(mark),
            None => self.ledger_mark()?,
        };
        self.remember(folder, mark.as_deref())
    }

    /// The mark of the ledger that the store has.
    fn ledger_mark(&self) -> Result<Option<String>, StoreError> {
        match self.stores.look(&self.at.join(files::LEDGER)) {
            Ok(object) => Ok(Some(object.mark)),
            Err(StoreError::Missing) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Remembers that the store has the ledger of this mark.
    fn remember(&self, folder: &Path, mark: Option<&str>) -> Result<(), BatchError> {
        let path = folder.join(LEDGER_MARK);
        match mark {
            Some(mark) => {
                let mut staged = self.staging.begin(&path)?;
                staged.write_all(mark.as_bytes())?;
                Ok(staged.commit()?)
            }
            None => match fs::remove_file(path) {
                Err(e) if e.kind() != ErrorKind::NotFound => Err(e.into()),
                _ => Ok(()),
            },
        }
    }
}

/// The mark that was last remembered.
fn known_mark(folder: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(folder.join(LEDGER_MARK)) {
        Ok(mark) => Ok(Some(mark)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}
