//! Inputs that lie in stores.

use crate::files;
use crate::ledger::Stamp;
use crate::origins::failure;
use crate::plan::{Kind, Walk, by_extension, in_part};
use pipeline::{Failure, is_archive};
use std::path::Path;
use store::{Address, ListError, Listed, Object, StoreError};
use vanthu_model::Cause;

impl<E> Walk<'_, E> {
    /// Takes the object at an address, and those below it in the order of their keys, byte for byte. An address that cannot
    /// be listed is a failed input, told as unseen.
    pub(crate) fn store(&mut self, at: &Address) -> Result<(), E> {
        let stores = self.origins.stores().clone();
        let is_bucket = at.key().is_empty();
        let object = match is_bucket {
            true => Err(StoreError::Missing),
            false => stores.look(at),
        };
        let is_object = match object {
            Ok(object) => {
                self.object(&object, at.name(), Kind::Read)?;
                true
            }
            // It may be what other keys begin with; and who may list need not be allowed to look.
            Err(StoreError::Missing | StoreError::NoRights { .. }) => false,
            Err(e) => return self.refused(at, &e),
        };
        // An empty bucket is as good as an empty folder.
        let mut any = is_bucket || is_object;
        let listed = stores.list(at, &mut |listed: Listed| {
            any = true;
            match listed {
                Listed::Object(object) => self.listed(at, &object),
                // What stands for a folder where there are none.
                Listed::Odd { key, size: 0 } if key.ends_with('/') => Ok(()),
                Listed::Odd { key, .. } => self.odd(at, &key),
            }
        });
        match listed {
            Ok(()) if any => Ok(()),
            Ok(()) => self.refused(at, &StoreError::Missing),
            // Who may fetch an object need not be allowed to list.
            Err(ListError::Store(StoreError::NoRights { .. })) if is_object => Ok(()),
            Err(ListError::Store(e)) => self.refused(at, &e),
            Err(ListError::Taker(e)) => Err(e),
        }
    }

    fn refused(&mut self, at: &Address, error: &StoreError) -> Result<(), E> {
        self.push(at.to_path(), at.name().into(), Kind::Unseen(failure(error)), None)
    }

    fn listed(&mut self, below: &Address, object: &Object) -> Result<(), E> {
        let at = &object.address;
        let Some(name) = below.below(at) else { return Ok(()) };
        let is_own = name.split('/').any(|part| part.starts_with(files::AREA));
        // An output that holds the inputs does not hide them, as a folder does not.
        let inner = self.copy.filter(|copy| below.below(copy).is_some_and(|name| !name.is_empty()));
        if is_own || inner.is_some_and(|copy| copy.below(at).is_some()) {
            return Ok(());
        }
        self.object(object, name, by_extension(Path::new(name)))
    }

    /// Takes an object. Which part of the inputs it belongs to is told by its ETag: to know its content, every machine would
    /// have to fetch all of them.
    fn object(&mut self, object: &Object, name: &str, kind: Kind) -> Result<(), E> {
        let (path, stamp) = (object.address.to_path(), Stamp::of_object(object));
        let elsewhere = self.shard.filter(|(part, parts)| stamp.part_of(*parts) != *part);
        match (kind, elsewhere) {
            // Its parts are told where they are read.
            (Kind::Read, Some(_)) if is_archive(name) => Ok(()),
            (Kind::Read, Some((_, parts))) => {
                self.push(path, name.into(), Kind::Skip(in_part(stamp.part_of(parts), parts)), Some(stamp))
            }
            (Kind::Read, None) => self.read(path, name.into(), Some(stamp)),
            (kind, _) => self.push(path, name.into(), kind, Some(stamp)),
        }
    }

    /// Takes an object that cannot be asked for.
    fn odd(&mut self, below: &Address, key: &str) -> Result<(), E> {
        let shown = format!("{}://{}/{key}", below.scheme().name(), below.bucket());
        let name = key.strip_prefix(below.key()).unwrap_or(key).to_string();
        let failure = Failure::new(Cause::Unsupported, store::ODD_KEY, "copy it to another key");
        self.push(shown.into(), name, Kind::Fail(failure), None)
    }
}
