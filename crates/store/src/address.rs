use crate::error::StoreError;
use crate::keys;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Amazon S3, or what speaks like it.
    S3,
    /// Google Cloud Storage.
    Gs,
    /// Azure Blob Storage.
    Az,
}

impl Scheme {
    const ALL: [Scheme; 3] = [Scheme::S3, Scheme::Gs, Scheme::Az];

    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::S3 => "s3",
            Scheme::Gs => "gs",
            Scheme::Az => "az",
        }
    }
}

/// A bucket and a key in it: `s3://bucket/a/b.pdf`, `gs://bucket/a`, `az://container`. The key may be that of an object or
/// what the keys of many begin with; it has no `/` at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    scheme: Scheme,
    bucket: String,
    key: String,
}

/// Why a key is none that requests can name: one line for people.
pub const ODD_KEY: &str = "a part of its key is empty, . or .., or holds control characters";

impl Address {
    /// The address that `path` is; none for the path of a file, which never begins so.
    ///
    /// # Errors
    /// [`StoreError::Address`] where the bucket is missing or the key is one that cannot be asked for.
    pub fn of(path: &Path) -> Option<Result<Self, StoreError>> {
        let text = path.to_str()?;
        let (scheme, rest) =
            Scheme::ALL.iter().find_map(|s| Some((*s, text.strip_prefix(s.name())?.strip_prefix("://")?)))?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let wrong = |reason: String| Some(Err(StoreError::Address { address: text.to_string(), reason }));
        if bucket.is_empty() {
            return wrong("it names no bucket".into());
        }
        // Of such are the names in all stores; clients put them into host names unseen.
        if !bucket.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            return wrong("the name of a bucket has but letters, digits, -, _ and .".into());
        }
        // With a slash at its end it is what other keys begin with.
        let key = key.strip_suffix('/').unwrap_or(key);
        if !keys::can_be_asked_for(key) {
            return wrong(ODD_KEY.into());
        }
        Some(Ok(Self { scheme, bucket: bucket.into(), key: key.into() }))
    }

    /// Whether `path` is meant as an address, right or wrong.
    pub fn is(path: &Path) -> bool {
        Self::of(path).is_some()
    }

    /// Where the store is.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The bucket; with Azure the container.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The key; empty for all of the bucket.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The last part of the key, or the bucket.
    pub fn name(&self) -> &str {
        match self.key.rsplit('/').next() {
            Some(last) if !last.is_empty() => last,
            _ => &self.bucket,
        }
    }

    /// The address of `name` below this one.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let key = if self.key.is_empty() { name.to_string() } else { format!("{}/{name}", self.key) };
        self.with_key(key)
    }

    /// The address of another key in the same bucket.
    pub(crate) fn with_key(&self, key: String) -> Self {
        Self { scheme: self.scheme, bucket: self.bucket.clone(), key }
    }

    /// What is left of `other` behind this address; none where it does not lie below it.
    pub fn below<'a>(&self, other: &'a Address) -> Option<&'a str> {
        if self.scheme != other.scheme || self.bucket != other.bucket {
            return None;
        }
        match self.key.as_str() {
            "" => Some(&other.key),
            key => other.key.strip_prefix(key)?.strip_prefix('/'),
        }
    }

    /// As the path that [`Address::of`] reads.
    pub fn to_path(&self) -> PathBuf {
        self.to_string().into()
    }

    /// The key as requests name it.
    ///
    /// # Errors
    /// [`StoreError::Address`] for what was [joined](Address::join) with a name that is no part of a key.
    pub(crate) fn location(&self) -> Result<object_store::path::Path, StoreError> {
        let odd = || StoreError::Address { address: self.to_string(), reason: ODD_KEY.into() };
        if !keys::can_be_asked_for(&self.key) {
            return Err(odd());
        }
        object_store::path::Path::parse(&self.key).map_err(|_| odd())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.bucket)?;
        if self.key.is_empty() { Ok(()) } else { write!(f, "/{}", self.key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::of(Path::new(text)).unwrap().unwrap()
    }

    #[test]
    fn addresses_are_told_from_paths() {
        for path in ["scans", "./s3", "/s3://b", "s3:/b/k", "S3", "file:///a", "ftp://a/b", ""] {
            assert!(Address::of(Path::new(path)).is_none(), "{path}");
        }
        assert_eq!(address("s3://b/năm 2026/a.pdf/").to_string(), "s3://b/năm 2026/a.pdf");
        assert_eq!((address("gs://b").key(), address("gs://b").name()), ("", "b"));
        assert_eq!(address("az://c/x/y").name(), "y");
        assert!(matches!(address("s3://b/k").join("a\u{7}").location(), Err(StoreError::Address { .. })));
        assert!(matches!(address("s3://b/k").join("a/").location(), Err(StoreError::Address { .. })));
        for wrong in [
            "s3://",
            "s3:///k",
            "s3://b/a//c",
            "s3://b//c",
            "s3://b/c//",
            "s3://b/../c",
            "s3://b/a\u{7}",
            "s3://b c/k",
            "s3://b?x/k",
        ] {
            assert!(
                matches!(Address::of(Path::new(wrong)), Some(Err(StoreError::Address { .. }))),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_lies_below_an_address_is_told_by_whole_parts() {
        let scans = address("s3://b/scans");
        assert_eq!(scans.below(&scans.join("a/b.pdf")), Some("a/b.pdf"));
        assert_eq!(address("s3://b").below(&scans), Some("scans"));
        for other in ["s3://b/scans2/a", "s3://b/scans", "gs://b/scans/a", "s3://c/scans/a"] {
            assert_eq!(scans.below(&address(other)), None, "{other}");
        }
    }
}
