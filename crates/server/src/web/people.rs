//! Who asks, and in what language.

use super::texts::{Language, Texts};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;

/// Longest name of a reviewer, in characters.
const LONGEST: usize = 60;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// What is said to them.
    pub t: &'static Texts,
    /// The name under which they review; empty until they give one.
    pub name: String,
}

impl Reader {
    /// The name that stands in events.
    pub fn who(&self) -> String {
        if self.name.is_empty() { "reviewer".to_owned() } else { self.name.clone() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let language = cookie(headers, "lang").and_then(|l| Language::of(&l)).unwrap_or_else(|| {
            let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
            Language::accepted(accepted.unwrap_or(""))
        });
        let name = cookie(headers, "reviewer").map(|n| decoded(&n)).unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        Ok(Self { t: language.texts(), name: name.trim().to_owned() })
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
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
