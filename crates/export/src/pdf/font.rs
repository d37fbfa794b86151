//! A font whose letters have width and no shape: for text that lies over a picture of itself.

use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Width of every letter, in thousandths of its size.
pub(crate) const ADVANCE: i64 = 500;
/// Parts of the size above and below the line on which letters stand.
pub(crate) const ASCENT: f32 = 0.8;
pub(crate) const DESCENT: f32 = 0.2;
const NAME: &str = "GlyphLess";
/// Units of the font's square.
const UNITS: u16 = 1000;
/// Most entries of one block of a character map (Adobe Technical Note 5014).
const BLOCK: usize = 100;

/// The letters that a document uses, each with a code of its own.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    codes: BTreeMap<char, u16>,
}

impl Codes {
    /// Codes for all letters of `texts`, from 1 in the order of Unicode; those beyond 65535 have none.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut codes: BTreeMap<char, u16> =
            texts.flat_map(str::chars).chain([' ']).map(|c| (c, 0)).collect();
        for (code, n) in codes.values_mut().zip(1..=u16::MAX) {
            *code = n;
        }
        Self { codes }
    }

    /// `text` in these codes, two bytes a letter.
    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        text.chars()
            .filter_map(|c| self.codes.get(&c))
            .filter(|c| **c > 0)
            .flat_map(|c| c.to_be_bytes())
            .collect()
    }

    /// Adds the font to `document`.
    pub(crate) fn add_font(&self, document: &mut Document) -> ObjectId {
        let program = program();
        let length = program.len() as i64;
        let program = document.add_object(packed(dictionary! { "Length1" => length }, program));
        // Every code is the one glyph.
        let map: Vec<u8> = [0, 0].into_iter().chain([0, 1].repeat(self.codes.len())).collect();
        let map = document.add_object(packed(dictionary! {}, map));
        let unicode = document.add_object(packed(dictionary! {}, self.to_unicode().into_bytes()));
        let descriptor = document.add_object(dictionary! {
            "Type" => "FontDescriptor", "FontName" => NAME, "Flags" => 5, "ItalicAngle" => 0, "StemV" => 80,
            "FontBBox" => vec![0.into(), (-200).into(), ADVANCE.into(), 800.into()],
            "Ascent" => 800, "Descent" => -200, "CapHeight" => 800, "FontFile2" => program,
        });
        let info = dictionary! {
            "Registry" => Object::String(b"Adobe".to_vec(), StringFormat::Literal),
            "Ordering" => Object::String(b"Identity".to_vec(), StringFormat::Literal),
            "Supplement" => 0,
        };
        let descendant = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => NAME, "CIDSystemInfo" => info,
            "FontDescriptor" => descriptor, "DW" => ADVANCE, "CIDToGIDMap" => map,
        });
        document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => NAME, "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()], "ToUnicode" => unicode,
        })
    }

    /// The map from codes to Unicode (PDF 32000-1, 9.10.3).
    fn to_unicode(&self) -> String {
        let mut map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
            /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
            1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            .to_string();
        let entries: Vec<(&char, &u16)> = self.codes.iter().filter(|(_, code)| **code > 0).collect();
        for block in entries.chunks(BLOCK) {
            // Writing into a String cannot fail.
            let _ = writeln!(map, "{} beginbfchar", block.len());
            for (letter, code) in block {
                let mut units = [0; 2];
                let hex: String =
                    letter.encode_utf16(&mut units).iter().map(|u| format!("{u:04X}")).collect();
                let _ = writeln!(map, "<{code:04X}> <{hex}>");
            }
            map.push_str("endbfchar\n");
        }
        map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    }
}

/// A stream, deflated.
pub(crate) fn packed(dictionary: lopdf::Dictionary, content: Vec<u8>) -> Stream {
    let mut stream = Stream::new(dictionary, content);
    // Where deflating fails the stream stays as it is, which says the same.
    let _ = stream.compress();
    stream
}

/// The font program: TrueType with the glyphs `.notdef` and one more, both without outlines.
fn program() -> Vec<u8> {
    let be = |values: &[u16]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let advance = ADVANCE as u16;
    let (ascent, descent) = (800_u16, (-200_i16) as u16);
    let head = [
        &[0, 1, 0, 0, 0, 1, 0, 0][..],
        &[0; 4], // Sum of the whole file, filled in below.
        &0x5f0f_3cf5_u32.to_be_bytes(),
        &be(&[0b1011, UNITS]),
        &[0; 16], // Made and changed in 1904: no time.
        &be(&[0, descent, advance, ascent, 0, 3, 2, 0, 0]),
    ]
    .concat();
    let hhea = be(&[1, 0, ascent, descent, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    let maxp = be(&[1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    let hmtx = be(&[advance, 0, advance, 0]);
    let post = [&[0, 3, 0, 0][..], &[0; 28]].concat();
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"glyf", vec![0; 4]),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", be(&[0, 0, 0])),
        (b"maxp", maxp),
        (b"post", post),
    ];
    // Seven tables: 16 * 4 is the largest power of two times 16 below.
    let mut font = [&[0, 1, 0, 0][..], &be(&[7, 64, 2, 48])].concat();
    let mut offset = font.len() + 16 * tables.len();
    let mut head_at = 0;
    let mut data = Vec::new();
    for (tag, table) in &tables {
        if *tag == b"head" {
            head_at = offset;
        }
        font.extend(*tag);
        font.extend(sum(table).to_be_bytes());
        font.extend((offset as u32).to_be_bytes());
        font.extend((table.len() as u32).to_be_bytes());
        data.extend(table);
        data.resize(data.len().next_multiple_of(4), 0);
        offset += table.len().next_multiple_of(4);
    }
    font.extend(data);
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(sum(&font));
    if let Some(place) = font.get_mut(head_at + 8..head_at + 12) {
        place.copy_from_slice(&adjustment.to_be_bytes());
    }
    font
}

/// The check sum of TrueType tables.
fn sum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0, |sum, chunk| {
        let mut word = [0; 4];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_a_code_that_leads_back() {
        let codes = Codes::of(["Sở Tài chính 𝄞"].into_iter());
        assert_eq!(codes.encode("Sở").len(), 4);
        let map = codes.to_unicode();
        assert!(map.contains("> <1EDF>"), "{map}");
        assert!(map.contains("> <D834DD1E>"), "{map}");
    }

    #[test]
    fn the_font_program_sums_up() {
        assert_eq!(sum(&program()), 0xb1b0_afba);
    }
}
