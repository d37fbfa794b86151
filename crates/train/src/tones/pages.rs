//! Pages whose text is known, as they are read.

use super::fonts::Fonts;
use crate::learn::Sample;
use extractor::net::SIDE;
use extractor::tones::{Seen, class, recorded};
use extractor::{Extractor, Options};
use fixtures::compose::{Composer, Margins};
use fixtures::fonts::Style;
use fixtures::page::Region;
use fixtures::paragraph::{Form, Paragraph, Span};
use fixtures::profile::{Fixed, Profile};
use fixtures::{pdf, render};
use image::{DynamicImage, ImageFormat};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::Cursor;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A letter that bears a tone.
pub struct Letter {
    /// What it is, and what it was read as.
    pub class: usize,
    /// See there.
    pub read: usize,
    /// It is not learned from.
    pub aside: bool,
    /// What the net sees, 0 paper to 255 ink.
    picture: Vec<u8>,
}

impl Letter {
    /// As the net sees it.
    pub fn sample(&self) -> Sample {
        (self.class, self.picture.iter().map(|v| f32::from(*v) / 255.0).collect())
    }

    /// The same a little larger or smaller, moved aside, paler or darker: as other fonts and scanners would have it.
    pub fn distorted(&self, rng: &mut ChaCha8Rng) -> Sample {
        let mut draw = |reach: f32| rng.random_range(-reach..=reach);
        let (scale_x, scale_y, slant) = (1.0 + draw(0.12), 1.0 + draw(0.12), draw(0.08));
        let (move_x, move_y) = (draw(2.2), draw(1.7));
        let (gamma, pale, noise) = (draw(0.5).exp(), 1.0 + draw(0.2), 0.08 * draw(1.0).powi(2));
        let middle = (SIDE - 1) as f32 / 2.0;
        let shade = |x: i32, y: i32| {
            let inside = |v: i32| usize::try_from(v).ok().filter(|v| *v < SIDE);
            let place = inside(x).zip(inside(y)).and_then(|(x, y)| self.picture.get(y * SIDE + x));
            place.map_or(0.0, |v| f32::from(*v) / 255.0)
        };
        let mut seen = Vec::with_capacity(SIDE * SIDE);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let (dx, dy) = (x as f32 - middle, y as f32 - middle);
                let sx = middle + dx * scale_x + dy * slant + move_x;
                let sy = middle + dy * scale_y + move_y;
                let (fx, fy) = (sx - sx.floor(), sy - sy.floor());
                let (ix, iy) = (sx.floor() as i32, sy.floor() as i32);
                let upper = shade(ix, iy) * (1.0 - fx) + shade(ix + 1, iy) * fx;
                let lower = shade(ix, iy + 1) * (1.0 - fx) + shade(ix + 1, iy + 1) * fx;
                let v = upper * (1.0 - fy) + lower * fy;
                let v = v.powf(gamma) * pale + noise * rng.random_range(-1.7..=1.7);
                seen.push(v.clamp(0.0, 1.0));
            }
        }
        (self.class, seen)
    }

    /// Letters as bytes.
    pub fn write_all(letters: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(letters.len() * (3 + SIDE * SIDE));
        for l in letters {
            bytes.extend([l.class as u8, l.read as u8, u8::from(l.aside)]);
            bytes.extend(&l.picture);
        }
        bytes
    }

    /// What [`Letter::write_all`] wrote.
    pub fn read_all(bytes: &[u8]) -> Vec<Self> {
        let letter = |b: &[u8]| match b {
            [class, read, aside, picture @ ..] => Some(Self {
                class: usize::from(*class),
                read: usize::from(*read),
                aside: *aside > 0,
                picture: picture.to_vec(),
            }),
            _ => None,
        };
        bytes.chunks_exact(3 + SIDE * SIDE).filter_map(letter).collect()
    }
}

/// Makes pages and reads them.
pub struct Press {
    fonts: Fonts,
    syllables: Vec<String>,
    extractor: Extractor,
}

/// Words on a page, and in a paragraph.
const WORDS: usize = 330;
const PARAGRAPH: usize = 55;

/// Letters with marks that a font must have, and what stands behind some words.
pub const LETTERS: &str = "ăâđêôơưĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";
pub const POINTS: [char; 4] = [',', '.', ';', ')'];

impl Press {
    /// Fonts and reader for pages of these syllables, one a line.
    pub fn new(syllables: &str) -> Result<Self, String> {
        let words = syllables.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        Ok(Self {
            fonts: Fonts::load()?,
            syllables: words.map(|w| w.nfc().collect()).collect(),
            extractor: Extractor::new(Options::default()).map_err(|e| e.to_string())?,
        })
    }

    /// The letters of the page of this seed.
    pub fn letters(&self, seed: u64, aside: bool) -> Result<Vec<Letter>, String> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let words: Vec<String> = (0..WORDS).map(|_| self.word(&mut rng)).collect();
        let fonts = self.fonts.draw(rng.random(), rng.random()).ok_or("no font")?;
        let mut composer = Composer::new(fonts, Margins::default());
        let size = [12.0, 13.0, 13.0, 14.0, 14.0][rng.random_range(0..5)];
        for part in words.chunks(PARAGRAPH) {
            let style = match rng.random_range(0..20) {
                0..2 => Style::BOLD,
                2..5 => Style::ITALIC,
                5 => Style::BOLD_ITALIC,
                _ => Style::REGULAR,
            };
            let form = Form { leading: rng.random_range(1.1..1.5), ..Form::body(size) };
            let spans = vec![Span { text: part.join(" "), style }];
            composer
                .paragraph(Region::Body, &Paragraph { spans, form, rule: 0.0 })
                .map_err(|e| e.to_string())?;
        }
        let pages = composer.finish().map_err(|e| e.to_string())?;
        let bytes = pdf::write(&pages, fonts).map_err(|e| e.to_string())?;
        let damage = Profile::Mixed.damage(seed, &Fixed::default());
        let sheet = render::page(&bytes, 0, damage.dpi).map_err(|e| e.to_string())?;
        let sheet = DynamicImage::ImageLuma8(damage.apply(&sheet, seed));
        let mut png = Vec::new();
        sheet.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(|e| e.to_string())?;
        let (read, seen) = recorded(|| self.extractor.extract(&png, "page.png"));
        read.map_err(|e| e.to_string())?;
        Ok(pairs(&seen, &words).into_iter().filter_map(|(seen, word)| letter(seen, word, aside)).collect())
    }

    /// A syllable, each as likely as the others or by how frequent it is, sometimes as it stands at an end of a sentence.
    fn word(&self, rng: &mut ChaCha8Rng) -> String {
        let share: f64 = rng.random();
        let share = if rng.random_bool(0.5) { share } else { share.powi(3) };
        let at = (share * self.syllables.len() as f64) as usize;
        let mut word = self.syllables.get(at).cloned().unwrap_or_default();
        if rng.random_bool(0.1) {
            let mut letters = word.chars();
            word = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        }
        if rng.random_bool(0.1) {
            word.push(POINTS[rng.random_range(0..POINTS.len())]);
        }
        word
    }
}

/// A letter as it was seen and what truly stands there.
fn letter(seen: &Seen, word: &str, aside: bool) -> Option<Letter> {
    let first = |word: &str| word.chars().position(char::is_alphanumeric);
    let at = first(word)? + seen.at.checked_sub(first(&seen.word)?)?;
    Some(Letter {
        class: class(word.chars().nth(at)?)?,
        read: seen.class,
        aside,
        picture: seen.picture.iter().map(|v| (v * 255.0) as u8).collect(),
    })
}

/// What was seen with the words that stand there: the longest sequence whose letters are the same without marks.
fn pairs<'a>(seen: &'a [Seen], words: &'a [String]) -> Vec<(&'a Seen, &'a str)> {
    let bare = |word: &str| -> String {
        let letters = word.nfd().filter(|c| !is_combining_mark(*c) && c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).map(|c| if c == 'đ' { 'd' } else { c }).collect()
    };
    let (a, b): (Vec<String>, Vec<String>) =
        (seen.iter().map(|s| bare(&s.word)).collect(), words.iter().map(|w| bare(w)).collect());
    let mut longest = vec![vec![0_u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = match a[i] == b[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while let (Some(s), Some(w)) = (seen.get(i), words.get(j)) {
        if a[i] == b[j] {
            pairs.push((s, w.as_str()));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
