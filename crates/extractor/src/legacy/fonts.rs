//! Fonts whose names tell the encoding of what is set in them.

use super::LegacyEncoding;
use std::sync::LazyLock;

/// What the name of a font tells of the text set in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hint {
    pub encoding: LegacyEncoding,
    /// Whether the font shows small letters as capitals.
    pub capitals: bool,
}

/// Beginnings of font names with their encodings, the longest first.
static NAMES: LazyLock<Vec<(&str, LegacyEncoding)>> = LazyLock::new(|| {
    let rows = include_str!("../../../../dictionaries/legacy_fonts.tsv").lines();
    let mut names: Vec<(&str, LegacyEncoding)> = rows
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .filter_map(|(name, encoding)| Some((name, LegacyEncoding::from_name(encoding)?)))
        .collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
});

/// Endings that name a style of a font, not the font.
const STYLES: [&str; 8] = ["bold", "italic", "oblique", "regular", "normal", "narrow", "roman", "mt"];

/// What the name of a font tells; none where it is not of a legacy encoding.
pub(crate) fn hint(font: &str) -> Option<Hint> {
    // Subsets in PDF files: six capitals and a plus sign.
    let font = match font.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => rest,
        _ => font,
    };
    let name = font.trim();
    let dotted = name.starts_with('.');
    let name = name.trim_start_matches(['.', '@']);
    let lower = name.to_lowercase();
    let known = NAMES.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, encoding)| *encoding);
    let encoding = match known {
        Some(encoding) => encoding,
        // Only the fonts of TCVN3 begin with a dot.
        None if dotted && lower.starts_with("vn") => LegacyEncoding::Tcvn3,
        None => return None,
    };
    Some(Hint { encoding, capitals: encoding == LegacyEncoding::Tcvn3 && shows_capitals(name) })
}

/// Whether the name without its style ends in H: `.VnTimeH`, `.VnArial NarrowH,Bold`, `VnTimeHBoldItalic`.
fn shows_capitals(name: &str) -> bool {
    let name = name.split(',').next().unwrap_or(name).split('-').next().unwrap_or(name);
    let mut name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    loop {
        let style = STYLES.iter().find(|s| {
            let from = name.len().saturating_sub(s.len());
            name.get(from..).is_some_and(|end| end.eq_ignore_ascii_case(s))
        });
        match style {
            Some(s) if name.len() > s.len() => name = name[..name.len() - s.len()].trim_end(),
            _ => return name.ends_with('H'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LegacyEncoding::{Tcvn3, Vni, Vps};

    #[test]
    fn fonts_are_told_by_their_names() {
        let of = |name: &str| hint(name).map(|h| (h.encoding, h.capitals));
        assert_eq!(of(".VnTime"), Some((Tcvn3, false)));
        assert_eq!(of("AARIQC+.VnTimeH,Bold"), Some((Tcvn3, true)));
        assert_eq!(of("FBHPFO+VnTimeHBold"), Some((Tcvn3, true)));
        assert_eq!(of(".VnArial NarrowH"), Some((Tcvn3, true)));
        assert_eq!(of(".VnTimeH1"), Some((Tcvn3, true)));
        assert_eq!(of("VNtimes new roman"), Some((Tcvn3, false)));
        assert_eq!(of(".VnOdd"), Some((Tcvn3, false)));
        assert_eq!(of("VNI-Times"), Some((Vni, false)));
        assert_eq!(of("VPS Times"), Some((Vps, false)));
        for name in ["Times New Roman", "UVNTime", "VNU Times", "Vnderson", "Arial", "é", ""] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
