use std::path::{Path, PathBuf};

/// Why a measurement did not come about. Each is told in one line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program could not be started.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program ended in failure.
    #[error("{program} failed: {said}")]
    Failed {
        /// The program, with what it was to do.
        program: String,
        /// Its last words.
        said: String,
    },
    /// A file of results is not in its form.
    #[error("{} is no file of results: {what}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// What was asked for does not exist.
    #[error("{0}")]
    Missing(String),
    /// A stage could not do its work on an input of ours.
    #[error("{0}")]
    Stage(String),
}

impl Error {
    /// For `map_err` on what the system says about `path`.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io { path, source }
    }

    /// What a stage says.
    pub fn stage(error: impl std::fmt::Display) -> Error {
        Error::Stage(error.to_string())
    }
}

/// What a measurement gives, or why there is none.
pub type Result<T> = std::result::Result<T, Error>;
