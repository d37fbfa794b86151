use object_store::Error;
use object_store::client::HttpError;
use std::error::Error as StdError;
use std::io;

/// Why a store does not do what it was asked for. Prints as one line, "what is wrong; what to do", without a secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The text is no address.
    #[error("{address} is no address of a store ({reason}); give one such as s3://BUCKET/KEY")]
    Address {
        /// What was given.
        address: String,
        /// Why it is none.
        reason: String,
    },
    /// The store does not let us.
    #[error(
        "the store refuses access ({code}); check the credentials in the environment and what they may do"
    )]
    NoRights {
        /// Status and code of the answer.
        code: String,
    },
    /// There is nobody to be for the store.
    #[error("no credentials for the store are in the environment; set them, see the README")]
    NoCredentials,
    /// There is no such object, or no such bucket.
    #[error("nothing is there; check bucket and key, it may have been deleted meanwhile")]
    Missing,
    /// Others write the object while it is read, again and again.
    #[error("the object changes while it is read; run again when nobody writes it")]
    Changed,
    /// The store does not answer, or says that it cannot just now.
    #[error("the store cannot be reached ({reason}); check network and endpoint, and run again")]
    Unreachable {
        /// What the network or the store says.
        reason: String,
    },
    /// The store does not take the request.
    #[error("the store refuses the request ({reason}); check bucket, region and endpoint")]
    Refused {
        /// What it says.
        reason: String,
    },
    /// The object is larger than asked for.
    #[error(
        "the file holds {bytes} bytes, more than the limit of {limit}; split it, or raise the limit max_file_bytes"
    )]
    TooLarge {
        /// Its bytes.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file of this machine cannot be read or written.
    #[error("a passing file cannot be used ({}); check the disk, free some space and run again", reason(.0))]
    Disk(#[source] io::Error),
    /// The environment does not tell how to reach the store.
    #[error("the store cannot be used ({reason}); check the variables in the environment")]
    Setup {
        /// What is wrong with it.
        reason: String,
    },
}

impl StoreError {
    /// Whether the same may succeed a little later.
    pub fn passes(&self) -> bool {
        matches!(self, StoreError::Unreachable { .. } | StoreError::Changed)
    }

    /// What an answer of the library means.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::NotFound { .. } => return StoreError::Missing,
            Error::Precondition { .. } | Error::NotModified { .. } => return StoreError::Changed,
            _ => {}
        }
        let texts: Vec<String> = chain(error).map(ToString::to_string).collect();
        if texts.iter().any(|t| METADATA.iter().any(|m| t.contains(m))) {
            return StoreError::NoCredentials;
        }
        if let Some((status, code)) = texts.iter().find_map(|t| answer(t)) {
            let said = if code.is_empty() { status.to_string() } else { format!("{status} {code}") };
            return match (status, code.as_str()) {
                // The bucket itself.
                (404, _) => StoreError::Missing,
                (401 | 403, _) | (_, "ExpiredToken" | "InvalidToken") => StoreError::NoRights { code: said },
                (408 | 429 | 500.., _) => StoreError::Unreachable { reason: said },
                _ => StoreError::Refused { reason: said },
            };
        }
        let innermost = texts.last().map(|t| short(t).to_lowercase()).unwrap_or_default();
        match chain(error).any(|e| e.is::<HttpError>() || e.is::<io::Error>()) {
            true => StoreError::Unreachable { reason: innermost },
            false => StoreError::Refused { reason: innermost },
        }
    }

    /// What is wrong with the environment.
    pub(crate) fn setup(error: &(dyn StdError + 'static)) -> Self {
        let innermost = chain(error).last().map(|e| short(&e.to_string())).unwrap_or_default();
        StoreError::Setup { reason: innermost }
    }

    /// Whether the store says that the range lies outside of the object.
    pub(crate) fn is_outside(&self) -> bool {
        matches!(self, StoreError::Refused { reason } if reason.starts_with("416"))
    }
}

/// Where machines of a cloud ask for their credentials: a request that ends there was made for want of others.
const METADATA: [&str; 2] = ["169.254.169.254", "metadata.google.internal"];

/// Longest reason that is passed on, in characters.
const LONGEST: usize = 200;

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&e| e.source())
}

/// Status and code of the answer that an error tells of. The rest of the answer is left out: it may hold what was signed,
/// or with which key.
fn answer(text: &str) -> Option<(u16, String)> {
    let behind = ["non-2xx status code: ", "error response: "].iter().find_map(|p| text.split_once(p))?.1;
    let status = behind.get(..3).and_then(|s| s.parse().ok()).unwrap_or(500);
    let code = behind.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = code.map(|(code, _)| code).filter(|c| c.chars().all(|c| c.is_ascii_alphanumeric()));
    Some((status, code.unwrap_or("").to_string()))
}

/// A reason in one line: without the number of a system's error, without values that are secret.
fn short(text: &str) -> String {
    let cut = text.find(" (os error").unwrap_or(text.len());
    let mut text = text.get(..cut).unwrap_or(text).to_string();
    for (name, value) in crate::stores::variables() {
        if crate::has_secrets(&name) && value.len() > 3 {
            text = text.replace(&value, "***");
        }
    }
    // A semicolon parts what is wrong from what to do.
    text.chars().map(|c| if c.is_control() || c == ';' { ' ' } else { c }).take(LONGEST).collect()
}

fn reason(error: &io::Error) -> String {
    short(&error.to_string()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(text: &str) -> Error {
        Error::Generic { store: "S3", source: text.to_string().into() }
    }

    #[test]
    fn answers_are_told_by_status_and_code_and_nothing_else() {
        let text = "Server returned non-2xx status code: 403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code>\
            <AWSAccessKeyId>AKIA123</AWSAccessKeyId></Error>";
        let said = StoreError::of(&generic(text)).to_string();
        assert!(said.contains("403 SignatureDoesNotMatch") && !said.contains("AKIA123"), "{said}");
        let busy = "Server returned non-2xx status code: 503 Service Unavailable: ";
        assert!(StoreError::of(&generic(busy)).passes());
        let odd = "Server returned non-2xx status code: 400 Bad Request: <Code>Authorization&lt;</Code>";
        assert_eq!(
            StoreError::of(&generic(odd)).to_string(),
            "the store refuses the request (400); check bucket, region and endpoint"
        );
    }

    #[test]
    fn want_of_credentials_is_told_as_such() {
        let text = "Error performing PUT http://169.254.169.254/latest/api/token in 1s";
        assert!(matches!(StoreError::of(&generic(text)), StoreError::NoCredentials));
    }
}
