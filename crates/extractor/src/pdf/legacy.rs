//! Text layers in a legacy encoding: glyphs that stand for bytes of TCVN3, VNI and the like, turned into letters.

use super::glyphs::{Content, Glyph};
use super::words::{Layer, layer};
use crate::legacy::{self, Found};
use hayro_interpret::hayro_cmap::BfString;

/// The layer of a page with what is in a legacy encoding converted, and the encodings. `None` where there is nothing
/// to convert, or where that would not make the text read better: fonts may have legacy names and hold Unicode.
pub(crate) fn converted_layer(content: &Content, as_read: &Layer) -> Option<(Layer, Found)> {
    let mut glyphs = content.glyphs.clone();
    let mut found = Found::new();
    let mut at = 0;
    while at < glyphs.len() {
        let hint = glyphs[at].hint;
        let run = glyphs[at..].iter().take_while(|g| g.hint == hint).count();
        if let Some(hint) = hint {
            let letters: Vec<Option<char>> = glyphs[at..at + run].iter().map(letter).collect();
            for (glyph, text) in glyphs[at..at + run].iter_mut().zip(legacy::convert_letters(&letters, hint))
            {
                if let Some(text) = text {
                    glyph.text = Some(BfString::String(text));
                }
            }
            legacy::count(&mut found, hint.encoding, run);
        }
        at += run;
    }
    let mut converted = layer(&glyphs, &content.rules, content.size);
    let text = |layer: &Layer| legacy::legible(layer.words().map(|w| w.text.as_str()));
    if text(&converted) <= text(as_read) {
        found.clear();
        converted = as_read.clone();
    }
    let loose = converted.lines.iter_mut().chain(&mut converted.aside).flatten().map(|w| &mut w.text);
    found.extend(legacy::convert_loose(&mut loose.collect::<Vec<_>>()));
    (!found.is_empty()).then_some((converted, found))
}

/// What a glyph stands for, if it is one character.
fn letter(glyph: &Glyph) -> Option<char> {
    match glyph.text.as_ref()? {
        BfString::Char(c) => Some(*c),
        BfString::String(s) => {
            let mut chars = s.chars();
            chars.next().filter(|_| chars.next().is_none())
        }
    }
}
