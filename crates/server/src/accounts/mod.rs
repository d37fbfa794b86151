//! Who may see a batch and who may change it: `accounts.sqlite` beside the ledger.
//!
//! People log in with a password and get a session; programs show a token. Both are random secrets of which only digests
//! are kept. What is changed here by another program (`vanthu account`) holds from the next request on.

mod password;
mod secret;

pub(crate) use secret::hex;
pub use secret::{NoRandomness, Secret, same};

use crate::error::StoreError;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;
use std::fs::OpenOptions;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// Version of the tables.
const VERSION: i64 = 1;
/// How long another writer may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a session lasts, in hours.
pub const SESSION_HOURS: u32 = 12;
/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// Longest time that a token may hold, in days.
const LONGEST_TOKEN: u32 = 3650;

/// What someone may do; who may more may also do what others may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look.
    Reader,
    /// Correct.
    Reviewer,
    /// Upload files and see the audit log.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Reader, Role::Reviewer, Role::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Reviewer => "reviewer",
            Role::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Role::ALL.into_iter().find(|r| r.name() == text);
        found.ok_or_else(|| "give reader, reviewer or admin".to_owned())
    }
}

/// Someone who is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// An account or a token, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name.
    pub name: String,
    /// What its holder may do.
    pub role: Role,
    /// When it was made, UTC in ISO 8601.
    pub made: String,
    /// Of tokens: until when they hold.
    pub expires: Option<String>,
}

/// Why accounts cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name cannot be one.
    #[error("a name has 1 to 60 characters, none of them a control character; give another one")]
    Name,
    /// Someone has the name.
    #[error("there is an account or token of the name {0}; give another one")]
    Taken(String),
    /// Nobody has the name.
    #[error("there is no account of the name {0}; see `vanthu account list`")]
    Unknown(String),
    /// The password cannot be one.
    #[error("a password has at least 10 characters and at most 256 bytes; give another one")]
    Password,
    /// No hash can be made.
    #[error("the password cannot be hashed; free some memory and run again")]
    Hashing,
    /// A token would hold too long, or not at all.
    #[error("a token holds from 1 to 3650 days; give another number")]
    Days,
    /// The system's.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The file cannot be used.
    #[error("accounts.sqlite cannot be used ({0}); check the output folder and its disk")]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for AccountError {
    fn from(error: rusqlite::Error) -> Self {
        AccountError::Store(error.into())
    }
}

/// The file of accounts. Looking and writing go through connections of their own: nobody waits for a disk to look.
#[derive(Debug)]
pub struct Accounts {
    looker: Mutex<Connection>,
    writer: Mutex<Connection>,
}

impl Accounts {
    /// Opens the file at `path`; makes it, for its owner's eyes alone, when there is none.
    ///
    /// # Errors
    /// SQLite's, and [`StoreError::Version`] for a file of a later vanthu.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        drop(options.open(path)?);
        let connect = || -> Result<Connection, StoreError> {
            let mut db = Connection::open(path)?;
            db.busy_timeout(PATIENCE)?;
            // A change that looks first and writes then would fail at once where another program wrote in between.
            db.set_transaction_behavior(TransactionBehavior::Immediate);
            db.pragma_update(None, "foreign_keys", true)?;
            db.pragma_update(None, "synchronous", "full")?;
            Ok(db)
        };
        let db = connect()?;
        db.pragma_update(None, "journal_mode", "wal")?;
        match db.pragma_query_value(None, "user_version", |r| r.get(0))? {
            0 => {
                let tables = include_str!("schema.sql");
                db.execute_batch(&format!(
                    "BEGIN IMMEDIATE; {tables} PRAGMA user_version = {VERSION}; COMMIT;"
                ))?;
            }
            VERSION => {}
            other => return Err(StoreError::Version(other)),
        }
        Ok(Self { looker: Mutex::new(connect()?), writer: Mutex::new(db) })
    }

    fn looker(&self) -> MutexGuard<'_, Connection> {
        self.looker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is any account of a person.
    ///
    /// # Errors
    /// SQLite's.
    pub fn any(&self) -> Result<bool, StoreError> {
        let db = self.looker();
        Ok(db.prepare_cached("SELECT EXISTS (SELECT 1 FROM accounts)")?.query_row([], |r| r.get(0))?)
    }

    /// All accounts, then all tokens, by name.
    ///
    /// # Errors
    /// SQLite's.
    pub fn list(&self) -> Result<Vec<Account>, StoreError> {
        let db = self.looker();
        let mut query = db.prepare(
            "SELECT name, role, made, NULL AS expires, 0 AS program FROM accounts
             UNION ALL SELECT name, role, made, expires, 1 FROM tokens ORDER BY program, name",
        )?;
        let account = |r: &Row<'_>| {
            Ok(Account { name: r.get(0)?, role: role(r, 1)?, made: r.get(2)?, expires: r.get(3)? })
        };
        Ok(query.query_map([], account)?.collect::<Result<_, _>>()?)
    }

    /// Adds an account of a person.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn add(&self, name: &str, role: Role, password: &str) -> Result<(), AccountError> {
        let kept = password::hashed(password)?;
        let mut db = self.writer();
        let change = db.transaction()?;
        let name = free(&change, name)?;
        change.execute(
            "INSERT INTO accounts (name, role, password, made) VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ'))",
            params![name, role.name(), kept],
        )?;
        Ok(change.commit()?)
    }

    /// Gives an account another password, and ends its sessions.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn set_password(&self, name: &str, password: &str) -> Result<(), AccountError> {
        let kept = password::hashed(password)?;
        self.change(name, "UPDATE accounts SET password = ?2 WHERE name = ?1", &kept)
    }

    /// Gives an account another role, and ends its sessions.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn set_role(&self, name: &str, role: Role) -> Result<(), AccountError> {
        self.change(name, "UPDATE accounts SET role = ?2 WHERE name = ?1", role.name())
    }

    fn change(&self, name: &str, sql: &str, value: &str) -> Result<(), AccountError> {
        let name = written(name);
        let mut db = self.writer();
        let change = db.transaction()?;
        if change.execute(sql, [name.as_str(), value])? == 0 {
            return Err(AccountError::Unknown(name));
        }
        change.execute(
            "DELETE FROM sessions WHERE account IN (SELECT id FROM accounts WHERE name = ?1)",
            [name],
        )?;
        Ok(change.commit()?)
    }

    /// Removes an account with its sessions, or a token.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn remove(&self, name: &str) -> Result<(), AccountError> {
        let name = written(name);
        let db = self.writer();
        let gone = db.execute("DELETE FROM accounts WHERE name = ?1", [&name])?
            + db.execute("DELETE FROM tokens WHERE name = ?1", [&name])?;
        if gone == 0 { Err(AccountError::Unknown(name)) } else { Ok(()) }
    }

    /// Makes a token for a program, which holds for `days` days. It is told once.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn add_token(&self, name: &str, role: Role, days: u32) -> Result<String, AccountError> {
        if !(1..=LONGEST_TOKEN).contains(&days) {
            return Err(AccountError::Days);
        }
        let secret = Secret::new()?;
        let mut db = self.writer();
        let change = db.transaction()?;
        let name = free(&change, name)?;
        change.execute(
            "INSERT INTO tokens (secret, name, role, made, expires)
             VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ'), strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?4))",
            params![secret.digest(), name, role.name(), format!("+{days} days")],
        )?;
        change.commit()?;
        Ok(secret.token())
    }

    /// Begins a session for who knows the password; none for who does not. Takes the time and memory of a hash.
    ///
    /// # Errors
    /// As [`AccountError`].
    pub fn log_in(&self, name: &str, password: &str) -> Result<Option<(Secret, Known)>, AccountError> {
        let found: Option<(i64, String, Role, String)> = self
            .looker()
            .prepare_cached("SELECT id, name, role, password FROM accounts WHERE name = ?1")?
            .query_row([written(name)], |r| Ok((r.get(0)?, r.get(1)?, role(r, 2)?, r.get(3)?)))
            .optional()?;
        let kept = found.as_ref().map(|f| f.3.as_str());
        let (true, Some((id, name, role, _))) = (password::is_it(password, kept), found.as_ref()) else {
            return Ok(None);
        };
        let secret = Secret::new()?;
        let db = self.writer();
        db.execute("DELETE FROM sessions WHERE expires < strftime('%Y-%m-%dT%H:%M:%SZ')", [])?;
        db.execute(
            "INSERT INTO sessions (secret, account, expires) VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?3))",
            params![secret.digest(), id, format!("+{SESSION_HOURS} hours")],
        )?;
        Ok(Some((secret, Known { name: name.clone(), role: *role })))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// SQLite's.
    pub fn log_out(&self, secret: &Secret) -> Result<(), StoreError> {
        self.writer().execute("DELETE FROM sessions WHERE secret = ?1", [secret.digest()])?;
        Ok(())
    }

    /// Whose session it is, while it lasts.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_session(&self, secret: &Secret) -> Result<Option<Known>, StoreError> {
        self.known(
            "SELECT name, role FROM sessions JOIN accounts ON id = account
             WHERE secret = ?1 AND expires > strftime('%Y-%m-%dT%H:%M:%SZ')",
            secret,
        )
    }

    /// Whose token it is, while it holds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_token(&self, secret: &Secret) -> Result<Option<Known>, StoreError> {
        self.known(
            "SELECT name, role FROM tokens WHERE secret = ?1 AND expires > strftime('%Y-%m-%dT%H:%M:%SZ')",
            secret,
        )
    }

    fn known(&self, sql: &str, secret: &Secret) -> Result<Option<Known>, StoreError> {
        let db = self.looker();
        let known = |r: &Row<'_>| Ok(Known { name: r.get(0)?, role: role(r, 1)? });
        Ok(db.prepare_cached(sql)?.query_row([secret.digest()], known).optional()?)
    }
}

/// A role that stands in a row. One that is not known may do least.
fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let text: String = row.get(column)?;
    Ok(text.parse().unwrap_or(Role::Reader))
}

/// A name as it is kept: the same letters are the same characters.
fn written(name: &str) -> String {
    name.trim().nfc().collect()
}

/// A name that can be given and that nobody has.
fn free(db: &Connection, name: &str) -> Result<String, AccountError> {
    let name = written(name);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    let sql = "SELECT 1 FROM accounts WHERE name = ?1 UNION ALL SELECT 1 FROM tokens WHERE name = ?1";
    if db.prepare(sql)?.exists([&name])? {
        return Err(AccountError::Taken(name));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> (tempfile::TempDir, Accounts) {
        let folder = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(&folder.path().join("accounts.sqlite")).unwrap();
        (folder, accounts)
    }

    #[test]
    fn who_logs_in_is_known_until_they_log_out() {
        let (_folder, accounts) = accounts();
        assert!(!accounts.any().unwrap());
        accounts.add("Hà", Role::Reviewer, "mật khẩu của Hà").unwrap();
        assert!(accounts.any().unwrap());
        assert!(accounts.log_in("Hà", "mật khẩu của ai").unwrap().is_none());
        assert!(accounts.log_in("An", "mật khẩu của Hà").unwrap().is_none());
        // The name may come in another normal form.
        let (secret, known) = accounts.log_in("Ha\u{300}", "mật khẩu của Hà").unwrap().unwrap();
        assert_eq!((known.name.as_str(), known.role), ("Hà", Role::Reviewer));
        assert_eq!(accounts.by_session(&secret).unwrap(), Some(known));
        assert_eq!(accounts.by_token(&secret).unwrap(), None);
        accounts.log_out(&secret).unwrap();
        assert_eq!(accounts.by_session(&secret).unwrap(), None);
    }

    #[test]
    fn changes_of_an_account_end_its_sessions() {
        let (_folder, accounts) = accounts();
        accounts.add("An", Role::Admin, "0123456789").unwrap();
        let session = || accounts.log_in("An", "0123456789").unwrap().unwrap().0;
        let (one, other) = (session(), session());
        accounts.set_role("an", Role::Reader).unwrap();
        assert_eq!(accounts.by_session(&one).unwrap(), None);
        let third = session();
        accounts.set_password("An", "9876543210").unwrap();
        assert_eq!(accounts.by_session(&third).unwrap(), None);
        assert!(accounts.log_in("An", "0123456789").unwrap().is_none());
        let last = accounts.log_in("An", "9876543210").unwrap().unwrap().0;
        accounts.remove("An").unwrap();
        assert_eq!(accounts.by_session(&last).unwrap(), None);
        assert_eq!(accounts.by_session(&other).unwrap(), None);
        assert!(matches!(accounts.remove("An"), Err(AccountError::Unknown(_))));
    }

    #[test]
    fn tokens_hold_until_they_expire_or_are_removed() {
        let (_folder, accounts) = accounts();
        let token = accounts.add_token("máy quét", Role::Admin, 30).unwrap();
        let secret = Secret::of_token(&token).unwrap();
        assert_eq!(accounts.by_token(&secret).unwrap().unwrap().role, Role::Admin);
        assert!(matches!(accounts.add("máy quét", Role::Reader, "0123456789"), Err(AccountError::Taken(_))));
        assert!(matches!(accounts.add_token("x", Role::Reader, 0), Err(AccountError::Days)));
        accounts.writer().execute("UPDATE tokens SET expires = '2020-01-01T00:00:00Z'", []).unwrap();
        assert_eq!(accounts.by_token(&secret).unwrap(), None);
        assert!(accounts.list().unwrap()[0].expires.is_some());
        accounts.remove("máy quét").unwrap();
        assert!(accounts.list().unwrap().is_empty());
    }

    #[test]
    fn names_are_checked() {
        let (_folder, accounts) = accounts();
        for bad in ["", "  ", "a\nb", &"x".repeat(61)] {
            assert!(
                matches!(accounts.add(bad, Role::Reader, "0123456789"), Err(AccountError::Name)),
                "{bad:?}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, _accounts) = accounts();
        let mode = std::fs::metadata(folder.path().join("accounts.sqlite")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
