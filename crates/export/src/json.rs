use serde::Serialize;
use std::io::{self, BufRead, Write};
use vanthu_model::Document;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// One line.
    #[default]
    Compact,
    /// Indented, for people.
    Pretty,
}

/// Writes `value` as JSON and a line end.
///
/// # Errors
/// The writer's own.
pub fn write_json<T: Serialize + ?Sized>(mut to: impl Write, value: &T, layout: Layout) -> io::Result<()> {
    match layout {
        Layout::Compact => serde_json::to_writer(&mut to, value),
        Layout::Pretty => serde_json::to_writer_pretty(&mut to, value),
    }
    .map_err(io::Error::from)?;
    to.write_all(b"\n")
}

/// A document as JSON and a line end. Made here and not by who prints it: what writes each letter is compiled for speed here.
pub fn document_json(document: &Document, layout: Layout) -> Vec<u8> {
    let mut data = Vec::new();
    // A Vec takes all that is written, and a document has no keys that JSON lacks.
    let _ = write_json(&mut data, document, layout);
    data
}

/// Copies one JSON value as one line: white space outside strings goes, one line end is added.
///
/// The order of keys and the form of numbers stay as they are, and memory stays flat, which parsing and writing
/// anew would not give.
///
/// # Errors
/// Those of the reader and the writer.
pub fn copy_compact(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    let (mut in_string, mut escaped) = (false, false);
    let mut kept = Vec::new();
    loop {
        let chunk = from.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        kept.clear();
        for &b in chunk {
            if in_string {
                in_string = escaped || b != b'"';
                escaped = !escaped && b == b'\\';
            } else if b.is_ascii_whitespace() {
                continue;
            } else {
                in_string = b == b'"';
            }
            kept.push(b);
        }
        to.write_all(&kept)?;
        let read = chunk.len();
        from.consume(read);
    }
    to.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::BufReader;

    #[test]
    fn a_pretty_value_becomes_the_compact_one_whatever_its_strings_hold() {
        let value = json!({"b": ["a \" b", "c\\", " \n\t"], "a": {"x": 1.5, "y": null}, "ế": "Số: 1"});
        let (mut pretty, mut compact, mut copied) = (Vec::new(), Vec::new(), Vec::new());
        write_json(&mut pretty, &value, Layout::Pretty).unwrap();
        write_json(&mut compact, &value, Layout::Compact).unwrap();
        // A buffer of one byte puts every boundary to the test.
        copy_compact(BufReader::with_capacity(1, &pretty[..]), &mut copied).unwrap();
        assert_eq!(String::from_utf8(copied).unwrap(), String::from_utf8(compact).unwrap());
    }
}
