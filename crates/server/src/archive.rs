//! A batch and what people said of it.

use crate::error::{ServeError, StoreError};
use crate::pictures::{File, Pictures};
use crate::review::{Action, Event, Reviewed, review};
use crate::store::{Counts, Places, Store, Updated, Written, base_of};
use crate::workshop::Workshop;
use batch::{Ledger, files};
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use vanthu_model::Record;

/// How often it is looked whether the batch has gone on.
const LOOK: Duration = Duration::from_secs(2);
/// How long numbers about all documents may be behind a batch that is being read.
const STALE: Duration = Duration::from_secs(2);
/// Records that are kept in memory, those that were looked at last.
const RECENT: usize = 8;
/// A record of more bytes is not kept.
const LARGEST_KEPT: usize = 2 << 20;

/// A batch opened for review.
pub struct Archive {
    folder: PathBuf,
    store: Store,
    workshop: Arc<dyn Workshop>,
    pictures: Pictures,
    recent: Mutex<VecDeque<(i64, Arc<Opened>)>>,
    counts: Mutex<Option<(u64, Instant, Arc<Counts>)>>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A document, looked at.
#[derive(Debug)]
pub struct Opened {
    /// Its number.
    pub id: i64,
    /// Digest of its record's file.
    pub base: String,
    /// Its record with what people said of it.
    pub reviewed: Reviewed,
    /// All its events, oldest first.
    pub events: Vec<Event>,
    /// Where its file lies.
    pub place: PathBuf,
    /// Path of its record in the output folder.
    pub output: String,
    /// Bytes of its record's file.
    size: usize,
}

impl Opened {
    /// What the document stands at: another one after every change. An entity tag without its quotation marks.
    pub fn version(&self) -> String {
        format!("{}-{}", self.base, self.reviewed.last)
    }

    /// Where its file lies and what it is called.
    pub fn file(&self) -> File {
        File { place: self.place.clone(), path: self.reviewed.record.source.path.clone() }
    }
}

/// What came of something that a person did.
#[derive(Debug)]
pub enum Done {
    /// It is written.
    Written(Arc<Opened>),
    /// The document has changed since it was looked at: what others did.
    Behind(Vec<Event>),
}

impl Archive {
    /// Opens the batch in an output folder.
    ///
    /// # Errors
    /// As [`ServeError`].
    pub fn open(folder: &Path, workshop: Arc<dyn Workshop>) -> Result<Self, ServeError> {
        // The ledger is asked first: nothing is written into folders that hold none.
        drop(Ledger::look(&folder.join(files::LEDGER))?);
        let store = Store::open(&folder.join(files::REVIEW))?;
        let threads = thread::available_parallelism().map_or(1, usize::from).min(4);
        let pictures = Pictures::begin(Arc::clone(&workshop), threads)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            store,
            workshop,
            pictures,
            recent: Mutex::default(),
            counts: Mutex::default(),
        })
    }

    /// What is looked up.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Pictures of pages.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// What knows the stages.
    pub fn workshop(&self) -> &dyn Workshop {
        &*self.workshop
    }

    /// The output folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Brings what is looked up to date with the ledger.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn update(&self, stop: &AtomicBool) -> Result<Updated, StoreError> {
        let ledger = Ledger::look(&self.folder.join(files::LEDGER))?;
        self.store.update(&ledger, &self.folder, &*self.workshop, stop)
    }

    /// Keeps what is looked up to date until `stop`: the batch may go on while it is reviewed.
    pub fn follow(&self, stop: &AtomicBool) {
        let mut seen = None;
        let mut ledger = None;
        while !stop.load(Ordering::SeqCst) {
            let changes = ledger
                .get_or_insert_with(|| Ledger::look(&self.folder.join(files::LEDGER)))
                .as_ref()
                .ok()
                .and_then(|l| l.changes_seen().ok());
            if changes.is_none() {
                ledger = None;
            } else if changes != seen {
                match self.update(stop) {
                    Ok(updated) => {
                        seen = changes;
                        tracing::info!(
                            inputs = updated.inputs,
                            read = updated.read,
                            gone = updated.gone,
                            "index"
                        );
                    }
                    Err(e) => tracing::warn!(%e, "index"),
                }
            }
            thread::sleep(LOOK);
        }
    }

    /// Numbers about all documents.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn counts(&self) -> Result<Arc<Counts>, StoreError> {
        let generation = self.store.generation();
        let mut kept = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, counts)) =
            kept.as_ref().filter(|(g, at, _)| *g == generation || at.elapsed() < STALE)
        {
            return Ok(Arc::clone(counts));
        }
        let counts = Arc::new(self.store.counts()?);
        *kept = Some((generation, Instant::now(), Arc::clone(&counts)));
        Ok(counts)
    }

    /// The bytes of a document's record as the batch made it; none for what is no document or has no record.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn record_bytes(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        match self.store.places(id)? {
            Some(Places { output: Some(output), .. }) => Ok(Some(fs::read(self.folder.join(output))?)),
            _ => Ok(None),
        }
    }

    /// A document with what people said of it; none where there is no such document or it has no record.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn document(&self, id: i64) -> Result<Option<Arc<Opened>>, StoreError> {
        let Some(Places { place, output: Some(output) }) = self.store.places(id)? else { return Ok(None) };
        let bytes = fs::read(self.folder.join(&output))?;
        let base = base_of(&bytes);
        let events = self.store.events(id)?;
        let last = events.last().map_or(0, |e| e.id);
        let kept = {
            let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.iter().find(|(i, _)| *i == id).map(|(_, o)| Arc::clone(o))
        };
        if let Some(opened) = kept.filter(|o| o.base == base && o.reviewed.last == last) {
            return Ok(Some(opened));
        }
        let record: Record = serde_json::from_slice(&bytes)?;
        let reviewed = review(record, &events, &*self.workshop);
        let place = path(place);
        let opened = Arc::new(Opened { id, base, reviewed, events, place, output, size: bytes.len() });
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|(i, _)| *i != id);
        if opened.size <= LARGEST_KEPT {
            recent.push_back((id, Arc::clone(&opened)));
            if recent.len() > RECENT {
                recent.pop_front();
            }
        }
        Ok(Some(opened))
    }

    /// Writes what a person did to a document as it was when it was looked at.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn act(&self, opened: &Opened, who: &str, action: Action) -> Result<Option<Done>, StoreError> {
        match self.store.write(opened.id, opened.reviewed.last, who, &action)? {
            Written::Behind(events) => Ok(Some(Done::Behind(events))),
            Written::Done => {
                let Some(now) = self.document(opened.id)? else { return Ok(None) };
                self.store.refresh(now.id, &now.base, &now.reviewed)?;
                // What a person did is seen at once.
                *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Ok(Some(Done::Written(now)))
            }
        }
    }

    /// The record of a document as the batch made it, for what must be known by its words.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn made(&self, opened: &Opened) -> Result<Option<Record>, StoreError> {
        let bytes = fs::read(self.folder.join(&opened.output))?;
        if base_of(&bytes) != opened.base {
            return Ok(None);
        }
        Ok(Some(serde_json::from_slice(&bytes)?))
    }
}

#[cfg(unix)]
fn path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
