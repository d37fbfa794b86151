use crate::address::Address;
use crate::error::StoreError;
use crate::stores::{Bucket, Stores, mark_of};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Larger files go in parts, of so many bytes at least.
const PART: u64 = 8 << 20;
/// Most parts of an object, a little below what stores allow.
const PARTS: u64 = 9_000;

impl Stores {
    /// Puts a file into an object. Others see the object whole or as it was before. Returns its [mark](Object::mark) where
    /// the store tells it.
    ///
    /// # Errors
    /// The store's; [`StoreError::Disk`] where the file cannot be read.
    pub fn put(&self, from: &Path, address: &Address) -> Result<Option<String>, StoreError> {
        let bucket = self.bucket(address)?;
        self.wait(bucket.standing.patiently(async || put(&bucket, address, from).await))?
    }
}

async fn put(bucket: &Bucket, address: &Address, from: &Path) -> Result<Option<String>, StoreError> {
    let mut file = File::open(from).map_err(StoreError::Disk)?;
    let size = file.metadata().map_err(StoreError::Disk)?.len();
    let location = address.location()?;
    if size <= PART {
        let put = bucket.objects.put(&location, next(&mut file, PART)?).await;
        return put.map(|put| put.e_tag.as_deref().map(mark_of)).map_err(|e| StoreError::of(&e));
    }
    let upload = bucket.objects.put_multipart(&location).await;
    let mut upload = upload.map_err(|e| StoreError::of(&e))?;
    let put = parts(&mut *upload, &mut file, PART.max(size.div_ceil(PARTS))).await;
    if put.is_err() {
        // Parts that stay behind are paid for. Where even this fails, the bucket's own rules remove them.
        let _ = upload.abort().await;
    }
    put
}

/// Puts the rest of a file in parts of `length` bytes.
async fn parts(
    upload: &mut dyn MultipartUpload,
    file: &mut File,
    length: u64,
) -> Result<Option<String>, StoreError> {
    loop {
        let part = next(file, length)?;
        if part.content_length() == 0 {
            break;
        }
        upload.put_part(part).await.map_err(|e| StoreError::of(&e))?;
    }
    let put = upload.complete().await;
    put.map(|put| put.e_tag.as_deref().map(mark_of)).map_err(|e| match StoreError::of(&e) {
        // It may have been completed by a request whose answer was lost. Whether it was is told by doing all again.
        StoreError::Missing => StoreError::Unreachable { reason: "the upload is gone".into() },
        error => error,
    })
}

/// The next bytes of a file, at most `length`.
fn next(file: &mut File, length: u64) -> Result<PutPayload, StoreError> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(StoreError::Disk)?;
    Ok(bytes.into())
}
