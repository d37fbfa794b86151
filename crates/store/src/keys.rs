//! Keys in listings as the library can read them.
//!
//! It refuses a page of a listing for one key with an empty part, and strips slashes at the ends of keys, so that they
//! name other objects. Such keys are replaced, on their way to it, by names that it takes as they are.

use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::path::Path;
use quick_xml::escape::unescape;

/// Stands before the bytes of a replaced key, in hexadecimal digits.
const REPLACED: &str = "vanthu-key-";

/// Whether a request can name an object of this key.
pub(crate) fn can_be_asked_for(key: &str) -> bool {
    Path::parse(key).is_ok_and(|path| path.as_ref() == key)
}

/// The key that `location`, of a listing, stands for; none where it stands for itself.
pub(crate) fn replaced(location: &str) -> Option<String> {
    let digits = location.strip_prefix(REPLACED)?;
    let byte = |i| u8::from_str_radix(digits.get(i..i + 2)?, 16).ok();
    String::from_utf8((0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?).ok()
}

/// An answer with the keys replaced that the library cannot read; they stand in elements `tag`.
fn readable(answer: &str, tag: &str) -> String {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let mut out = String::with_capacity(answer.len());
    let mut rest = answer;
    while let Some((before, behind)) = rest.split_once(&open) {
        out.push_str(before);
        out.push_str(&open);
        let (written, after) = behind.split_once(&close).unwrap_or((behind, ""));
        match unescape(written) {
            Ok(key) if !can_be_asked_for(&key) || key.starts_with(REPLACED) => {
                out.push_str(REPLACED);
                out.extend(key.bytes().map(|byte| format!("{byte:02x}")));
            }
            _ => out.push_str(written),
        }
        rest = behind.get(written.len()..).unwrap_or(after);
    }
    out + rest
}

/// Connections whose listings are [readable].
#[derive(Debug)]
pub(crate) struct Listings {
    /// The element of a listing that holds a key.
    pub tag: &'static str,
}

impl HttpConnector for Listings {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Connection { client, tag: self.tag }))
    }
}

#[derive(Debug)]
struct Connection {
    client: HttpClient,
    tag: &'static str,
}

#[async_trait]
impl HttpService for Connection {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let asked = request.uri().query().unwrap_or_default();
        let lists = asked.split('&').any(|pair| pair == "list-type=2" || pair == "comp=list");
        let answer = self.client.execute(request).await?;
        if !lists || !answer.status().is_success() {
            return Ok(answer);
        }
        let (head, body) = answer.into_parts();
        let body = body.bytes().await?;
        let body = match std::str::from_utf8(&body) {
            Ok(text) => readable(text, self.tag).into(),
            // The library says what is wrong with it.
            Err(_) => body.into(),
        };
        Ok(HttpResponse::from_parts(head, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_would_be_mistaken_for_others_are_replaced_and_come_back() {
        let odd = ["/a.pdf", "a.pdf/", "a//b", "../a", "x/&amp;//", "vanthu-key-00", "a&#x7;b"];
        let plain = ["a.pdf", "năm 2026/a&amp;b.pdf", "%41 +#?.txt", "a/b"];
        let answer: String =
            odd.iter().chain(&plain).map(|k| format!("<Contents><Key>{k}</Key></Contents>")).collect();
        let answer = format!("<R><Name>/b/</Name>{answer}<N>x</N></R>");
        let read = readable(&answer, "Key");
        let keys: Vec<&str> =
            read.split("<Key>").skip(1).filter_map(|k| Some(k.split_once("</Key>")?.0)).collect();
        assert_eq!(keys.get(odd.len()..), Some(&plain[..]));
        for (key, odd) in keys.iter().zip(odd) {
            assert!(can_be_asked_for(key), "{key}");
            assert_eq!(replaced(key).as_deref(), Some(&*unescape(odd).unwrap()));
        }
        assert!(plain.iter().all(|k| replaced(k).is_none()));
        assert!(read.starts_with("<R><Name>/b/</Name><Contents>") && read.ends_with("<N>x</N></R>"));
    }

    #[test]
    fn an_answer_that_is_cut_is_left_as_it_is() {
        for answer in ["<Key>a", "<Key>", "", "<Key>a</Key><Key", "<Key>a&b;</Key>"] {
            assert_eq!(readable(answer, "Key"), answer);
        }
    }
}
