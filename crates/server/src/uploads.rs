//! Files that were uploaded, on their way through the readers of a batch.
//!
//! A file lies in the folder `uploads` of the batch under its digest; the name that it was given is data. Uploads join the
//! last run of the batch, so that they stand in its list beside what was read from folders.

use crate::archive::Archive;
use crate::error::StoreError;
use crate::store::{Step, Stored, Upload};
use batch::{Batch, BatchError, Event, Ledger, Observer, files, hold};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// How files on their way into the folder are called; what is left of them is removed at the next start.
pub const ON_THE_WAY: &str = ".vanthu-";
/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 120;
/// How often it is looked whether something waits, and whether another program has left the batch.
const LOOK: Duration = Duration::from_secs(2);
/// Pause after the readers could not begin.
const PAUSE: Duration = Duration::from_secs(15);
/// News that are kept for those who follow slowly.
const NEWS: usize = 256;

/// Why uploads were not read this time; they wait.
#[derive(Debug, thiserror::Error)]
enum NotNow {
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Readers(String),
}

/// Takes files in and has them read, one batch of them after the other.
#[derive(Debug)]
pub struct Desk {
    archive: Arc<Archive>,
    /// Largest file, in bytes.
    largest: u64,
    news: broadcast::Sender<Upload>,
    bell: (Mutex<bool>, Condvar),
}

impl Desk {
    /// For a batch; files of more than `largest` bytes are refused. What an earlier server left half done is put in order
    /// here, before anything comes in: later it could not be told from what is on its way.
    pub fn new(archive: Arc<Archive>, largest: u64) -> Self {
        let desk = Self { archive, largest, news: broadcast::channel(NEWS).0, bell: Default::default() };
        desk.tidy();
        desk
    }

    /// Largest file, in bytes.
    pub fn largest(&self) -> u64 {
        self.largest
    }

    /// Largest body of a request, in bytes: one largest file, or smaller ones, with what stands between them.
    pub fn largest_request(&self) -> usize {
        usize::try_from(self.largest).unwrap_or(usize::MAX).saturating_add(1 << 20)
    }

    /// Where the files lie.
    pub fn folder(&self) -> PathBuf {
        self.archive.folder().join(files::UPLOADS)
    }

    /// Notes a file that lies in the folder; it is read as soon as its turn comes.
    ///
    /// # Errors
    /// SQLite's.
    pub fn take(&self, stored: &Stored) -> Result<Upload, StoreError> {
        let upload = self.archive.store().add_upload(stored)?;
        self.tell(&upload);
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.1.notify_all();
        Ok(upload)
    }

    /// Is told of every step of every upload from now on.
    pub fn follow(&self) -> broadcast::Receiver<Upload> {
        self.news.subscribe()
    }

    fn tell(&self, upload: &Upload) {
        // Nobody may be listening.
        let _ = self.news.send(upload.clone());
    }

    fn step(&self, upload: i64, step: Step<'_>) {
        match self.archive.store().upload_step(upload, step) {
            Ok(Some(upload)) => self.tell(&upload),
            Ok(None) => {}
            Err(e) => tracing::error!(%e, upload, "upload"),
        }
    }

    /// Has uploads read until `stop`.
    pub fn work(&self, stop: &AtomicBool) {
        while !stop.load(Ordering::SeqCst) {
            let pause = match self.archive.store().uploads(true) {
                Ok(waiting) if waiting.is_empty() => LOOK,
                Ok(waiting) => match self.read(&waiting, stop) {
                    Ok(()) => Duration::ZERO,
                    // Another program is at work in the folder.
                    Err(NotNow::Batch(BatchError::Busy)) => LOOK,
                    Err(e) => {
                        tracing::error!(%e, "uploads");
                        waiting.iter().for_each(|u| self.step(u.id, Step::Back));
                        PAUSE
                    }
                },
                Err(e) => {
                    tracing::error!(%e, "uploads");
                    PAUSE
                }
            };
            self.rest(pause, stop);
        }
    }

    /// Waits for so long, or until something comes in.
    fn rest(&self, pause: Duration, stop: &AtomicBool) {
        const MOMENT: Duration = Duration::from_millis(100);
        let mut rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = pause;
        while !*rung && !left.is_zero() && !stop.load(Ordering::SeqCst) {
            rung = self.bell.1.wait_timeout(rung, left.min(MOMENT)).unwrap_or_else(PoisonError::into_inner).0;
            left = left.saturating_sub(MOMENT);
        }
        *rung = false;
    }

    /// Removes what was cut off on its way, and has what was being read wait again.
    fn tidy(&self) {
        if let Err(e) = self.archive.store().uploads_left() {
            tracing::error!(%e, "uploads");
        }
        let Ok(entries) = fs::read_dir(self.folder()) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(ON_THE_WAY) {
                // At worst it stays and takes room.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn read(&self, waiting: &[Upload], stop: &AtomicBool) -> Result<(), NotNow> {
        let folder = self.archive.folder();
        // Readers take a second to start: not while another program holds the batch.
        drop(hold(folder)?);
        let readers = self.archive.workshop().readers().map_err(NotNow::Readers)?;
        let mut batch = Batch::resume(folder, readers.settings)?;
        let inputs: Vec<(PathBuf, String)> =
            waiting.iter().map(|u| (self.folder().join(&u.file), shown(&u.name))).collect();
        batch.add(&inputs)?;
        waiting.iter().for_each(|u| self.step(u.id, Step::Begun));
        let mut telling = Telling { desk: self, uploads: waiting };
        let summary = batch::run(batch, readers.engines, &readers.reins, stop, &mut telling);
        summary.problems.iter().for_each(|line| tracing::error!(line, "uploads"));
        // Who is told that a document was read finds it in the list.
        if let Err(e) = self.archive.update(stop) {
            tracing::warn!(%e, "index");
        }
        let ledger = Ledger::look(&folder.join(files::LEDGER)).map_err(StoreError::from)?;
        for (upload, (place, _)) in waiting.iter().zip(&inputs) {
            let below = ledger.below(place).map_err(StoreError::from)?;
            self.step(
                upload.id,
                match below.open {
                    0 => Step::Ended { done: below.done, failed: below.failed, message: &below.message },
                    _ => Step::Back,
                },
            );
        }
        Ok(())
    }
}

/// What an upload is called in the list.
fn shown(name: &str) -> String {
    format!("{}/{name}", files::UPLOADS)
}

/// Tells of uploads what a batch tells of its inputs.
struct Telling<'d> {
    desk: &'d Desk,
    uploads: &'d [Upload],
}

impl Observer for Telling<'_> {
    fn event(&mut self, event: Event<'_>) {
        let (path, message) = match &event {
            Event::Done { path, .. } => (*path, None),
            Event::Failed { path, failure } => (*path, Some(failure.to_string())),
            _ => return,
        };
        // Of an archive each part is told of by itself.
        let of = |u: &&Upload| {
            path.strip_prefix(&shown(&u.name)).is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        let Some(upload) = self.uploads.iter().find(of) else { return };
        self.desk.step(upload.id, message.as_deref().map_or(Step::Read, Step::Failed));
    }
}

/// A name that a client gave, fit to be shown and to be a part of a path: its last part, without what is no character
/// to be seen. None for what is not read by its extension, which comes with it in lower case.
pub fn fit_name(given: &str) -> Option<(String, String)> {
    use unicode_normalization::UnicodeNormalization;
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let seen = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = last.nfc().filter(seen).collect();
    let (stem, extension) = name.rsplit_once('.')?;
    let extension = extension.to_lowercase();
    if !batch::EXTENSIONS.contains(&extension.as_str()) {
        return None;
    }
    let stem: String = stem.trim().trim_start_matches('.').chars().take(LONGEST_NAME).collect();
    let stem = if stem.trim().is_empty() { "upload" } else { stem.trim() };
    Some((format!("{stem}.{extension}"), extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders_and_what_is_not_seen() {
        let fit = |name: &str| fit_name(name).map(|(name, _)| name);
        assert_eq!(fit("../../etc/Quyết định.PDF").as_deref(), Some("Quyết định.pdf"));
        assert_eq!(fit("C:\\a\\b.docx").as_deref(), Some("b.docx"));
        assert_eq!(fit("a\u{202e}fdp.\u{0}pdf").as_deref(), Some("afdp.pdf"));
        assert_eq!(fit("...pdf").as_deref(), Some("upload.pdf"));
        assert_eq!(fit(".vanthu-1.pdf").as_deref(), Some("vanthu-1.pdf"));
        for bad in ["a.exe", "pdf", "", "a.pdf/", "a.html/../b.sh"] {
            assert_eq!(fit(bad), None, "{bad}");
        }
        assert!(fit(&format!("{}.txt", "ế".repeat(500))).unwrap().chars().count() <= LONGEST_NAME + 4);
    }
}
