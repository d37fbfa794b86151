//! Who asks, in what language, and what they may do: what pages know of their reader.

use super::App;
use super::callers::{Caller, of_extensions};
use super::texts::{Language, Texts};
use crate::accounts::Role;
use crate::store::Entry;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;
use std::sync::Arc;

/// Longest name of a reviewer, in characters.
const LONGEST: usize = 60;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// What is said to them.
    pub t: &'static Texts,
    /// The name under which they review: that of their account, or else the one that they gave; empty until then.
    pub name: String,
    /// What their pages send back.
    pub pledge: String,
    /// As the server knows them.
    pub caller: Caller,
}

impl Reader {
    /// The name that stands in events.
    pub fn who(&self) -> String {
        if self.name.is_empty() { "reviewer".to_owned() } else { self.name.clone() }
    }

    /// Whether the name is that of an account.
    pub fn has_account(&self) -> bool {
        self.caller.has_account()
    }

    /// Whether they may upload files and see the audit log.
    pub fn is_admin(&self) -> bool {
        self.caller.role == Role::Admin
    }

    /// The name of their role.
    pub fn role(&self) -> &'static str {
        self.caller.role.name()
    }

    /// A line of the audit log about them.
    pub fn entry(&self, what: &'static str, outcome: &'static str) -> Entry {
        let client = self.caller.client.clone();
        Entry { who: self.who(), client, what, outcome, document: None, detail: String::new() }
    }
}

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let language = cookie(headers, "lang").and_then(|l| Language::of(&l)).unwrap_or_else(|| {
            let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
            Language::accepted(accepted.unwrap_or(""))
        });
        let caller = of_extensions(&parts.extensions);
        let name = if caller.has_account() {
            caller.name.clone()
        } else {
            let name = cookie(headers, "reviewer").map(|n| decoded(&n)).unwrap_or_default();
            let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            name.trim().to_owned()
        };
        Ok(Self { t: language.texts(), name, pledge: caller.pledge(app), caller })
    }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// Percent-decoded; what is no UTF-8 is left out.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (first, code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use export::percent_encoded;

    #[test]
    fn names_come_through_cookies() {
        assert_eq!(decoded(&percent_encoded("Nguyễn Văn A; =%".as_bytes())), "Nguyễn Văn A; =%");
        assert_eq!(decoded("100%"), "100%");
    }
}
