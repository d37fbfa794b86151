//! One page as read, and how a page picture becomes one: its words become blocks.

use crate::clean::{CleanPage, clean};
use crate::digits;
use crate::error::ExtractError;
use crate::layout::{self, PrintLine};
use crate::ocr::Reader;
use crate::picture::Picture;
use crate::print::{
    doubt_crossed, doubt_short_numbers, drop_specks, is_cell_text, is_print, marked, straighten_dash,
};
use crate::romans;
use crate::tones;
use crate::verdict;
use vanthu_model::{
    BBox, Block, BlockKind, Diagnostic, Line, Origin, Page, Region, Severity, Span, Verdict, Word,
};

/// A page as read, before the document's text is laid out.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageReading {
    pub page: Page,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether OCR read it.
    pub ocr: bool,
    /// The columns of the tables on it; the page's cells name their table by its index here.
    pub tables: Vec<layout::Columns>,
}

impl PageReading {
    /// Sets the page's number from its index, here and in its diagnostics.
    pub(crate) fn number(&mut self, index: usize) {
        self.page.number = index as u32 + 1;
        for d in &mut self.diagnostics {
            d.page = Some(self.page.number);
        }
    }

    /// Adds a diagnostic about the page.
    pub(crate) fn remark(&mut self, code: &str, severity: Severity, message: String) {
        let page = Some(self.page.number);
        self.diagnostics.push(Diagnostic { code: code.into(), severity, message, span: None, page });
    }

    pub(crate) fn words(&self) -> usize {
        self.page.blocks.iter().flat_map(|b| &b.lines).map(|l| l.words.len()).sum()
    }

    /// Whether the words read are none: drawings, broken fonts or another script read as letters.
    fn is_gibberish(&self) -> bool {
        let words = || self.page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
        let count = words().count();
        let confidence: f32 = words().map(|w| w.confidence).sum::<f32>() / count.max(1) as f32;
        let syllables = words().filter(|w| verdict::holds_syllable(&w.text)).count();
        count >= GIBBERISH_WORDS && confidence < SURE_PAGE && (syllables as f32) < GIBBERISH * count as f32
    }

    /// Says so if the page has no words.
    pub(crate) fn note_emptiness(&mut self) {
        if self.words() == 0 {
            self.remark("page_without_text", Severity::Warning, "no text was found on the page".into());
        }
    }
}

/// Fewer words than this are too few to call gibberish.
const GIBBERISH_WORDS: usize = 8;

/// Doubtful text of which less than this share are syllables is gibberish; a page of English reaches 0.3.
const GIBBERISH: f32 = 0.2;

/// From this mean confidence on text is what it seems: a table of numbers holds no syllables either.
const SURE_PAGE: f32 = 0.8;

/// Cleans a page picture and reads it region by region, line by line.
pub(crate) fn read_picture(picture: Picture, reader: &mut impl Reader) -> Result<PageReading, ExtractError> {
    let (width, height) = picture.points();
    let mut clean = clean(picture);
    let mut steps = std::mem::take(&mut clean.steps);
    let mut blocks: Vec<Block> = Vec::new();
    let mut kept_out: Vec<Region> = clean.seals.iter().map(sealed).collect();
    let mut regions = Vec::new();
    let layout::Found { regions: found, tables, frames } = layout::regions(&clean, &mut steps);
    let frames: Vec<BBox> = frames.iter().map(|f| clean.placement.bbox(*f)).collect();
    for region in found {
        let mut lines: Vec<Vec<Vec<Word>>> = Vec::new();
        for line in &region.lines {
            let parts = line.iter().map(|part| read_well(&clean, part, reader));
            let mut read = parts.collect::<Result<Vec<_>, _>>()?;
            digits::read_by_hand(&clean, region.kind, line, &mut read, &mut steps);
            lines.push(read);
        }
        if region.kind == BlockKind::Stamp {
            let lines: Vec<Vec<Word>> = lines.into_iter().map(|line| line.concat()).collect();
            let lines: Vec<&[Word]> = lines.iter().map(Vec::as_slice).collect();
            kept_out.extend(marked(BlockKind::Stamp, &lines));
            continue;
        }
        lines.iter_mut().flatten().flatten().for_each(|word| doubt_crossed(word, &frames));
        let cell = region.cell.map(|(cell, r)| (cell, clean.placement.bbox(r)));
        regions.push((region.kind, cell, lines));
    }
    let outside = || regions.iter().filter(|(kind, ..)| *kind != BlockKind::Table);
    let parts = || outside().flat_map(|(.., lines)| lines).flatten().map(Vec::as_slice);
    let stamps = layout::registry_stamps(parts(), (width, height));
    let seen = |of_stamp: &dyn Fn(&[Word]) -> bool| {
        let said: Vec<&[Word]> = parts().filter(|p| of_stamp(p)).collect();
        marked(BlockKind::Stamp, &said)
    };
    kept_out.extend(stamps.iter().filter_map(|stamp| seen(&|p| layout::in_stamp(p, stamp))));
    kept_out.extend(frames.iter().filter_map(|frame| seen(&|p| layout::heads_frame(p, frame))));
    let in_stamp = |p: &[Word]| {
        stamps.iter().any(|stamp| layout::in_stamp(p, stamp))
            || frames.iter().any(|frame| layout::heads_frame(p, frame))
    };
    for (kind, place, lines) in regions {
        let in_columns = kind != BlockKind::Text;
        let (cell, bbox) = place.unzip();
        let mut block = Block { kind, cell, bbox, ..Block::default() };
        for line in lines {
            let mut words = Vec::new();
            for mut read in line {
                if kind == BlockKind::Table {
                    doubt_short_numbers(&mut read);
                }
                if kind != BlockKind::Table && in_stamp(&read) {
                    continue;
                }
                if is_print(&read) || cell.is_some_and(|c| is_cell_text(&read, c)) {
                    words.extend(read);
                } else {
                    kept_out.extend(marked(BlockKind::Handwriting, &[&read]));
                }
            }
            for stamp in stamps.iter().filter(|_| kind != BlockKind::Table) {
                layout::drop_stamped(&mut words, stamp);
            }
            drop_specks(&mut words);
            straighten_dash(&mut words);
            if !words.is_empty() {
                push_line(&mut block, line_of(words));
            }
        }
        if !block.lines.is_empty() || in_columns {
            blocks.push(block);
        }
    }
    name_columns(&mut blocks);
    let scraps = layout::grow_feet(&mut blocks);
    kept_out.extend(scraps.iter().filter_map(|words| marked(BlockKind::Handwriting, &[words])));
    mark_page_number(&mut blocks, (width, height));
    blocks.retain(|b| !b.lines.is_empty());
    steps.push("ocr".to_owned());
    let page = Page {
        width: Some(width),
        height: Some(height),
        verdict: Verdict::Empty,
        origin: Origin::Ocr,
        steps,
        regions: kept_out,
        blocks,
        ..Page::default()
    };
    let mut reading = PageReading { page, ocr: true, tables, ..PageReading::default() };
    if reading.is_gibberish() {
        reading.page.blocks.clear();
        let message = "what OCR read on the page makes no words and was left out";
        reading.remark("page_unreadable", Severity::Error, message.into());
    }
    reading.note_emptiness();
    Ok(reading)
}

/// The place of a seal that was erased: nothing was read there.
fn sealed(bbox: &BBox) -> Region {
    Region { kind: BlockKind::Stamp, bbox: Some(*bbox), ..Region::default() }
}

/// Says what columns side by side are, now that their words are known.
fn name_columns(blocks: &mut [Block]) {
    let text = |b: &Block| layout::plain(b.lines.iter().flat_map(|l| &l.words).map(|w| w.text.as_str()));
    for i in 1..blocks.len() {
        if (blocks[i - 1].kind, blocks[i].kind) == (BlockKind::HeadLeft, BlockKind::HeadRight) {
            (blocks[i - 1].kind, blocks[i].kind) = layout::columns(&text(&blocks[i - 1]), &text(&blocks[i]));
        }
    }
}

/// Takes a page number out of the first or last block into one of its own.
fn mark_page_number(blocks: &mut Vec<Block>, size: (f32, f32)) {
    let is_number = |line: &Line| {
        let rect = line.bbox.map(|b| [b.x0, b.y0, b.x1, b.y1]);
        rect.is_some_and(|r| layout::is_page_number(line.words.iter().map(|w| w.text.as_str()), r, size))
    };
    let own = |line: Line| Block {
        kind: BlockKind::Furniture,
        bbox: line.bbox,
        lines: vec![line],
        ..Block::default()
    };
    if let Some(first) = blocks.first_mut().filter(|b| b.cell.is_none())
        && first.lines.first().is_some_and(is_number)
    {
        let number = own(first.lines.remove(0));
        blocks.insert(0, number);
    } else if let Some(last) = blocks.last_mut().filter(|b| b.cell.is_none())
        && last.lines.last().is_some_and(is_number)
        && let Some(line) = last.lines.pop()
    {
        blocks.push(own(line));
    }
}

/// Reads a part of a line, and again without what reaches out of the line where nothing was made of it: the strokes of a
/// signature over a name.
fn read_well(
    page: &CleanPage,
    part: &PrintLine,
    reader: &mut impl Reader,
) -> Result<Vec<Word>, ExtractError> {
    let read = read_part(page, part, reader)?;
    if !is_print(&read)
        && let Some(trimmed) = part.trimmed()
    {
        let again = read_part(page, &trimmed, reader)?;
        if again.iter().all(|w| w.confidence >= SURE_TRIMMED) && is_print(&again) && again.len() > 1 {
            return Ok(again);
        }
    }
    Ok(read)
}

/// Each word of a line without what reached out of it is read as surely as this, or the line is none.
const SURE_TRIMMED: f32 = 0.6;

fn read_part(
    page: &CleanPage,
    part: &PrintLine,
    reader: &mut impl Reader,
) -> Result<Vec<Word>, ExtractError> {
    let mut words = reader.read_line(&part.picture, page.dpi)?;
    romans::count(part, &mut words);
    tones::settle(part, &mut words);
    let made = words.into_iter().map(|w| {
        let [x0, y0, x1, y1] = w.pixels;
        let bbox = page.placement.bbox([x0 + part.left, y0 + part.top, x1 + part.left, y1 + part.top]);
        Word { readings: w.readings, ..word(w.text, bbox, w.confidence, Origin::Ocr) }
    });
    Ok(made.collect())
}

/// A word whose text is as read.
pub(crate) fn word(text: String, bbox: BBox, confidence: f32, origin: Origin) -> Word {
    Word { raw: text.clone(), text, bbox: Some(bbox), confidence, origin, ..Word::default() }
}

/// A line around its words.
pub(crate) fn line_of(words: Vec<Word>) -> Line {
    let bbox = words.iter().filter_map(|w| w.bbox).reduce(BBox::union);
    Line { span: Span::default(), bbox, words }
}

/// Adds a line to a block and grows its box.
pub(crate) fn push_line(block: &mut Block, line: Line) {
    block.bbox = match (block.bbox, line.bbox) {
        (Some(a), Some(b)) => Some(a.union(b)),
        (a, b) => a.or(b),
    };
    block.lines.push(line);
}
