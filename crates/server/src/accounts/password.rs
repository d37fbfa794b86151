//! Passwords: argon2id with the parameters that OWASP names (19 MiB, two passes, one lane), a salt of its own for each.

use super::AccountError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;

/// Shortest password, in characters.
pub const SHORTEST: usize = 10;
/// Longest one, in bytes: hashing is to cost what it costs and no more.
pub const LONGEST: usize = 256;

/// What is kept of a password.
///
/// # Errors
/// [`AccountError::Password`] for one that is too short or too long.
pub fn hashed(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(AccountError::Password);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|h| h.to_string()).map_err(|_| AccountError::Hashing)
}

/// Whether `password` is the one of which `kept` was kept. Without that it takes as long and is false, so that
/// names cannot be told by time.
pub fn is_it(password: &str, kept: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > LONGEST {
        return false;
    }
    let nobody = || NOBODY.get_or_init(|| hashed("a password that nobody has").unwrap_or_default()).as_str();
    let Ok(hash) = PasswordHash::new(kept.unwrap_or_else(nobody)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let kept = hashed("mười chữ trở lên").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_it("mười chữ trở lên", Some(&kept)));
        assert!(!is_it("mười chữ trở lện", Some(&kept)));
        assert!(!is_it("a password that nobody has", None));
        assert_ne!(kept, hashed("mười chữ trở lên").unwrap(), "each has its salt");
        assert!(matches!(hashed("ngắn"), Err(AccountError::Password)));
        assert!(matches!(hashed(&"x".repeat(LONGEST + 1)), Err(AccountError::Password)));
    }
}
