//! The verdict on a page's own text: can it be taken as it is, or must the picture be read?
//!
//! Two shares decide. In Vietnamese prose 69–71 % of the words hold a letter that no other language uses (ă đ ơ ư and
//! all of U+1EA0–U+1EF9; plain à, é, ô do not count, since French and bad OCR have them too), and in a plan read by an
//! English engine 0.0 % do. Of the words of prose 2–5 % are no known syllable, of that plan's 69 %. The limits below
//! lie far from both sides, so that names, abbreviations and foreign words do not make good text look bad.

use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vanthu_model::{Verdict, composed, older_placement};

/// From this share of words with Vietnamese letters on, text is Vietnamese with its marks.
const MARKED_GOOD: f32 = 0.30;

/// Below this share no marks are left to speak of.
const MARKED_NONE: f32 = 0.10;

/// Text in between is good if this share of its words are syllables as they stand.
const VALID_GOOD: f32 = 0.60;

/// Text without marks is Vietnamese if at least this share of its words would be syllables with some marks, and was
/// merely stripped if nearly all would.
const BASE_VIETNAMESE: f32 = 0.45;
const BASE_STRIPPED: f32 = 0.88;

/// From this share of glyphs without a Unicode value on, a page's text is lost.
const UNMAPPED: f32 = 0.02;

/// Shares of words with the tell-tale letters of a legacy encoding.
const LEGACY: f32 = 0.25;

/// Fewer words than this tell nothing by statistics.
pub(crate) const MIN_WORDS: usize = 12;

/// Letters that stand for marked vowels in TCVN3 and are no letters in Latin-1.
const TCVN3: &str = "¸µ¶·¹¨¾»¼½Æ©®ª«¬\u{ad}ß×Ø¡¢£¤¥¦§";

/// Letters that VNI puts after a vowel to mark it.
const VNI_MARKS: &str = "øùûõïâáàåãäêéèëúüöôîæ";

struct Syllables {
    valid: FxHashSet<String>,
    /// The same without marks.
    base: FxHashSet<String>,
}

static SYLLABLES: LazyLock<Syllables> = LazyLock::new(|| {
    let lines = include_str!("../../../dictionaries/verdict_syllables.tsv").lines();
    let valid: FxHashSet<String> = lines
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| older_placement(&composed(l.to_owned())).into_owned())
        .collect();
    let base = valid.iter().map(|s| strip(s)).collect();
    Syllables { valid, base }
});

/// Whether a page is unmapped: `unmapped` of its `glyphs` have no Unicode value.
pub(crate) fn is_unmapped(unmapped: usize, glyphs: usize) -> bool {
    glyphs > 0 && unmapped as f32 >= UNMAPPED * glyphs as f32
}

/// What the words of a page show. `legacy_fonts` says that the file uses fonts named like those of the legacy encodings.
pub(crate) fn judge<'w>(words: impl IntoIterator<Item = &'w str>, legacy_fonts: bool) -> Verdict {
    let seen = Seen::of(words);
    let share = |n: usize| n as f32 / seen.words.len().max(1) as f32;
    if seen.tokens == 0 {
        return Verdict::Empty;
    }
    // Nearly all pages are good, and told so by this alone.
    if share(seen.marked) >= MARKED_GOOD {
        return Verdict::Good;
    }
    let counts = Counts::of(&seen.words);
    if seen.words.len() < MIN_WORDS && !(legacy_fonts && counts.legacy > 0) {
        Verdict::Good
    } else if share(counts.legacy) >= LEGACY || (legacy_fonts && counts.legacy > 0) {
        Verdict::LegacyEncoding
    } else if share(seen.marked) >= MARKED_NONE && share(counts.valid) >= VALID_GOOD {
        Verdict::Good
    } else if share(counts.base) >= BASE_STRIPPED && share(seen.marked) < MARKED_NONE {
        Verdict::NoMarks
    } else if share(counts.base) >= BASE_VIETNAMESE {
        Verdict::WrongEngine
    } else {
        Verdict::OtherLanguage
    }
}

/// What a first look at words tells.
#[derive(Default)]
struct Seen<'w> {
    /// All tokens with a letter or a digit.
    tokens: usize,
    /// Those that statistics can use: with a small letter and two characters or more.
    words: Vec<&'w str>,
    /// Those of the words with a Vietnamese-only letter.
    marked: usize,
}

impl<'w> Seen<'w> {
    fn of(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut seen = Seen::default();
        for token in words {
            let token = token.trim_matches(|c: char| c.is_ascii_punctuation() || "“”‘’…–".contains(c));
            if !token.chars().any(char::is_alphanumeric) {
                continue;
            }
            seen.tokens += 1;
            // Abbreviations and symbols in capitals are alike in good and bad text.
            let small = token.chars().any(char::is_lowercase) || token.chars().any(|c| TCVN3.contains(c));
            if token.chars().count() < 2 || !small {
                continue;
            }
            seen.words.push(token);
            seen.marked += usize::from(
                composed(token.to_owned()).chars().flat_map(char::to_lowercase).any(is_vietnamese_only),
            );
        }
        seen
    }
}

/// How many words are such as good or damaged text has.
#[derive(Default)]
struct Counts {
    valid: usize,
    base: usize,
    legacy: usize,
}

impl Counts {
    fn of(words: &[&str]) -> Self {
        let mut counts = Counts::default();
        for word in words {
            let lower = composed(word.to_lowercase());
            counts.valid += usize::from(is_syllable(&lower));
            counts.base += usize::from(SYLLABLES.base.contains(&strip(&lower)));
            counts.legacy += usize::from(is_legacy(&lower));
        }
        counts
    }
}

/// Letters that no other language in Latin script uses (Romanian's ă and Croatian's đ are taken into the bargain).
pub(crate) fn is_vietnamese_only(c: char) -> bool {
    matches!(c, 'ă' | 'đ' | 'ơ' | 'ư' | 'ĩ' | 'ũ' | '\u{1ea0}'..='\u{1ef9}')
}

fn is_legacy(lower: &str) -> bool {
    if lower.chars().any(is_vietnamese_only) {
        return false;
    }
    let tcvn3 = lower.chars().any(|c| TCVN3.contains(c));
    let mut before = ' ';
    let vni = lower.chars().any(|c| {
        let hit =
            (matches!(before, 'a' | 'e' | 'o' | 'u' | 'y' | 'ö' | 'ô') && VNI_MARKS.contains(c)) || c == 'ñ';
        before = c;
        hit
    });
    tcvn3 || vni
}

/// Whether `lower`, a word in lower case, is a Vietnamese syllable; the tone mark may stand on either vowel (hoà, hòa).
pub(crate) fn is_syllable(lower: &str) -> bool {
    SYLLABLES.valid.contains(&*older_placement(lower))
}

/// Whether a word as printed holds a syllable of two letters or more.
pub(crate) fn holds_syllable(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    core.chars().count() >= 2 && core.to_lowercase().split(['-', '/']).any(is_syllable)
}

/// The word without any marks; đ becomes d.
fn strip(word: &str) -> String {
    word.nfd().filter(|c| !is_combining_mark(*c)).map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Các phòng chuyên môn thuộc Sở Thủy lợi tỉnh Bình An có trách nhiệm rà soát hồ sơ đê điều và gửi \
                        báo cáo về văn phòng Sở trước ngày làm việc cuối cùng của tháng";

    fn verdict(text: &str) -> Verdict {
        judge(text.split_whitespace(), false)
    }

    #[test]
    fn good_text_is_good() {
        assert_eq!(verdict(GOOD), Verdict::Good);
        assert_eq!(verdict(&GOOD.nfd().collect::<String>()), Verdict::Good);
        assert_eq!(verdict("2"), Verdict::Good);
        assert_eq!(verdict("UBND TP. HCM 12/2025 KH-UBND"), Verdict::Good);
        assert_eq!(verdict(" - "), Verdict::Empty);
    }

    #[test]
    fn bad_text_is_told_apart() {
        assert_eq!(verdict(&strip(&GOOD.to_lowercase())), Verdict::NoMarks);
        assert_eq!(
            verdict(
                "Cac phéng chuyén m6n thudc S& Thiy lgi tinh Binh An c6 trach nhiém ra soat hd so dé diéu va giti bao \
                 cdo vé van phong S¢ truéc ngay lam viéc cudi cing cia thang"
            ),
            Verdict::WrongEngine
        );
        assert_eq!(
            verdict(
                "The committee shall review every flood report and forward the findings before the end of June"
            ),
            Verdict::OtherLanguage
        );
        assert_eq!(
            verdict(
                "C¸c phßng chuyªn m«n thuéc Së Thñy lîi tØnh B×nh An cã tr¸ch nhiÖm rµ so¸t hå s¬ ®ª ®iÒu vµ göi"
            ),
            Verdict::LegacyEncoding
        );
        assert_eq!(
            verdict(
                "Caùc phoøng chuyeân moân thuoäc Sôû Thuûy lôïi tænh Bình An coù traùch nhieäm raø soaùt hoà sô"
            ),
            Verdict::LegacyEncoding
        );
        assert!(is_unmapped(30, 500) && !is_unmapped(0, 0));
    }

    #[test]
    fn the_tone_mark_may_stand_on_either_vowel() {
        assert!(is_syllable("hoà") && is_syllable("hòa") && is_syllable("quý") && !is_syllable("hoòa"));
    }
}
