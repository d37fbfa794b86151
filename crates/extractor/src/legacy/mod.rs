//! Text in the Vietnamese encodings that were in use before Unicode, turned into Unicode.
//!
//! It comes in two shapes: as bytes of a text file, and, far more often, as characters that are those bytes read as
//! windows-1252 ("céng hoµ" for *cộng hoà*), which is what PDF, Word, RTF and HTML files hold where the font alone
//! knew better. Both are converted the same way, from windows-1252 characters (`table`). Which encoding a run of text
//! is in tells its font (`fonts`) or, without one, which reading makes Vietnamese syllables of it (`detect`);
//! `convert` puts runs together, `viqr` reads the encoding that is typed in ASCII, `bytes` takes text files.
//!
//! The tables are data: `dictionaries/legacy_*.tsv`.

mod bytes;
mod convert;
mod detect;
mod fonts;
#[cfg(test)]
mod roundtrip;
mod table;
mod viqr;

pub(crate) use bytes::from_bytes;
pub use bytes::{Converted, convert};
pub(crate) use convert::{
    Found, Piece, convert_letters, convert_loose, convert_pieces, convert_text, count, legible,
};
pub(crate) use fonts::{Hint, hint};

/// A Vietnamese encoding from before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegacyEncoding {
    /// TCVN 5712:1993 VN3, also called ABC; the `.Vn` fonts.
    Tcvn3,
    /// VNI for Windows; the `VNI-` fonts. Marks follow their letter.
    Vni,
    /// That of the Vietnamese Professionals Society.
    Vps,
    /// RFC 1456, eight bits.
    Viscii,
    /// RFC 1456, marks typed in ASCII.
    Viqr,
    /// The code page of Windows; tones are combining marks.
    Windows1258,
}

impl LegacyEncoding {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Tcvn3, Self::Vni, Self::Vps, Self::Viscii, Self::Viqr, Self::Windows1258];

    /// Those of eight bits: all but VIQR.
    pub(crate) const EIGHT_BITS: [Self; 5] =
        [Self::Tcvn3, Self::Vni, Self::Vps, Self::Viscii, Self::Windows1258];

    /// What it is called, such as `TCVN3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3",
            Self::Vni => "VNI",
            Self::Vps => "VPS",
            Self::Viscii => "VISCII",
            Self::Viqr => "VIQR",
            Self::Windows1258 => "windows-1258",
        }
    }

    /// The encoding of this name, in any case; `ABC`, `CP1258` and the names that web pages use are known too.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = name.strip_prefix("x-viet-").unwrap_or(&name);
        Some(match name {
            "tcvn3" | "tcvn" | "abc" | "tcvn5712" | "tcvn-5712" | "tcvn5712-1" => Self::Tcvn3,
            "vni" | "vni-win" | "vni-windows" => Self::Vni,
            "vps" | "x-vps" => Self::Vps,
            "viscii" | "viscii1.1-1" | "csviscii" => Self::Viscii,
            "viqr" | "csviqr" => Self::Viqr,
            "windows-1258" | "cp1258" | "1258" => Self::Windows1258,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for encoding in LegacyEncoding::ALL {
            assert_eq!(LegacyEncoding::from_name(encoding.name()), Some(encoding));
        }
        assert_eq!(LegacyEncoding::from_name("x-viet-tcvn5712"), Some(LegacyEncoding::Tcvn3));
        assert_eq!(LegacyEncoding::from_name("utf-8"), None);
    }
}
