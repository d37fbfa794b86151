//! XML out of texts that may hold anything.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes elements one after the other, indented; closes what is open by its name.
pub(crate) struct Xml<W: Write> {
    to: Writer<W>,
    open: Vec<&'static str>,
}

impl<W: Write> Xml<W> {
    /// Begins with the XML declaration.
    pub(crate) fn begin(to: W) -> io::Result<Self> {
        let mut to = Writer::new_with_indent(to, b' ', 1);
        to.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { to, open: Vec::new() })
    }

    /// Writes what is not an element as it stands.
    pub(crate) fn plain(&mut self, event: Event<'_>) -> io::Result<()> {
        self.to.write_event(event)
    }

    pub(crate) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.open.push(name);
        self.to.write_event(Event::Start(element(name, attributes)))
    }

    pub(crate) fn close(&mut self) -> io::Result<()> {
        match self.open.pop() {
            Some(name) => self.to.write_event(Event::End(BytesEnd::new(name))),
            None => Ok(()),
        }
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.to.write_event(Event::Empty(element(name, attributes)))
    }

    /// An element that holds text.
    pub(crate) fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        self.to.write_event(Event::Text(BytesText::new(&clean(text))))?;
        self.close()
    }

    /// Closes all that is open and ends the last line.
    pub(crate) fn end(mut self) -> io::Result<()> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.to.into_inner().write_all(b"\n")
    }
}

fn element<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, clean(value).as_ref()));
    }
    start
}

/// `text` without the characters that XML 1.0 has no place for; what was read may hold any.
fn clean(text: &str) -> Cow<'_, str> {
    let barred =
        |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(barred) { Cow::Owned(text.replace(barred, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_read_stays_text() {
        let mut out = Vec::new();
        let mut xml = Xml::begin(&mut out).unwrap();
        xml.open("a", &[("b", "\"<\u{1}&")]).unwrap();
        xml.leaf("c", &[], "<d>\u{b}&amp;").unwrap();
        xml.end().unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&quot;&lt;&amp;\">\n <c>&lt;d&gt;&amp;amp;</c>\n</a>\n"
        );
    }
}
