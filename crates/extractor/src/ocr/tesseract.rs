//! Tesseract 5: one open engine a thread.

use super::models::{INSTALL, Model};
use super::stretch::{doubtful, picture};
use super::vote::{is_plausible, vote};
use super::{OcrWord, Reader, choices, ones, tsv};
use crate::error::ExtractError;
use image::GrayImage;
use std::cell::RefCell;
use tesseract::{OcrEngineMode, PageSegMode, Tesseract, TesseractError};

thread_local! {
    /// The engines this thread has opened, one a model. Opening costs 60 ms and 75 MB, reading a line 20 ms: so engines
    /// are kept, and never shared, since Tesseract's handles belong to one thread at a time.
    static OPEN: RefCell<Vec<(Model, Asked, Tesseract)>> = const { RefCell::new(Vec::new()) };
}

/// What an engine is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Its words.
    Words,
    /// What else its symbols may be, too: that costs an eighth more, so that only what is in doubt is read so.
    Choices,
}

/// Words below this confidence are read by the second model too.
const SURE: f32 = 0.9;

/// Reads with the calling thread's engines for `models`: the first reads every line, the second what is in doubt.
pub(crate) struct TesseractReader<'m> {
    pub models: &'m [Model],
}

impl Reader for TesseractReader<'_> {
    fn read_line(&mut self, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError> {
        let mut words = without_echoes(self.voted(line, dpi)?);
        ones::mend(&mut words);
        Ok(words)
    }
}

impl TesseractReader<'_> {
    /// What the first model reads, and where that is in doubt what both make of it.
    fn voted(&self, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError> {
        let Some((first, others)) = self.models.split_first() else { return Ok(Vec::new()) };
        let words = read_with(first, Asked::Words, line, dpi)?;
        let Some(second) = others.first() else { return Ok(words) };
        if words.is_empty() {
            return read_with(second, Asked::Choices, line, dpi);
        }
        let stretches = doubtful(&words, SURE, line);
        let mut voted = Vec::with_capacity(words.len());
        let mut rest = words.into_iter().enumerate().peekable();
        for stretch in stretches {
            while let Some((_, word)) = rest.next_if(|(at, _)| *at < stretch.words.start) {
                voted.push(word);
            }
            let mut read_first = Vec::with_capacity(stretch.words.len());
            while let Some((_, word)) = rest.next_if(|(at, _)| *at < stretch.words.end) {
                read_first.push(word);
            }
            let mut again = read_with(second, Asked::Choices, &picture(line, &stretch), dpi)?;
            for word in &mut again {
                word.pixels[0] += stretch.columns.start as f32;
                word.pixels[2] += stretch.columns.start as f32;
            }
            voted.extend(vote(read_first, again));
        }
        voted.extend(rest.map(|(_, word)| word));
        Ok(voted)
    }
}

fn read_with(model: &Model, asked: Asked, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError> {
    OPEN.with(|open_engines| {
        let mut engines = open_engines.borrow_mut();
        // Taken out while it works: an engine that failed is dropped with its state, and opened anew next time.
        let engine = match engines.iter().position(|(m, a, _)| m == model && *a == asked) {
            Some(at) => engines.swap_remove(at).2,
            None => open(model, asked)?,
        };
        let (engine, words) = recognise(engine, asked, line, dpi)
            .map_err(|e| ExtractError::damaged(format!("Tesseract could not read a line ({e})")))?;
        engines.push((model.clone(), asked, engine));
        Ok(words)
    })
}

/// Takes out words that stand twice for the same ink, from one reading or from both: the same text, one over the other or
/// both within less room than one of them takes; or two texts in one place, of which the more plausible stays.
fn without_echoes(words: Vec<OcrWord>) -> Vec<OcrWord> {
    let mut kept: Vec<OcrWord> = Vec::with_capacity(words.len());
    for word in words {
        if let Some(last) = kept.last_mut().filter(|last| is_one_place(last, &word)) {
            let worth = |w: &OcrWord| (is_plausible(&w.text), w.confidence);
            if worth(&word) > worth(last) {
                *last = word;
            }
            continue;
        }
        match kept.last_mut().filter(|last| is_echo(last, &word)) {
            Some(last) => {
                let (a, b) = (last.pixels, word.pixels);
                last.pixels = [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
                last.confidence = last.confidence.max(word.confidence);
            }
            None => kept.push(word),
        }
    }
    kept
}

/// The narrowest letters are this wide, in heights of a line.
const NARROW: f32 = 0.3;

/// Whether two words of different text fill the same room.
fn is_one_place(first: &OcrWord, second: &OcrWord) -> bool {
    const SAME: f32 = 0.7;
    let width = |w: &OcrWord| w.pixels[2] - w.pixels[0];
    let shared = first.pixels[2].min(second.pixels[2]) - first.pixels[0].max(second.pixels[0]);
    first.text != second.text && shared > SAME * width(first).max(width(second)).max(1.0)
}

fn is_echo(first: &OcrWord, second: &OcrWord) -> bool {
    let width = |w: &OcrWord| w.pixels[2] - w.pixels[0];
    let shared = first.pixels[2].min(second.pixels[2]) - first.pixels[0].max(second.pixels[0]);
    let room = second.pixels[2].max(first.pixels[2]) - first.pixels[0].min(second.pixels[0]);
    let height = (first.pixels[3] - first.pixels[1]).max(1.0);
    let letters = first.text.chars().count() as f32;
    let over = shared > 0.5 * width(first).min(width(second));
    first.text == second.text && (over || room < NARROW * height * (2.0 * letters + 1.0))
}

/// The command that installs the library on Debian and Ubuntu.
pub(crate) const INSTALL_LIBRARY: &str = "apt-get install libtesseract-dev";

fn open(model: &Model, asked: Asked) -> Result<Tesseract, ExtractError> {
    load().map_err(|e| {
        ExtractError::missing(
            format!("the Tesseract library cannot be loaded ({e})"),
            format!("install it with: {INSTALL_LIBRARY}"),
        )
    })?;
    let broken = |e: String| {
        ExtractError::missing(
            format!("Tesseract cannot open {}.traineddata in {} ({e})", model.name, model.folder.display()),
            INSTALL,
        )
    };
    let folder = model.folder.to_str().ok_or_else(|| broken("the folder's name is not UTF-8".into()))?;
    let mut engine = Tesseract::new_with_oem(Some(folder), Some(&model.name), OcrEngineMode::LstmOnly)
        .map_err(|e| broken(e.to_string()))?;
    for (name, value) in [
        // Words of one page must not colour the reading of the next: the same picture gives the same text.
        ("tessedit_enable_doc_dict", "0"),
        ("classify_enable_learning", "0"),
        // The library writes remarks to standard error otherwise.
        ("debug_file", "/dev/null"),
        ("lstm_choice_mode", if asked == Asked::Choices { "2" } else { "0" }),
    ] {
        engine = engine.set_variable(name, value).map_err(|e| broken(e.to_string()))?;
    }
    Ok(engine)
}

fn recognise(
    mut engine: Tesseract,
    asked: Asked,
    line: &GrayImage,
    dpi: f32,
) -> Result<(Tesseract, Vec<OcrWord>), TesseractError> {
    // The mode in which Tesseract takes the picture for the line, without looking for one in it.
    engine.set_page_seg_mode(PageSegMode::PsmRawLine);
    let (width, height) = (line.width() as i32, line.height() as i32);
    let mut engine = engine
        .set_frame(line.as_raw(), width, height, 1, width)?
        .set_source_resolution(dpi.round().clamp(70.0, 2400.0) as i32)
        .recognize()?;
    let mut words = tsv::words(&engine.get_tsv_text(0)?);
    if asked == Asked::Choices {
        choices::add(&mut words, &engine.get_hocr_text(0)?);
    }
    Ok((engine, words))
}

#[cfg(feature = "late")]
use super::late::load;

/// A library that is linked is there.
#[cfg(not(feature = "late"))]
fn load() -> Result<(), String> {
    Ok(())
}

/// The version of the Tesseract library, such as "5.3.0".
///
/// # Errors
/// Why it could not be loaded.
pub(crate) fn version() -> Result<String, String> {
    load()?;
    // SAFETY: `TessVersion` takes nothing and returns a pointer to a static NUL-terminated string.
    let version = unsafe { std::ffi::CStr::from_ptr(tesseract_sys::TessVersion()) };
    Ok(version.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_twice_for_the_same_ink_is_one_word() {
        let word = |text: &str, x0: f32, x1: f32| OcrWord {
            text: text.into(),
            confidence: 0.9,
            pixels: [x0, 0.0, x1, 20.0],
            ..OcrWord::default()
        };
        let texts =
            |words: Vec<OcrWord>| without_echoes(words).into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(
            texts(vec![word("Nội", 0.0, 30.0), word("Nội", 0.0, 80.0), word("vụ", 95.0, 120.0)]),
            ["Nội", "vụ"]
        );
        assert_eq!(texts(vec![word("Á", 0.0, 3.0), word("Á", 5.0, 8.0)]), ["Á"]);
        assert_eq!(texts(vec![word("Š", 0.0, 20.0), word("5", 2.0, 18.0)]), ["5"]);
        assert_eq!(texts(vec![word("vi", 0.0, 20.0), word("vi", 32.0, 50.0)]), ["vi", "vi"]);
        assert_eq!(texts(vec![word("3", 0.0, 10.0), word("3", 200.0, 210.0)]), ["3", "3"]);
    }
}
