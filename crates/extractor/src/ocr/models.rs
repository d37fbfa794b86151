//! Where the language data are.

use crate::error::ExtractError;
use crate::options::Options;
use std::path::PathBuf;

/// An installed model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Model {
    /// Folder of language data.
    pub folder: PathBuf,
    /// Name to open it by, such as `vie` or `script/Vietnamese`.
    pub name: String,
}

/// Folders where distributions and people put language data, beside what the options and the environment name.
const USUAL: [&str; 6] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tesseract-ocr/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
];

/// The command that installs the data on Debian and Ubuntu.
pub(crate) const INSTALL: &str =
    "install it with: apt-get install tesseract-ocr-vie tesseract-ocr-script-viet";

/// The folders that are searched, in order: only the one the options name, if they do.
pub(crate) fn search_path(options: &Options) -> Vec<PathBuf> {
    if let Some(folder) = &options.tessdata {
        return vec![folder.clone()];
    }
    let from_environment = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    let inner = from_environment.as_ref().map(|f| f.join("tessdata"));
    from_environment.into_iter().chain(inner).chain(USUAL.iter().map(PathBuf::from)).collect()
}

/// At most this many models read: a second opinion helps, a third costs more than it finds.
const MAX_MODELS: usize = 2;

/// The models of the options' list that are installed, the preferred first; never none.
pub(crate) fn find_models(options: &Options) -> Result<Vec<Model>, ExtractError> {
    let folders = search_path(options);
    let mut found = Vec::new();
    for wanted in &options.ocr_models {
        let places = folders.iter().flat_map(|f| [(f, wanted.clone()), (f, format!("script/{wanted}"))]);
        let place = places.into_iter().find(|(f, name)| f.join(format!("{name}.traineddata")).is_file());
        found.extend(place.map(|(folder, name)| Model { folder: folder.clone(), name }));
    }
    found.truncate(MAX_MODELS);
    if !found.is_empty() {
        return Ok(found);
    }
    let wanted =
        options.ocr_models.iter().map(|m| format!("{m}.traineddata")).collect::<Vec<_>>().join(" or ");
    let looked = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
    Err(ExtractError::missing(
        format!("the page must be read by OCR and the language data {wanted} are not in {looked}"),
        INSTALL,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Cause;

    #[test]
    fn missing_data_name_the_package() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options { tessdata: Some(folder.path().into()), ..Options::default() };
        let e = find_models(&options).unwrap_err();
        assert_eq!(e.cause(), Cause::MissingComponent);
        assert!(e.remedy().contains("tesseract-ocr-vie"));
        std::fs::create_dir(folder.path().join("script")).unwrap();
        std::fs::write(folder.path().join("vie.traineddata"), "").unwrap();
        assert_eq!(find_models(&options).unwrap()[0].name, "vie");
        std::fs::write(folder.path().join("script/Vietnamese.traineddata"), "").unwrap();
        assert_eq!(find_models(&options).unwrap()[0].name, "script/Vietnamese");
        options.ocr_models = vec!["vie".into()];
        assert_eq!(find_models(&options).unwrap()[0].name, "vie");
    }
}
