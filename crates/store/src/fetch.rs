use crate::address::Address;
use crate::error::StoreError;
use crate::stores::{Bucket, Object, Stores};
use futures_util::StreamExt;
use object_store::{GetOptions, GetRange};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Bytes that are asked for in one go.
const RANGE: u64 = 8 << 20;

impl Stores {
    /// Fetches an object into a file that exists, in ranges. What comes is of one version of the object and whole; a range
    /// that is cut goes on from the byte reached. Objects of more than `limit` bytes are not fetched.
    ///
    /// # Errors
    /// The store's; [`StoreError::Disk`] where the file takes no more.
    pub fn fetch(&self, address: &Address, limit: u64, to: &Path) -> Result<Object, StoreError> {
        let bucket = self.bucket(address)?;
        let emptied = || OpenOptions::new().write(true).truncate(true).open(to).map_err(StoreError::Disk);
        self.wait(async {
            let mut patience = bucket.standing.patience();
            loop {
                match Fetch::new(&bucket, address, limit, emptied()?).whole().await {
                    // Written anew by others meanwhile: what was fetched is of no use.
                    Err(error @ StoreError::Changed) => patience.again(error).await?,
                    Err(error) if error.is_outside() => {
                        let object = self.empty(&bucket, address, error).await?;
                        return emptied().map(|_| object);
                    }
                    other => return other,
                }
            }
        })?
    }

    /// An object without bytes has no range that could be asked for.
    async fn empty(&self, bucket: &Bucket, at: &Address, error: StoreError) -> Result<Object, StoreError> {
        let options = GetOptions { head: true, ..GetOptions::default() };
        match bucket.objects.get_opts(&at.location()?, options).await {
            Ok(answer) if answer.meta.size == 0 => Ok(Object::new(at.clone(), &answer.meta)),
            Ok(_) => Err(error),
            Err(e) => Err(StoreError::of(&e)),
        }
    }
}

/// An object on its way into a file.
struct Fetch<'a> {
    bucket: &'a Bucket,
    address: &'a Address,
    limit: u64,
    file: File,
    /// Bytes that are there.
    reached: u64,
    /// The object, and its ETag where the store gives one.
    object: Option<(Object, Option<String>)>,
}

impl<'a> Fetch<'a> {
    fn new(bucket: &'a Bucket, address: &'a Address, limit: u64, file: File) -> Self {
        Self { bucket, address, limit, file, reached: 0, object: None }
    }

    async fn whole(mut self) -> Result<Object, StoreError> {
        let mut patience = self.bucket.standing.patience();
        loop {
            let before = self.reached;
            let ended = self.range().await;
            if self.reached > before {
                patience.renew();
            }
            match (ended, &self.object) {
                (Ok(()), Some((object, _))) if self.reached == object.size => return Ok(object.clone()),
                (Ok(()), _) if self.reached > before => {}
                // An answer without an error that brought nothing.
                (Ok(()), _) => {
                    let reason = format!("the answer ended at byte {before}");
                    patience.again(StoreError::Unreachable { reason }).await?;
                }
                (Err(error @ StoreError::Changed), _) => return Err(error),
                (Err(error), _) => patience.again(error).await?,
            }
        }
    }

    /// Fetches from the byte reached on, at most a range.
    async fn range(&mut self) -> Result<(), StoreError> {
        let end = match &self.object {
            Some((object, _)) => object.size.min(self.reached + RANGE),
            None => RANGE,
        };
        let options = GetOptions {
            range: Some(GetRange::Bounded(self.reached..end)),
            if_match: self.object.as_ref().and_then(|(_, tag)| tag.clone()),
            ..GetOptions::default()
        };
        let answer = self.bucket.objects.get_opts(&self.address.location()?, options).await;
        let answer = answer.map_err(|e| StoreError::of(&e))?;
        let object = Object::new(self.address.clone(), &answer.meta);
        if object.size > self.limit {
            return Err(StoreError::TooLarge { bytes: object.size, limit: self.limit });
        }
        match &self.object {
            Some((known, _)) if *known != object => return Err(StoreError::Changed),
            Some(_) => {}
            None => self.object = Some((object, answer.meta.e_tag.clone())),
        }
        let mut body = answer.into_stream();
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(|e| StoreError::of(&e))?;
            self.file.write_all(&bytes).map_err(StoreError::Disk)?;
            self.reached += bytes.len() as u64;
        }
        Ok(())
    }
}
