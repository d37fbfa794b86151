//! Where inputs lie, and how their bytes come here.

use crate::engine::Trouble;
use crate::ledger::Stamp;
use export::{Staged, Staging};
use pipeline::{Failure, is_archive, load_part};
use std::fs;
use std::path::{Path, PathBuf};
use store::{Address, Object, StoreError, Stores};
use vanthu_model::Cause;

/// Parts the address of an archive in a store from the path inside it: no key that can be asked for holds it.
const INSIDE: &str = "//";

/// The place of a part of the archive at `archive`.
pub(crate) fn place_inside(archive: &Path, part: &str) -> PathBuf {
    if !Address::is(archive) {
        return archive.join(part);
    }
    let mut place = archive.as_os_str().to_os_string();
    place.push(INSIDE);
    place.push(part);
    place.into()
}

/// The object that a place names, and the path inside it where it is an archive; none for places on this machine.
fn object_at(place: &Path) -> Option<Result<(Address, Option<String>), StoreError>> {
    if !Address::is(place) {
        return None;
    }
    let text = place.to_string_lossy();
    let (scheme, rest) = text.split_once("://")?;
    let (object, inside) = match rest.split_once(INSIDE) {
        Some((object, inside)) if is_archive(object) => (object, Some(inside.to_string())),
        _ => (rest, None),
    };
    let address = Address::of(Path::new(&format!("{scheme}://{object}")))?;
    Some(address.map(|address| (address, inside)))
}

/// What a store's refusal to give an input means for the input.
pub(crate) fn failure(error: &StoreError) -> Failure {
    let cause = match error {
        StoreError::TooLarge { .. } => Cause::TooLarge,
        _ => Cause::Io,
    };
    Failure::from_line(cause, &error.to_string())
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self { again: error.passes(), ..failure(&error).into() }
    }
}

/// The bytes of the input at `place`, wherever it lies, if they are at most `limit`. What comes from a store passes through
/// the folder `area`.
///
/// # Errors
/// The system's, the store's, and those of archives.
pub fn load(stores: &Stores, place: &Path, area: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut origins = Origins::new(stores.clone(), Staging::aside(area.to_path_buf()), area.to_path_buf());
    let here = origins.bring(place, limit).map_err(|trouble| trouble.failure)?;
    pipeline::load(&here.file, limit)
}

/// An input whose bytes are here.
#[derive(Debug)]
pub(crate) struct Here {
    /// The file that holds them. A part of an archive of this machine has a path behind that of the archive.
    pub file: PathBuf,
    /// What was told of the input before its bytes were had.
    pub stamp: Option<Stamp>,
    /// The file is a passing one, removed with this.
    _passing: Option<Staged>,
}

/// Brings inputs here, one at a time, so that the disk holds no more of a store than what is being read.
#[derive(Debug)]
pub(crate) struct Origins {
    stores: Stores,
    staging: Staging,
    area: PathBuf,
    /// The archive whose parts were last asked for: they come one after the other.
    archive: Option<(Object, Staged)>,
}

impl Origins {
    /// Passing files lie in the folder `area`, where `staging` puts them.
    pub fn new(stores: Stores, staging: Staging, area: PathBuf) -> Self {
        Self { stores, staging, area, archive: None }
    }

    /// The stores.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }

    /// Brings the input at `place` here, unless it holds more than `limit` bytes.
    ///
    /// # Errors
    /// The store's, and those of archives; files of this machine are not looked into.
    pub fn bring(&mut self, place: &Path, limit: u64) -> Result<Here, Trouble> {
        let (address, inside) = match object_at(place) {
            None => return Ok(Here { file: place.into(), stamp: Stamp::of(place), _passing: None }),
            Some(object) => object?,
        };
        let Some(inside) = inside else {
            self.archive = None;
            let (object, passing) = self.fetch(&address, limit)?;
            return Ok(Here::passing(&object, passing));
        };
        let (object, archive) = match self.archive.take() {
            Some((object, archive)) if object.address == address => (object, archive),
            _ => self.fetch(&address, limit)?,
        };
        let part = load_part(&address.to_string(), archive.path(), &inside, limit);
        let here = part.and_then(|bytes| {
            let passing = self.begin().map_err(|e| disk(&e))?;
            fs::write(passing.path(), bytes).map_err(|e| disk(&e))?;
            Ok(Here::passing(&object, passing))
        });
        self.archive = Some((object, archive));
        Ok(here?)
    }

    fn fetch(&self, address: &Address, limit: u64) -> Result<(Object, Staged), Trouble> {
        let passing = self.begin().map_err(StoreError::Disk)?;
        let object = self.stores.fetch(address, limit, passing.path())?;
        Ok((object, passing))
    }

    fn begin(&self) -> std::io::Result<Staged> {
        self.staging.begin(&self.area.join("input"))
    }
}

impl Here {
    fn passing(object: &Object, passing: Staged) -> Self {
        let stamp = Some(Stamp::of_object(object));
        Self { file: passing.path().to_path_buf(), stamp, _passing: Some(passing) }
    }
}

fn disk(error: &std::io::Error) -> Failure {
    Failure::writing(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_archives_in_stores_are_told_from_keys() {
        let place = place_inside(Path::new("s3://b/m.zip"), "a/b.docx");
        let (address, inside) = object_at(&place).unwrap().unwrap();
        assert_eq!((address.to_string().as_str(), inside.as_deref()), ("s3://b/m.zip", Some("a/b.docx")));
        let (address, inside) = object_at(Path::new("s3://b/m.zip/a.docx")).unwrap().unwrap();
        assert_eq!((address.key(), inside), ("m.zip/a.docx", None));
        assert!(object_at(Path::new("s3://b/x//y.pdf")).unwrap().is_err());
        assert!(object_at(Path::new("m.zip/a.docx")).is_none());
        assert_eq!(place_inside(Path::new("m.zip"), "a"), Path::new("m.zip/a"));
    }
}
