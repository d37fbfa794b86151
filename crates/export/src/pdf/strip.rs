//! Old text taken out of a page, whose look stays.
//!
//! Three kinds of old text are told apart. Invisible text (rendering mode 3) and text that lies under a picture of the
//! whole page are removed: nobody sees them. Visible text is the print itself; it stays, and an empty `ActualText`
//! (PDF 32000-1, 14.9.4) tells readers to take no text from it.

use super::content::{Op, Operand, ops};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::BTreeMap;

/// A picture that covers this share of the page hides what was painted before.
const COVERS: f32 = 0.9;
/// Forms nest no deeper in files that people make.
const DEEPEST: usize = 12;
/// Bytes that the content of a form may unfold to.
pub(crate) const MAX_CONTENT: usize = 256 << 20;

const INVISIBLE: i32 = 3;
const IDENTITY: [f32; 6] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
const MUTED: &[u8] = b"/Span <</ActualText ()>> BDC ";

/// A page's content without its old text.
pub(crate) struct Stripped {
    /// The operators that stay; absent where none had to go.
    pub content: Option<Vec<u8>>,
    /// Whether visible text is left.
    pub visible: bool,
    /// How many `q` have no `Q`.
    pub open: usize,
    /// Forms that were made anew, by their names among the page's resources.
    pub forms: BTreeMap<Vec<u8>, ObjectId>,
}

/// Strips a page whose operators are `content`, with these resources, which measures `size` points.
pub(crate) fn strip(
    document: &mut Document,
    content: &[u8],
    resources: &Dictionary,
    size: (f32, f32),
) -> Stripped {
    let mut look = Look { document, size, counter: 0, cover: None };
    look.walk(content, resources, IDENTITY, 0);
    let cover = look.cover.unwrap_or(0);
    let mut strip = Strip { document, cover, counter: 0, visible: false };
    let made = strip.walk(content, resources, 0);
    let (mut open, mut depth) = (0, 0_usize);
    for op in ops(content) {
        match op.name {
            b"q" => depth += 1,
            b"Q" => depth = depth.saturating_sub(1),
            _ => {}
        }
        open = depth;
    }
    Stripped { content: made.content, visible: strip.visible, open, forms: made.forms }
}

/// Mutes the visible text of a form that stands by itself, such as the stamp of a signature.
pub(crate) fn mute_form(document: &mut Document, id: ObjectId) {
    let Some(stream) = document.get_object(id).and_then(Object::as_stream).ok().cloned() else { return };
    let Some((content, resources, _)) = form(document, &stream, &Dictionary::new(), 0) else { return };
    let mut strip = Strip { document, cover: 0, counter: 0, visible: false };
    let made = strip.walk(&content, &resources, 1);
    if made.content.is_none() && made.forms.is_empty() {
        return;
    }
    let new = strip.remake(stream, made, resources, content);
    // What pointed to the old form points to the new one.
    if let Some(object) = document.objects.remove(&new) {
        document.objects.insert(id, object);
    }
}

/// Looks for the last picture that covers the page.
struct Look<'d> {
    document: &'d Document,
    size: (f32, f32),
    /// Operators seen, through all forms in the order of painting.
    counter: usize,
    cover: Option<usize>,
}

impl Look<'_> {
    fn walk(&mut self, content: &[u8], resources: &Dictionary, matrix: [f32; 6], depth: usize) {
        let (mut matrix, mut stack) = (matrix, Vec::new());
        for op in ops(content) {
            self.counter += 1;
            match op.name {
                b"q" => stack.push(matrix),
                b"Q" => matrix = stack.pop().unwrap_or(matrix),
                b"cm" => {
                    if let Some(m) = op.numbers() {
                        matrix = times(m, matrix);
                    }
                }
                b"Do" => {
                    let Some(stream) = xobject(self.document, resources, &op) else { continue };
                    if is(stream, b"Image") {
                        if self.covers(matrix) && !is_translucent(stream) {
                            self.cover = Some(self.counter);
                        }
                    } else if let Some((content, inner, own)) = form(self.document, stream, resources, depth)
                    {
                        self.walk(&content, &inner, times(own, matrix), depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the unit square through `matrix` covers the page, straight or turned by right angles.
    fn covers(&self, [a, b, c, d, ..]: [f32; 6]) -> bool {
        (a * d - b * c).abs() >= COVERS * self.size.0 * self.size.1
    }
}

/// Takes text out.
struct Strip<'d> {
    document: &'d mut Document,
    /// What was painted before this is hidden.
    cover: usize,
    counter: usize,
    visible: bool,
}

struct Made {
    content: Option<Vec<u8>>,
    forms: BTreeMap<Vec<u8>, ObjectId>,
}

impl Strip<'_> {
    fn walk(&mut self, content: &[u8], resources: &Dictionary, depth: usize) -> Made {
        let mut out = Vec::with_capacity(content.len());
        let (mut copied, mut touched) = (0, false);
        let mut forms = BTreeMap::new();
        // Rendering mode, kept by `q` and given back by `Q`.
        let (mut mode, mut modes) = (0, Vec::new());
        for op in ops(content) {
            self.counter += 1;
            let mut replace = |with: &[u8], out: &mut Vec<u8>| {
                out.extend(content.get(copied..op.range.start).unwrap_or_default());
                out.extend(with);
                copied = op.range.end;
                touched = true;
            };
            match op.name {
                b"q" => modes.push(mode),
                b"Q" => mode = modes.pop().unwrap_or(mode),
                b"Tr" => mode = op.numbers::<1>().map_or(mode, |[m]| m as i32),
                b"Tj" | b"TJ" | b"'" | b"\"" => {
                    if mode == INVISIBLE || self.counter < self.cover {
                        // Both quotes also go to the next line.
                        let moved: &[u8] = if matches!(op.name, b"'" | b"\"") { b"T*" } else { b"" };
                        replace(moved, &mut out);
                    } else {
                        let shown = content.get(op.range.clone()).unwrap_or_default();
                        let muted = [MUTED, shown, b" EMC"].concat();
                        replace(&muted, &mut out);
                        self.visible = true;
                    }
                }
                b"Do" => {
                    let stream = xobject(self.document, resources, &op).filter(|s| !is(s, b"Image")).cloned();
                    let Some(stream) = stream else { continue };
                    let Some((inner, own, _)) = form(self.document, &stream, resources, depth) else {
                        continue;
                    };
                    let made = self.walk(&inner, &own, depth + 1);
                    if let Some(name) = op.only_name()
                        && (made.content.is_some() || !made.forms.is_empty())
                    {
                        let id = self.remake(stream, made, own, inner);
                        // A form that is painted twice is made anew once: the first time tells.
                        forms.entry(name.to_vec()).or_insert(id);
                    }
                }
                _ => {}
            }
        }
        if !touched {
            return Made { content: None, forms };
        }
        out.extend(content.get(copied..).unwrap_or_default());
        Made { content: Some(out), forms }
    }

    /// A form with new content and new forms inside.
    fn remake(&mut self, old: Stream, made: Made, mut resources: Dictionary, content: Vec<u8>) -> ObjectId {
        let mut dictionary = old.dict;
        for key in [&b"Filter"[..], b"DecodeParms", b"Length"] {
            dictionary.remove(key);
        }
        replace_forms(self.document, &mut resources, made.forms);
        dictionary.set("Resources", resources);
        let stream = super::font::packed(dictionary, made.content.unwrap_or(content));
        self.document.add_object(stream)
    }
}

/// Puts forms that were made anew in the place of the old ones.
pub(crate) fn replace_forms(
    document: &Document,
    resources: &mut Dictionary,
    forms: BTreeMap<Vec<u8>, ObjectId>,
) {
    if forms.is_empty() {
        return;
    }
    let mut all =
        entry(document, resources, b"XObject").and_then(|o| o.as_dict().ok()).cloned().unwrap_or_default();
    for (name, id) in forms {
        all.set(name, Object::Reference(id));
    }
    resources.set("XObject", all);
}

/// An entry of a dictionary, followed to where it leads.
pub(crate) fn entry<'d>(
    document: &'d Document,
    dictionary: &'d Dictionary,
    key: &[u8],
) -> Option<&'d Object> {
    document.dereference(dictionary.get(key).ok()?).ok().map(|(_, object)| object)
}

fn xobject<'d>(document: &'d Document, resources: &'d Dictionary, op: &Op<'_>) -> Option<&'d Stream> {
    let [Operand::Name(name)] = op.operands.as_slice() else { return None };
    let all = entry(document, resources, b"XObject")?.as_dict().ok()?;
    entry(document, all, name)?.as_stream().ok()
}

fn is(stream: &Stream, subtype: &[u8]) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == subtype)
}

fn is_translucent(image: &Stream) -> bool {
    let masked = |key: &[u8]| image.dict.has(key) && !image.dict.get(key).is_ok_and(Object::is_null);
    masked(b"SMask")
        || masked(b"Mask")
        || image.dict.get(b"ImageMask").and_then(Object::as_bool).unwrap_or(false)
}

/// Operators, resources and matrix of a form.
fn form(
    document: &Document,
    stream: &Stream,
    outer: &Dictionary,
    depth: usize,
) -> Option<(Vec<u8>, Dictionary, [f32; 6])> {
    if depth >= DEEPEST || !is(stream, b"Form") {
        return None;
    }
    let content = stream.get_plain_content_with_limit(MAX_CONTENT).ok()?;
    // Old files leave resources out and mean those of the page.
    let resources =
        entry(document, &stream.dict, b"Resources").and_then(|o| o.as_dict().ok()).unwrap_or(outer);
    let matrix = entry(document, &stream.dict, b"Matrix").and_then(|o| o.as_array().ok());
    let mut own = IDENTITY;
    if let Some(matrix) = matrix.filter(|m| m.len() == own.len()) {
        for (to, from) in own.iter_mut().zip(matrix) {
            *to = from.as_float().unwrap_or(*to);
        }
    }
    Some((content, resources.clone(), own))
}

/// First `m`, then `n`.
pub(crate) fn times(m: [f32; 6], n: [f32; 6]) -> [f32; 6] {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    fn stripped(content: &[u8], resources: &Dictionary, document: &mut Document) -> (String, bool) {
        let made = strip(document, content, resources, (600.0, 800.0));
        (String::from_utf8(made.content.unwrap_or_else(|| content.to_vec())).unwrap(), made.visible)
    }

    #[test]
    fn invisible_text_goes_and_visible_text_is_muted() {
        let mut document = Document::with_version("1.5");
        let (text, visible) = stripped(
            b"q BT 3 Tr /F 9 Tf (old) Tj ET Q BT /F 9 Tf (seen) Tj ET",
            &Dictionary::new(),
            &mut document,
        );
        assert!(!text.contains("(old)") && text.contains("/F 9 Tf"), "{text}");
        assert!(text.contains("/Span <</ActualText ()>> BDC (seen) Tj EMC"), "{text}");
        assert!(visible);
    }

    #[test]
    fn text_under_a_picture_of_the_page_goes_and_text_over_it_stays() {
        let mut document = Document::with_version("1.5");
        let image = document.add_object(Stream::new(dictionary! { "Subtype" => "Image" }, Vec::new()));
        let resources = dictionary! { "XObject" => dictionary! { "Im" => image } };
        let content = b"BT (under) Tj ET q 600 0 0 800 0 0 cm /Im Do Q BT (over) Tj ET";
        let (text, visible) = stripped(content, &resources, &mut document);
        assert!(!text.contains("under") && text.contains("(over) Tj EMC") && visible, "{text}");
        let content = b"BT (beside) Tj ET q 60 0 0 80 0 0 cm /Im Do Q";
        assert!(stripped(content, &resources, &mut document).0.contains("(beside) Tj EMC"));
    }

    #[test]
    fn text_inside_forms_is_found() {
        let mut document = Document::with_version("1.5");
        let form = document
            .add_object(Stream::new(dictionary! { "Subtype" => "Form" }, b"BT 3 Tr (old) Tj ET".to_vec()));
        let resources = dictionary! { "XObject" => dictionary! { "Fm" => form } };
        let made = strip(&mut document, b"/Fm Do", &resources, (600.0, 800.0));
        let id = made.forms[&b"Fm"[..]];
        let content = document.get_object(id).unwrap().as_stream().unwrap().get_plain_content().unwrap();
        assert!(!String::from_utf8(content).unwrap().contains("old"));
    }

    #[test]
    fn the_text_of_a_stamp_is_muted_where_it_stands() {
        let mut document = Document::with_version("1.5");
        let content = b"BT (signed by) Tj ET".to_vec();
        let stamp = document.add_object(Stream::new(dictionary! { "Subtype" => "Form" }, content));
        mute_form(&mut document, stamp);
        let content = document.get_object(stamp).unwrap().as_stream().unwrap().get_plain_content().unwrap();
        assert!(content.starts_with(b"BT /Span <</ActualText ()>> BDC (signed by) Tj EMC"));
    }

    #[test]
    fn a_page_without_text_keeps_its_bytes() {
        let made = strip(
            &mut Document::with_version("1.5"),
            b"q 1 0 0 1 0 0 cm Q q",
            &Dictionary::new(),
            (6.0, 8.0),
        );
        assert!(made.content.is_none() && !made.visible);
        assert_eq!(made.open, 1);
    }
}
