use crate::address::Address;
use crate::error::StoreError;
use crate::keys;
use crate::stores::{Object, Stores};
use object_store::list::PaginatedListOptions;

/// Why a listing ended early.
#[derive(Debug)]
pub enum ListError<E> {
    /// The store.
    Store(StoreError),
    /// Who was told of the objects.
    Taker(E),
}

/// What stands in a listing.
#[derive(Debug)]
pub enum Listed {
    /// An object.
    Object(Object),
    /// An object that no request could name: a part of its key is empty, or it holds control characters.
    Odd {
        /// The key.
        key: String,
        /// Its bytes.
        size: u64,
    },
}

/// Objects of a page, as stores count them.
const PAGE: usize = 1000;

impl Stores {
    /// Names the objects below an address, a page at a time, in the order of the store: by their keys, byte for byte.
    ///
    /// A page that is cut or refused for a passing reason is asked for again, so that each object is told once.
    ///
    /// # Errors
    /// The store's, and those of `take`, which end it.
    pub fn list<E>(
        &self,
        below: &Address,
        take: &mut dyn FnMut(Listed) -> Result<(), E>,
    ) -> Result<(), ListError<E>> {
        let bucket = self.bucket(below).map_err(ListError::Store)?;
        let prefix = match below.key() {
            "" => None,
            key => Some(format!("{key}/")),
        };
        let mut at = PaginatedListOptions { max_keys: Some(PAGE), ..PaginatedListOptions::default() };
        loop {
            let page = bucket.standing.patiently(async || {
                let page = bucket.pages.list_paginated(prefix.as_deref(), at.clone()).await;
                page.map_err(|e| StoreError::of(&e))
            });
            let page = self.wait(page).and_then(|page| page).map_err(ListError::Store)?;
            for meta in page.result.objects {
                let listed = match keys::replaced(meta.location.as_ref()) {
                    Some(key) => Listed::Odd { key, size: meta.size },
                    None => {
                        let address = below.with_key(meta.location.as_ref().to_string());
                        Listed::Object(Object::new(address, &meta))
                    }
                };
                take(listed).map_err(ListError::Taker)?;
            }
            if page.page_token.is_none() {
                return Ok(());
            }
            at.page_token = page.page_token;
        }
    }
}
