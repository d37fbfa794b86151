//! Which documents hold the words that are searched for: all of them, found once and kept until something changes.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Name of the SQL function that tells whether a document is among the hits at hand.
pub const FUNCTION: &str = "is_hit";
/// So many are looked up one by one; of more, the list is walked in its order until a page is full.
const FEW: usize = 2000;
/// Searches that are kept, each of which takes a bit a document.
const KEPT: usize = 256;

/// The documents that a search has found.
#[derive(Debug, Default)]
pub struct Hits {
    /// A bit for each number of a document.
    bits: Vec<u64>,
    /// Their numbers as a JSON array, where they are few.
    few: Option<String>,
}

impl Hits {
    /// Of the numbers of documents.
    pub fn new(ids: &[i64]) -> Self {
        let place = |id: i64| usize::try_from(id).unwrap_or(0);
        let most = ids.iter().copied().max().map_or(0, place);
        let mut bits = vec![0_u64; most / 64 + 1];
        for id in ids.iter().copied().map(place) {
            if let Some(word) = bits.get_mut(id / 64) {
                *word |= 1 << (id % 64);
            }
        }
        let few = (ids.len() <= FEW).then(|| {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            format!("[{}]", ids.join(","))
        });
        Self { bits, few }
    }

    /// Whether a document is one of them.
    pub fn has(&self, id: i64) -> bool {
        let id = usize::try_from(id).unwrap_or(usize::MAX);
        self.bits.get(id / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    /// Their numbers as a JSON array, where they are few.
    pub fn few(&self) -> Option<&str> {
        self.few.as_deref()
    }
}

/// Where a connection finds the hits of the search that it works for.
#[derive(Debug, Clone, Default)]
pub struct Slot(Arc<Mutex<Arc<Hits>>>);

impl Slot {
    /// Gives `db` the function [`FUNCTION`].
    ///
    /// # Errors
    /// SQLite's.
    pub fn install(&self, db: &Connection) -> rusqlite::Result<()> {
        let slot = self.clone();
        db.create_scalar_function(FUNCTION, 1, FunctionFlags::SQLITE_UTF8, move |context| {
            let id: i64 = context.get(0)?;
            Ok(slot.0.lock().unwrap_or_else(PoisonError::into_inner).has(id))
        })
    }

    /// Puts the hits of the next search in.
    pub fn put(&self, hits: Arc<Hits>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hits;
    }
}

/// The last searches with what they found.
#[derive(Debug, Default)]
pub struct Searches {
    /// What was searched for, when, and what was found.
    kept: Mutex<VecDeque<(String, u64, Arc<Hits>)>>,
}

impl Searches {
    /// What was found for `asked` at `generation`.
    pub fn get(&self, asked: &str, generation: u64) -> Option<Arc<Hits>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(a, g, _)| a == asked && *g == generation)?;
        // What is searched for often stays: it goes to the end, and the first one makes room.
        let search = kept.remove(at)?;
        let hits = Arc::clone(&search.2);
        kept.push_back(search);
        Some(hits)
    }

    /// Keeps what was found.
    pub fn put(&self, asked: &str, generation: u64, hits: Arc<Hits>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(a, g, _)| a != asked && *g == generation);
        kept.push_back((asked.to_owned(), generation, hits));
        if kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_told_by_their_numbers() {
        let hits = Hits::new(&[1, 64, 100_000]);
        assert!([1, 64, 100_000].iter().all(|id| hits.has(*id)));
        assert!(![0, 2, 63, 65, 99_999, 100_001, -1, i64::MAX].iter().any(|id| hits.has(*id)));
        assert_eq!(hits.few(), Some("[1,64,100000]"));
        assert_eq!(Hits::new(&(0..3000).collect::<Vec<_>>()).few(), None);
        assert!(!Hits::new(&[]).has(0), "nothing is found");
    }

    #[test]
    fn searches_are_kept_until_something_changes() {
        let searches = Searches::default();
        searches.put("a", 1, Arc::new(Hits::new(&[7])));
        assert!(searches.get("a", 1).unwrap().has(7));
        assert!(searches.get("a", 2).is_none() && searches.get("b", 1).is_none());
        searches.put("b", 2, Arc::default());
        assert!(searches.get("a", 1).is_none(), "what is old makes room");
    }
}
