//! What observed strings may stand for, remembered from line to line and from document to document.

use crate::candidates::Candidate;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;
use std::sync::{Arc, RwLock};

/// Parts of the memory, so that threads seldom wait for one another.
const SHARDS: usize = 16;
/// Most strings that one part holds; about 700 bytes each.
const MOST: usize = 2_000;

type Shard = FxHashMap<Box<str>, Arc<[Candidate]>>;

/// A bounded memory, shared by all threads.
#[derive(Default)]
pub struct Memo {
    shards: [RwLock<Shard>; SHARDS],
}

impl Memo {
    /// What is remembered of `observed`, else what `make` gives, which is then remembered.
    pub fn get(&self, observed: &str, make: impl FnOnce() -> Vec<Candidate>) -> Arc<[Candidate]> {
        let shard = FxBuildHasher.hash_one(observed) as usize >> 7;
        let Some(shard) = self.shards.get(shard % SHARDS) else { return make().into() };
        // A thread that died while it held the lock leaves whole entries behind, so the memory stays good.
        let held = shard.read().unwrap_or_else(|e| e.into_inner()).get(observed).cloned();
        if let Some(found) = held {
            return found;
        }
        let found: Arc<[Candidate]> = make().into();
        let mut shard = shard.write().unwrap_or_else(|e| e.into_inner());
        if shard.len() >= MOST {
            // Frequent strings come back at once; keeping count of use would cost more than finding them again.
            shard.clear();
        }
        shard.insert(observed.into(), found.clone());
        found
    }
}
