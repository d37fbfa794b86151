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

/// The first model of the options' list that is installed.
pub(crate) fn find_model(options: &Options) -> Result<Model, ExtractError> {
    let folders = search_path(options);
    for wanted in &options.ocr_models {
        for folder in &folders {
            for name in [wanted.clone(), format!("script/{wanted}")] {
                if folder.join(format!("{name}.traineddata")).is_file() {
                    return Ok(Model { folder: folder.clone(), name });
                }
            }
        }
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
        let e = find_model(&options).unwrap_err();
        assert_eq!(e.cause(), Cause::MissingComponent);
        assert!(e.remedy().contains("tesseract-ocr-vie"));
        std::fs::create_dir(folder.path().join("script")).unwrap();
        std::fs::write(folder.path().join("vie.traineddata"), "").unwrap();
        assert_eq!(find_model(&options).unwrap().name, "vie");
        std::fs::write(folder.path().join("script/Vietnamese.traineddata"), "").unwrap();
        assert_eq!(find_model(&options).unwrap().name, "script/Vietnamese");
        options.ocr_models = vec!["vie".into()];
        assert_eq!(find_model(&options).unwrap().name, "vie");
    }
}
