use crate::address::Address;
use crate::error::StoreError;
use crate::patience::Patience;
use crate::stores::{Bucket, Object, Stores};
use object_store::list::{PaginatedListOptions, PaginatedListResult};
use object_store::path::Error as PathError;
use object_store::{Error, Result};

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
    /// The key of an object that no request could name: with an empty part, or control characters.
    Odd(String),
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
        take: &mut dyn FnMut(Listed) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), ListError<E>> {
        let bucket = self.bucket(below).map_err(ListError::Store)?;
        let prefix = match below.key() {
            "" => None,
            key => Some(format!("{key}/")),
        };
        let mut at = PaginatedListOptions { max_keys: Some(PAGE), ..PaginatedListOptions::default() };
        loop {
            let page = self.wait(page(&bucket, prefix.as_deref(), &mut at)).map_err(ListError::Store)?;
            match page.map_err(ListError::Store)? {
                Page::Of(page) => {
                    for meta in page.result.objects {
                        let address = below.with_key(meta.location.as_ref().to_string());
                        take(Listed::Object(Object::new(address, &meta))).map_err(ListError::Taker)?;
                    }
                    if page.page_token.is_none() {
                        return Ok(());
                    }
                    at.page_token = page.page_token;
                    at.max_keys = Some(PAGE);
                }
                Page::Odd(key) => {
                    at.page_token = None;
                    at.offset = Some(key.clone());
                    at.max_keys = Some(PAGE);
                    take(Listed::Odd(key)).map_err(ListError::Taker)?;
                }
            }
        }
    }
}

enum Page {
    Of(PaginatedListResult),
    /// There is one object on it, and its key is odd.
    Odd(String),
}

/// The next page. One with an odd key, which comes as an error, is asked for in halves until that key stands alone.
async fn page(
    bucket: &Bucket,
    prefix: Option<&str>,
    at: &mut PaginatedListOptions,
) -> std::result::Result<Page, StoreError> {
    let mut patience = Patience::default();
    loop {
        let asked: Result<PaginatedListResult> = bucket.pages.list_paginated(prefix, at.clone()).await;
        let error = match asked {
            Ok(page) => return Ok(Page::Of(page)),
            Err(error) => error,
        };
        match (odd_key(&error), at.max_keys) {
            (Some(key), Some(1)) => return Ok(Page::Odd(key.to_string())),
            (Some(_), Some(keys)) => at.max_keys = Some(keys / 2),
            _ => patience.again(StoreError::of(&error)).await?,
        }
    }
}

fn odd_key(error: &Error) -> Option<&str> {
    match error {
        Error::InvalidPath {
            source: PathError::EmptySegment { path } | PathError::BadSegment { path, .. },
        } => Some(path),
        _ => None,
    }
}
