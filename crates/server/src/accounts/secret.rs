//! What only one side knows: random, and kept by the server as a digest alone.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How a bearer token begins, so that scanners for leaked secrets find it.
const TOKEN: &str = "vanthu_";

/// The system gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// A random secret of 256 bits, as it is handed out: 64 hexadecimal digits. It is never shown by `Debug`.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(hex(&bytes)))
    }

    /// One that a client showed; none for what cannot be one.
    pub fn shown(text: &str) -> Option<Self> {
        let digits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        digits.then(|| Self(text.to_owned()))
    }

    /// One that a program showed as its token.
    pub fn of_token(text: &str) -> Option<Self> {
        Self::shown(text.strip_prefix(TOKEN)?)
    }

    /// As it is handed out.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// As it is handed out to a program.
    pub fn token(&self) -> String {
        format!("{TOKEN}{}", self.0)
    }

    /// What the server keeps of it. A plain digest is enough: nobody guesses 256 random bits.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// What pages that were given to the holder of this secret send back, to show that they were: it can be had from the
    /// secret and does not tell it.
    pub fn pledge(&self) -> String {
        hex(&Sha256::new_with_prefix("pledge ").chain_update(self.0.as_bytes()).finalize())
    }
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (a, b)| d | (a ^ b)) == 0
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, b| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{b:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_back_as_they_were_handed_out() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one.text(), other.text());
        assert_eq!(Secret::shown(one.text()).unwrap().digest(), one.digest());
        assert_eq!(Secret::of_token(&one.token()).unwrap().digest(), one.digest());
        assert!(Secret::of_token(one.text()).is_none());
        assert!(Secret::shown("zz").is_none());
        assert_ne!(one.pledge(), other.pledge());
        assert!(
            same(&one.pledge(), &one.pledge()) && !same(&one.pledge(), &other.pledge()) && !same("", "a")
        );
        assert!(!format!("{one:?}").contains(one.text()));
    }
}
