//! XML as a sequence of events, with names without their prefixes and text with its references resolved.

use crate::error::ExtractError;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Elements nested deeper than this are no document.
const MAX_DEPTH: usize = 1_024;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Xml {
    Start(Element),
    /// The name of the element that ends.
    End(String),
    Text(String),
}

/// The start of an element. Empty elements have a start and an end like all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Without its prefix, as are the attributes.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value of the attribute `val`, which Word uses most.
    pub(crate) fn val(&self) -> Option<&str> {
        self.get("val")
    }

    /// Whether a switch is on: there and not said to be off.
    pub(crate) fn is_on(&self) -> bool {
        !matches!(self.val(), Some("0" | "false" | "off" | "none"))
    }

    fn of(start: &BytesStart<'_>) -> Self {
        let name = start.local_name().as_ref().to_owned();
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok).map(|a| {
            let value = unescape(&a.value).map_or_else(|_| a.value.to_string(), |v| v.into_owned());
            (a.key.local_name().as_ref().to_owned(), value)
        });
        Self { name, attributes: attributes.collect() }
    }
}

/// Hands the events of an XML text to `take`.
///
/// # Errors
/// `damaged` where the text is not well formed or ends in the middle, and what `take` gives.
pub(crate) fn walk(
    text: &str,
    take: &mut dyn FnMut(Xml) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let broken = || ExtractError::damaged("the XML inside the file is broken or cut off");
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ExtractError::damaged(format!(
                        "the XML inside the file nests more than {MAX_DEPTH} elements"
                    )));
                }
                take(Xml::Start(Element::of(&start)))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                take(Xml::End(end.local_name().as_ref().to_owned()))?;
            }
            Event::Text(text) => take(Xml::Text(text.xml10_content().into_owned()))?,
            Event::CData(text) => take(Xml::Text(text.xml10_content().into_owned()))?,
            // Entities that a document declares itself are left out: they are how XML bombs are built.
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let text = match name.as_ref() {
                    "amp" => "&".to_owned(),
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    _ => reference.resolve_char_ref().ok().flatten().map(String::from).unwrap_or_default(),
                };
                take(Xml::Text(text))?;
            }
            Event::Eof if depth > 0 => return Err(broken()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<Vec<String>, ExtractError> {
        let mut all = Vec::new();
        walk(text, &mut |e| {
            all.push(match e {
                Xml::Start(e) => format!("<{} {}", e.name, e.val().unwrap_or("-")),
                Xml::End(name) => format!("/{name}"),
                Xml::Text(text) => text,
            });
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn names_lose_prefixes_and_references_are_resolved() {
        let all = events("<w:t w:val='a&amp;b'>1 &lt;&#x1EBF;&own;</w:t>").unwrap();
        assert_eq!(all, ["<t a&b", "1 ", "<", "ế", "", "/t"]);
    }

    #[test]
    fn broken_and_endless_xml_is_damaged() {
        for text in ["<a><b></a>", "<a>", "<a", &"<a>".repeat(5000)] {
            assert!(events(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }
}
