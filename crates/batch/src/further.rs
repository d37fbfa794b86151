//! Further inputs for a batch that has been read.

use crate::error::BatchError;
use crate::files;
use crate::ledger::{Ledger, LedgerError};
use crate::lines::Lines;
use crate::lock::hold;
use crate::origins::Origins;
use crate::plan::{Found, walk_named};
use crate::run::{Batch, Settings};
use crate::shelf::Shelf;
use export::Staging;
use std::path::{Path, PathBuf};

impl Batch {
    /// Opens the batch in `folder` to read further inputs as a part of its last run. What that run has left waiting goes on
    /// waiting.
    ///
    /// # Errors
    /// As [`Batch::open`].
    pub fn resume(folder: &Path, settings: Settings) -> Result<Self, BatchError> {
        let area = folder.join(files::AREA);
        let lock = hold(folder)?;
        Staging::clear(&area)?;
        let (records, account) = (Staging::aside(area.clone()), Staging::aside(area.clone()));
        let shelf = Shelf::open(folder, None, &settings.stores)?;
        let mut ledger = Ledger::open(&folder.join(files::LEDGER))?;
        let position = ledger.resume_run(&settings.key, &settings.allowances)?;
        let lines = Lines::further(shelf.clone(), position, account.clone())?;
        let origins = Origins::new(settings.stores.clone(), records.clone(), area);
        let paths = Vec::new();
        Ok(Self { ledger, shelf, origins, records, account, lines, settings, paths, position, lock })
    }

    /// Takes files into the ledger, each under a name of its own in place of the one that it has.
    ///
    /// # Errors
    /// The ledger's.
    pub fn add(&mut self, inputs: &[(PathBuf, String)]) -> Result<(), BatchError> {
        for (path, name) in inputs {
            walk_named(
                path.clone(),
                name.clone(),
                &mut self.origins,
                &mut |found: Found| -> Result<(), LedgerError> {
                    self.ledger.enlist(&found, self.position, &self.shelf, false)?;
                    self.position += 1;
                    Ok(())
                },
            )?;
        }
        Ok(self.ledger.commit()?)
    }
}
