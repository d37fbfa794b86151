//! The models that come with the program.

use crate::lm::ModelError;
use crate::restorer::{Restorer, Tables};
use std::borrow::Cow;
use std::path::Path;

static LANGUAGE_MODEL: &[u8] = include_bytes!("../../../dictionaries/restorer.lm");
static TABLES: Tables<'static> = Tables {
    syllables: include_str!("../../../dictionaries/syllables.txt"),
    symbol_endings: include_str!("../../../dictionaries/symbol_endings.tsv"),
    document_types: include_str!("../../../dictionaries/document_types.tsv"),
    slashed: include_str!("../../../dictionaries/slashed_abbreviations.tsv"),
    places: include_str!("../../../dictionaries/admin_units.tsv"),
    english: include_str!("../../../dictionaries/channel_english.tsv"),
    vietnamese: include_str!("../../../dictionaries/channel_vietnamese.tsv"),
    calibration: include_str!("../../../dictionaries/calibration.tsv"),
};

impl Restorer {
    /// With the models inside the program. They are mapped with it, so this reads only what it indexes.
    pub fn bundled() -> Result<Self, ModelError> {
        Self::new(Cow::Borrowed(LANGUAGE_MODEL), "restorer.lm", TABLES)
    }

    /// With another language model, from a file made by `train lm`.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let name = path.display().to_string();
        let data = std::fs::read(path).map_err(|source| ModelError::Io { name: name.clone(), source })?;
        Self::new(Cow::Owned(data), &name, TABLES)
    }
}
