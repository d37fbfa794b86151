//! Text through the tables and back.

use super::{LegacyEncoding, convert};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static SYLLABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../../dictionaries/verdict_syllables.tsv").lines();
    lines.filter(|l| !l.is_empty() && !l.starts_with('#')).collect()
});

/// What each letter is in an encoding: bytes, or what is typed. A letter may be made of the letter and its tone.
fn letters(encoding: LegacyEncoding) -> FxHashMap<char, Vec<u8>> {
    let rows = match encoding {
        LegacyEncoding::Tcvn3 => include_str!("../../../../dictionaries/legacy_tcvn3.tsv"),
        LegacyEncoding::Vni => include_str!("../../../../dictionaries/legacy_vni.tsv"),
        LegacyEncoding::Vps => include_str!("../../../../dictionaries/legacy_vps.tsv"),
        LegacyEncoding::Viscii => include_str!("../../../../dictionaries/legacy_viscii.tsv"),
        LegacyEncoding::Viqr => include_str!("../../../../dictionaries/legacy_viqr.tsv"),
        LegacyEncoding::Windows1258 => include_str!("../../../../dictionaries/legacy_windows_1258.tsv"),
    };
    let mut letters = FxHashMap::default();
    for (from, to) in rows.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
        let bytes = match encoding {
            LegacyEncoding::Viqr => from.as_bytes().to_vec(),
            _ => from.split(' ').map(|b| u8::from_str_radix(b, 16).unwrap()).collect(),
        };
        let to = match encoding {
            LegacyEncoding::Windows1258 => char::from_u32(u32::from_str_radix(to, 16).unwrap()),
            _ => to.chars().next(),
        };
        letters.entry(to.unwrap()).or_insert(bytes);
    }
    letters
}

fn encode(text: &str, encoding: LegacyEncoding) -> Vec<u8> {
    let letters = letters(encoding);
    let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let mut out = Vec::new();
    for c in text.chars() {
        if let Some(bytes) = letters.get(&c) {
            out.extend(bytes);
        } else if c.is_ascii() {
            out.push(c as u8);
        } else {
            // windows-1258: the letter without its tone, then the tone.
            let parts: Vec<char> = c.to_string().nfd().collect();
            let base: String =
                parts.iter().filter(|p| !tones.contains(p)).collect::<String>().nfc().collect();
            for part in base.chars().chain(parts.iter().copied().filter(|p| tones.contains(p))) {
                match letters.get(&part) {
                    Some(bytes) => out.extend(bytes),
                    None => out.push(u8::try_from(u32::from(part)).unwrap()),
                }
            }
        }
    }
    out
}

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let word = (0..SYLLABLES.len(), any::<bool>()).prop_map(|(i, capital)| {
        let syllable: String = SYLLABLES[i].nfc().collect();
        let mut chars = syllable.chars();
        match chars.next() {
            Some(first) if capital => first.to_uppercase().chain(chars).collect(),
            _ => syllable,
        }
    });
    prop::collection::vec(word, words).prop_map(|words| words.join(" "))
}

proptest! {
    // Always the same cases: that an encoding is found is likely for any text, and certain for none.
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn every_text_comes_back_from_every_encoding(text in text(12..60), which in 0usize..6) {
        let encoding = LegacyEncoding::ALL[which];
        // TCVN3 has no capitals with tones outside its H fonts; VPS has a few of them nowhere.
        let text = match encoding {
            LegacyEncoding::Tcvn3 | LegacyEncoding::Vps => text.to_lowercase(),
            // A dot after the last word, or before a capital, ends a sentence.
            LegacyEncoding::Viqr => text.to_lowercase() + " an",
            _ => text,
        };
        let bytes = encode(&text, encoding);
        let back = convert(&bytes, Some(encoding));
        prop_assert_eq!(&back.text, &text);
    }

    #[test]
    fn the_encoding_of_a_text_is_found(text in text(80..160), which in 0usize..5) {
        let encoding = LegacyEncoding::EIGHT_BITS[which];
        let text = text.to_lowercase();
        let bytes = encode(&text, encoding);
        let back = convert(&bytes, None);
        prop_assert_eq!(back.found.first().map(|f| f.0), Some(encoding));
        prop_assert_eq!(&back.text, &text);
    }

    #[test]
    fn good_text_stays(text in text(12..60)) {
        let back = convert(text.as_bytes(), None);
        prop_assert_eq!(&back.text, &text);
        prop_assert!(back.found.is_empty());
    }

    #[test]
    fn any_bytes_convert(bytes in prop::collection::vec(any::<u8>(), 0..300), which in 0usize..7) {
        let _ = convert(&bytes, LegacyEncoding::ALL.get(which).copied());
    }
}
