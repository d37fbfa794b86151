//! What the installation holds and what it lacks.

use crate::ocr::{INSTALL_LIBRARY, search_path, version};
use crate::options::Options;

/// A part of the installation that reading depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// What it is.
    pub name: String,
    /// Whether it is there.
    pub found: bool,
    /// Its version or where it lies; where it was looked for, if it is missing.
    pub detail: String,
    /// Whether reading scans fails without it; else it only reads better with it.
    pub required: bool,
    /// The command that installs it on Debian and Ubuntu.
    pub remedy: String,
}

/// The components that OCR needs: the library, and one of the models of `options`.
pub fn components(options: &Options) -> Vec<Component> {
    let library = version();
    let mut list = vec![Component {
        name: "Tesseract library".into(),
        found: library.is_ok(),
        detail: library.unwrap_or_else(|e| e),
        required: true,
        remedy: INSTALL_LIBRARY.into(),
    }];
    let folders = search_path(options);
    let find = |model: &str| {
        folders.iter().find_map(|folder| {
            [model.to_owned(), format!("script/{model}")]
                .into_iter()
                .map(|name| folder.join(format!("{name}.traineddata")))
                .find(|file| file.is_file())
        })
    };
    let any = options.ocr_models.iter().any(|m| find(m).is_some());
    for model in &options.ocr_models {
        let file = find(model);
        let package = match model.as_str() {
            "Vietnamese" => "tesseract-ocr-script-viet".to_owned(),
            other => format!("tesseract-ocr-{other}"),
        };
        list.push(Component {
            name: format!("OCR model {model}"),
            found: file.is_some(),
            detail: file.map_or_else(
                || folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", "),
                |f| f.display().to_string(),
            ),
            required: !any,
            remedy: format!("apt-get install {package}"),
        });
    }
    list
}

/// Whether the process lacks `OMP_THREAD_LIMIT=1`, without which OCR wastes most of its processor time. Setting the
/// variable is too late once the Tesseract library is loaded.
pub fn needs_single_thread_env() -> bool {
    std::env::var_os("OMP_THREAD_LIMIT").is_none_or(|limit| limit != "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_model_is_reported_with_its_package() {
        let empty = tempfile::tempdir().unwrap();
        let options = Options { tessdata: Some(empty.path().into()), ..Options::default() };
        let list = components(&options);
        let vie = list.iter().find(|c| c.name == "OCR model vie").unwrap();
        assert!(!vie.found && vie.required);
        assert_eq!(vie.remedy, "apt-get install tesseract-ocr-vie");
        assert!(list[0].detail.starts_with(char::is_numeric));
    }
}
