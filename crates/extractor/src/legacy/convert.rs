//! Runs of text, each converted from the encoding that its font or its letters tell.

use super::detect::{Evidence, Sense, evidence, is_plain, sense, words};
use super::table::table;
use super::{Hint, LegacyEncoding, viqr};
use unicode_normalization::UnicodeNormalization;

/// A run of text in one font.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub text: String,
    /// What its font tells.
    pub hint: Option<Hint>,
    /// Whether it was converted.
    pub converted: bool,
}

/// Encodings that were found and the number of words in each, the most used first.
pub(crate) type Found = Vec<(LegacyEncoding, usize)>;

/// A font that names an encoding is not believed if less than this share of its marked words make sense in it, where
/// there are so many that it tells.
const BELIEVED: f32 = 0.4;
const TELLING: usize = 5;

/// Converts the runs of a document in place, paragraph by paragraph: a run in a legacy font from the encoding of the
/// font, any other from the encoding that makes syllables of its words, if there is one. Unicode text stays as it is.
pub(crate) fn convert_pieces(paragraphs: &mut [Vec<Piece>]) -> Found {
    let mut found = Found::new();
    let believed = believed(paragraphs);
    for piece in paragraphs.iter_mut().flatten() {
        piece.hint = piece.hint.filter(|h| believed.contains(&h.encoding));
        let Some(hint) = piece.hint else { continue };
        let text = convert_words(&piece.text, hint.encoding, false);
        let text = if hint.capitals { text.to_uppercase() } else { text };
        if text != piece.text {
            count(&mut found, hint.encoding, words(&text).count());
            piece.text = text;
            piece.converted = true;
        }
    }
    let lines: Vec<String> = paragraphs
        .iter()
        .map(|p| p.iter().filter(|p| p.hint.is_none()).map(|p| p.text.as_str()).collect())
        .collect();
    for (paragraph, encoding) in paragraphs.iter_mut().zip(encodings(&lines, &believed)) {
        let Some(encoding) = encoding else { continue };
        for piece in paragraph.iter_mut().filter(|p| p.hint.is_none()) {
            let text = convert_words(&piece.text, encoding, true);
            if text != piece.text {
                count(&mut found, encoding, words(&text).count());
                piece.text = text;
                piece.converted = true;
            }
        }
    }
    found.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    found
}

/// Converts a text line by line. `None` where nothing in it is in a legacy encoding.
pub(crate) fn convert_text(text: &str) -> Option<(String, Found)> {
    let mut found = Found::new();
    let typed = typed_paragraphs(text, &mut found);
    let text = typed.as_deref().unwrap_or(text);
    if !text.is_ascii() && !accepted(&totals(text.split_inclusive('\n').map(evidence)), &[]).is_empty() {
        let piece = |l: &str| vec![Piece { text: l.to_owned(), ..Piece::default() }];
        let mut lines: Vec<Vec<Piece>> = text.split_inclusive('\n').map(piece).collect();
        let eight_bits = convert_pieces(&mut lines);
        if !eight_bits.is_empty() {
            found.extend(eight_bits);
            found.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            return Some((lines.into_iter().flatten().map(|p| p.text).collect(), found));
        }
    }
    typed.map(|text| (text, found))
}

/// Converts all of a text from one encoding.
pub(super) fn convert_from(text: &str, encoding: LegacyEncoding) -> String {
    match table(encoding) {
        Some(table) => table.convert(text),
        None => viqr::convert(text).nfc().collect(),
    }
}

/// The text with its paragraphs in VIQR converted, if there are any.
fn typed_paragraphs(text: &str, found: &mut Found) -> Option<String> {
    let whole = viqr::is_viqr(text);
    let mut any = false;
    let mut out = String::new();
    for paragraph in text.split_inclusive("\n\n") {
        if (whole && paragraph.is_ascii()) || viqr::is_viqr(paragraph) {
            count(found, LegacyEncoding::Viqr, words(paragraph).count());
            out.push_str(&viqr::convert(paragraph));
            any = true;
        } else {
            out.push_str(paragraph);
        }
    }
    any.then_some(out)
}

/// What the characters of glyphs in one font stand for, each on its own; the text of a mark that joined the letter
/// before it is empty. `None` where a glyph stays as it is.
pub(crate) fn convert_letters(letters: &[Option<char>], hint: Hint) -> Vec<Option<String>> {
    let Some(table) = table(hint.encoding) else { return vec![None; letters.len()] };
    let mut out: Vec<Option<String>> = Vec::with_capacity(letters.len());
    let mut i = 0;
    while let Some(c) = letters.get(i) {
        i += 1;
        let Some(c) = *c else {
            out.push(None);
            continue;
        };
        let mut read = String::from(c);
        let mark = letters.get(i).copied().flatten().filter(|next| table.is_pair(c, *next));
        read.extend(mark);
        let text = table.convert(&read);
        let text = if hint.capitals { text.to_uppercase() } else { text };
        out.push((text != read || mark.is_some()).then_some(text));
        if mark.is_some() {
            out.push(Some(String::new()));
            i += 1;
        }
    }
    out
}

/// Converts words that are in no font that tells of its encoding, where an encoding makes sense of most of them.
pub(crate) fn convert_loose(loose: &mut [&mut String]) -> Found {
    let line = loose.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
    let mut found = Found::new();
    if let Some(Some(encoding)) = encodings(&[line], &[]).first() {
        for word in loose {
            let text = convert_words(word, *encoding, true);
            if text != **word {
                count(&mut found, *encoding, 1);
                **word = text;
            }
        }
    }
    found
}

/// The share of words with marked letters that are syllables.
pub(crate) fn legible<'w>(words: impl IntoIterator<Item = &'w str>) -> f32 {
    let (mut good, mut bad) = (0usize, 0usize);
    for word in words.into_iter().filter(|w| !w.is_ascii()) {
        match sense(word) {
            Sense::Good => good += 1,
            Sense::Bad => bad += 1,
            Sense::None => {}
        }
    }
    good as f32 / (good + bad).max(1) as f32
}

pub(crate) fn count(found: &mut Found, encoding: LegacyEncoding, words: usize) {
    match found.iter_mut().find(|(e, _)| *e == encoding) {
        Some((_, n)) => *n += words,
        None => found.push((encoding, words)),
    }
}

/// The encodings named by fonts, without those whose text says otherwise.
fn believed(paragraphs: &[Vec<Piece>]) -> Vec<LegacyEncoding> {
    let hinted = |encoding: LegacyEncoding| {
        paragraphs.iter().flatten().filter(move |p| p.hint.is_some_and(|h| h.encoding == encoding))
    };
    let mut believed = Vec::new();
    for (i, encoding) in LegacyEncoding::EIGHT_BITS.into_iter().enumerate() {
        let mut total = Evidence::default();
        hinted(encoding).for_each(|p| total.add(evidence(&p.text)[i]));
        let unicode =
            hinted(encoding).flat_map(|p| words(&p.text)).filter(|w| w.chars().any(|c| !is_plain(c))).count();
        let lies = (total.words() >= TELLING && (total.good as f32) < BELIEVED * total.words() as f32)
            || unicode + total.as_is > total.good;
        if !lies && hinted(encoding).next().is_some() {
            believed.push(encoding);
        }
    }
    believed
}

/// What speaks for each encoding, over the lines of which no other makes more.
fn totals(lines: impl IntoIterator<Item = [Evidence; 5]>) -> [Evidence; 5] {
    let mut totals = [Evidence::default(); 5];
    for line in lines {
        let most = line.iter().map(|e| e.good).max().unwrap_or(0);
        for (total, e) in totals.iter_mut().zip(line).filter(|(_, e)| e.good == most) {
            total.add(e);
        }
    }
    totals
}

/// Places of the encodings that a text holds. Those `known` to be in it need fewer words to tell.
fn accepted(totals: &[Evidence; 5], known: &[LegacyEncoding]) -> Vec<usize> {
    let is_known = |i: usize| known.contains(&LegacyEncoding::EIGHT_BITS[i]);
    (0..totals.len()).filter(|&i| totals[i].convinces(is_known(i))).collect()
}

/// The encoding of each line, if any.
fn encodings(lines: &[String], known: &[LegacyEncoding]) -> Vec<Option<LegacyEncoding>> {
    let all: Vec<Option<[Evidence; 5]>> =
        lines.iter().map(|l| (!l.is_ascii()).then(|| evidence(l))).collect();
    let totals = totals(all.iter().flatten().copied());
    let accepted = accepted(&totals, known);
    // Abbreviations alone tell nothing: their line goes with the one before it.
    let mut last = None;
    let mut out = Vec::with_capacity(lines.len());
    for (line, evidence) in lines.iter().zip(&all) {
        let best = evidence.and_then(|all| {
            let i = accepted.iter().copied().max_by_key(|&i| (all[i].good, totals[i].good))?;
            Some((LegacyEncoding::EIGHT_BITS[i], all[i]))
        });
        let encoding = match best {
            Some((e, found)) if found.good > found.bad.max(found.as_is) => Some(e),
            // A line that could as well stand: short, or with names.
            Some((e, found)) if found.good + 1 >= found.bad.max(found.as_is) && last == Some(e) => Some(e),
            _ => None,
        };
        if encoding.is_some() || line.chars().any(|c| !is_plain(c)) {
            last = encoding;
        }
        out.push(encoding);
    }
    out
}

/// Converts the words of a text but those that hold Vietnamese letters already; where the encoding was `guessed`, also
/// not those that it makes nonsense of and that make sense as they stand.
fn convert_words(text: &str, encoding: LegacyEncoding, guessed: bool) -> String {
    let Some(table) = table(encoding) else { return text.to_owned() };
    if !guessed && text.chars().all(is_plain) {
        return table.convert(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for part in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
        let word = part.trim_end_matches(|c: char| c.is_ascii_whitespace());
        let blank = &part[word.len()..];
        if word.is_ascii() || !word.chars().all(is_plain) {
            out.push_str(word);
        } else {
            let read = table.convert(word);
            let stays = guessed && sense(&read) == Sense::Bad && sense(word) == Sense::Good;
            out.push_str(if stays { word } else { &read });
        }
        out.push_str(blank);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legacy::hint;

    fn piece(text: &str, font: &str) -> Piece {
        Piece { text: text.into(), hint: hint(font), converted: false }
    }

    fn read(paragraphs: &[Vec<Piece>]) -> String {
        paragraphs
            .iter()
            .map(|p| p.iter().map(|p| p.text.as_str()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn fonts_decide_and_capitals_are_restored() {
        let mut text = vec![
            vec![piece("ñy ban nh©n d©n", ".VnTimeH"), piece(" tØnh B×nh An", ".VnTime")],
            vec![piece("Kính gửi: ", "Times New Roman"), piece("Sôû Thuûy lôïi", "VNI-Times")],
        ];
        let found = convert_pieces(&mut text);
        assert_eq!(read(&text), "ỦY BAN NHÂN DÂN tỉnh Bình An\nKính gửi: Sở Thủy lợi");
        assert_eq!(found[0].0, LegacyEncoding::Tcvn3);
        assert!(!text[1][0].converted && text[1][1].converted);
    }

    #[test]
    fn a_font_that_lies_is_not_believed() {
        let good = "Các phòng, ban và đơn vị trực thuộc có trách nhiệm báo cáo; bà và cô là hai mẹ con";
        let mut text = vec![vec![piece(good, ".VnTime")]];
        assert!(convert_pieces(&mut text).is_empty());
        assert_eq!(read(&text), good);
    }

    #[test]
    fn mixed_text_is_converted_line_by_line() {
        let text = "Phòng Thủy lợi tỉnh Bình An\nPhßng Thñy lîi tØnh B×nh An, Q§-UB\nPhoøng Thuûy lôïi tænh Bình An\nSố 5\n";
        let (text, found) = convert_text(text).unwrap();
        assert_eq!(
            text,
            "Phòng Thủy lợi tỉnh Bình An\nPhòng Thủy lợi tỉnh Bình An, QĐ-UB\nPhòng Thủy lợi tỉnh Bình An\nSố 5\n"
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in [
            "Phòng Thủy lợi tỉnh Bình An\nCà phê, bún bò, phở gà: là món ngon của xã tôi.\nCó bà và mẹ.\n",
            "Le préfet a été élu à côté\nde la forêt où l'âne\na mangé\n",
            "Résumé: naïve café.\nMöglich für Größe.\nNão é ação.\n",
            "Plain English text, e.g. x^2 + y^2 and a(b).\n",
            "",
        ] {
            assert_eq!(convert_text(text), None, "{text}");
        }
    }
}
