//! What the readers of office formats have in common: text that flows in blocks, and how it becomes a document.

use super::cells::Cells;
use super::laid::{LaidRow, LaidTable};
use crate::error::ExtractError;
use crate::layout;
use crate::legacy::{self, Hint, Piece};
use crate::options::Limits;
use crate::plain::remark_converted;
use crate::verdict;
use vanthu_model::{
    Block, BlockKind, Cell, Diagnostic, Document, Line, Origin, Page, Severity, Span, Verdict, Word,
};

/// A run of text that becomes a block: a paragraph, or a cell with its paragraphs. Lines end with `\n`.
#[derive(Debug, Clone, Default)]
struct FlowBlock {
    kind: BlockKind,
    pieces: Vec<Piece>,
    /// Whether it begins a page.
    page_break: bool,
    cell: Option<Cell>,
}

impl FlowBlock {
    fn is_empty(&self) -> bool {
        self.pieces.iter().all(|p| p.text.trim().is_empty())
    }

    fn plain(&self) -> String {
        layout::plain(self.pieces.iter().map(|p| p.text.as_str()))
    }
}

/// Collects the text of an office document in reading order.
///
/// Text goes into the open block; what ends it says what it was. Text boxes and notes interrupt a block: they are put
/// [aside](Flow::aside) and come before it.
#[derive(Debug)]
pub(crate) struct Flow {
    blocks: Vec<FlowBlock>,
    open: FlowBlock,
    /// Open blocks that text boxes and notes have interrupted, the innermost last.
    interrupted: Vec<FlowBlock>,
    /// Where the rows of the open tables began, the innermost last.
    rows: Vec<usize>,
    cells: Cells,
    /// Blocks there were as the cells of the outermost open row ended.
    cell_ends: Vec<usize>,
    laid: LaidTable,
    page_break: bool,
    pages: usize,
    bytes: u64,
    max_pages: usize,
    max_text_bytes: u64,
    /// Pictures that may hold print.
    pictures: usize,
}

/// A picture of at least so many square points, a fiftieth of a page, may hold print: a pasted scan, no emblem.
const SOME_PRINT: f32 = 10_000.0;

impl Flow {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            blocks: Vec::new(),
            open: FlowBlock::default(),
            interrupted: Vec::new(),
            rows: Vec::new(),
            cells: Cells::default(),
            cell_ends: Vec::new(),
            laid: LaidTable::default(),
            page_break: false,
            pages: 1,
            bytes: 0,
            max_pages: limits.max_pages,
            max_text_bytes: limits.max_text_bytes,
            pictures: 0,
        }
    }

    /// Adds text set in a font of which `hint` is known.
    ///
    /// # Errors
    /// `too_large` where the document holds more text than the limit.
    pub(crate) fn text(&mut self, text: &str, hint: Option<Hint>) -> Result<(), ExtractError> {
        self.bytes += text.len() as u64;
        if self.bytes > self.max_text_bytes {
            return Err(ExtractError::too_large(
                format!("the document holds more than {} bytes of text", self.max_text_bytes),
                "max_text_bytes",
            ));
        }
        match self.open.pieces.last_mut() {
            Some(last) if last.hint == hint => last.text.push_str(text),
            _ => self.open.pieces.push(Piece { text: text.to_owned(), hint, converted: false }),
        }
        Ok(())
    }

    /// Ends the line, not the block. Line ends belong to no font.
    pub(crate) fn end_line(&mut self) {
        match self.open.pieces.last_mut() {
            Some(last) => last.text.push('\n'),
            None => self.open.pieces.push(Piece { text: "\n".into(), ..Piece::default() }),
        }
    }

    /// Ends the block; an empty one leaves nothing.
    pub(crate) fn end_block(&mut self, kind: BlockKind) {
        if self.rows.is_empty() && self.interrupted.is_empty() {
            self.end_laid();
        }
        self.close_block(kind);
    }

    fn close_block(&mut self, kind: BlockKind) {
        let mut block = std::mem::take(&mut self.open);
        if block.is_empty() {
            return;
        }
        block.kind = kind;
        // Text boxes and notes are no part of a table.
        block.cell = self.cells.open().filter(|_| self.interrupted.is_empty());
        block.page_break = std::mem::take(&mut self.page_break);
        self.blocks.push(block);
    }

    /// Whether something but white space stands in the open block.
    pub(crate) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Ends the block and the page.
    ///
    /// # Errors
    /// `too_large` where the document has more pages than the limit.
    pub(crate) fn end_page(&mut self) -> Result<(), ExtractError> {
        self.end_block(if self.rows.is_empty() { BlockKind::Text } else { BlockKind::Table });
        if !self.page_break && !self.blocks.is_empty() && self.interrupted.is_empty() {
            self.page_break = true;
            self.pages += 1;
        }
        if self.pages > self.max_pages {
            return Err(ExtractError::too_large(
                format!("the document holds more than {} pages", self.max_pages),
                "max_pages",
            ));
        }
        Ok(())
    }

    /// Begins a table whose cells tell which rows and columns they cover. Rows may stand without one.
    pub(crate) fn begin_table(&mut self) {
        self.cells.begin_table();
    }

    /// Ends a table.
    pub(crate) fn end_table(&mut self) {
        let Some((table, grown)) = self.cells.end_table() else { return };
        let cells = self.blocks.iter_mut().rev().filter_map(|b| b.cell.as_mut());
        for cell in cells.take_while(|cell| cell.table == table) {
            cell.row_span = grown.get(&(cell.row, cell.column)).copied().unwrap_or(cell.row_span);
        }
    }

    /// Begins a row of a table, inside a cell of another one where that is open.
    pub(crate) fn begin_row(&mut self) {
        // Between two rows of a table stands nothing, not even an empty block.
        match self.rows.is_empty() {
            true if self.is_open() => self.end_block(BlockKind::Text),
            true => self.close_block(BlockKind::Text),
            false => self.close_block(BlockKind::Table),
        }
        if self.rows.is_empty() {
            self.cell_ends.clear();
        }
        self.rows.push(self.blocks.len());
        self.cells.begin_row();
    }

    /// Tells which cell begins: see [`Cells`].
    pub(crate) fn cells(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// Ends a cell.
    pub(crate) fn end_cell(&mut self) {
        self.end_block(BlockKind::Table);
        self.cells.end_cell();
        if self.rows.len() == 1 {
            self.cell_ends.push(self.blocks.len());
        }
    }

    /// Ends a row. A row of two cells that hold the head or the foot of an official document is no table.
    pub(crate) fn end_row(&mut self) {
        self.end_block(BlockKind::Table);
        let from = self.rows.pop().unwrap_or(self.blocks.len());
        if let Some([left, right]) = self.blocks.get_mut(from..) {
            let (a, b) = layout::columns(&left.plain(), &right.plain());
            if a != BlockKind::Text {
                (left.kind, right.kind) = (a, b);
                (left.cell, right.cell) = (None, None);
            }
        }
    }

    /// Ends a row that says only now how its cells are laid.
    pub(crate) fn end_laid_row(&mut self, row: LaidRow) {
        let from = self.rows.last().copied();
        self.end_row();
        let Some(from) = from.filter(|_| self.rows.is_empty()) else { return };
        use BlockKind::{FootLeft, FootRight, HeadLeft, HeadRight};
        let mut blocks = self.blocks.get(from..).unwrap_or_default().iter();
        let no_table = blocks.any(|b| matches!(b.kind, HeadLeft | HeadRight | FootLeft | FootRight));
        if no_table || row.cells.is_empty() {
            self.end_laid();
        } else {
            self.laid.push(row, from, &std::mem::take(&mut self.cell_ends));
        }
    }

    /// Ends a table of laid rows: only now it is known which columns it has.
    fn end_laid(&mut self) {
        if self.laid.is_empty() {
            return;
        }
        let table = std::mem::take(&mut self.laid).finish(self.cells.count_table());
        for (range, cell) in table {
            // Text boxes and notes are no part of a table.
            let blocks = self.blocks.get_mut(range).unwrap_or_default().iter_mut();
            blocks.filter(|b| b.kind == BlockKind::Table).for_each(|b| b.cell = Some(cell));
        }
    }

    /// Interrupts the block for a text box or a note, until [`Flow::resume`]. What stands in it comes before the block.
    pub(crate) fn aside(&mut self) {
        self.interrupted.push(std::mem::take(&mut self.open));
    }

    /// Ends the text box or note, which is of this `kind`, and goes on with the interrupted block.
    pub(crate) fn resume(&mut self, kind: BlockKind) {
        self.end_block(kind);
        self.open = self.interrupted.pop().unwrap_or_default();
    }

    /// Notes a picture of this size in points: nothing reads it.
    pub(crate) fn picture(&mut self, width: f32, height: f32) {
        self.pictures += usize::from(width * height >= SOME_PRINT);
    }

    /// What to say of pictures that may hold print.
    fn remark_pictures(&self) -> Option<Diagnostic> {
        let told = match self.pictures {
            0 => return None,
            1 => "a picture in the document was not read".to_owned(),
            n => format!("{n} pictures in the document were not read"),
        };
        Some(Diagnostic {
            code: "picture_not_read".into(),
            severity: Severity::Warning,
            message: format!("{told}: if print stands in it, convert the file to PDF"),
            span: None,
            page: None,
        })
    }

    /// The document. `no_text` where nothing was collected.
    pub(crate) fn finish(mut self) -> Result<(Document, Vec<Diagnostic>), ExtractError> {
        while !self.interrupted.is_empty() {
            self.resume(BlockKind::Text);
        }
        self.end_block(BlockKind::Text);
        let empty = match self.pictures {
            0 => "the document holds no text",
            _ => "the document holds no text but pictures: convert it to PDF to have them read",
        };
        if self.blocks.is_empty() {
            return Err(ExtractError::no_text(empty));
        }
        let mut pieces: Vec<Vec<Piece>> =
            self.blocks.iter_mut().map(|b| std::mem::take(&mut b.pieces)).collect();
        let found = legacy::convert_pieces(&mut pieces);
        let mut document = Document::default();
        for (flow, pieces) in self.blocks.iter().zip(&pieces) {
            if flow.page_break || document.pages.is_empty() {
                let number = document.pages.len() as u32 + 1;
                document.pages.push(Page { number, ..Page::default() });
            }
            let Some(page) = document.pages.last_mut() else { continue };
            let block = Block { cell: flow.cell, ..block(flow.kind, pieces) };
            if !block.lines.is_empty() {
                page.blocks.push(block);
            }
        }
        for page in &mut document.pages {
            let words = || page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
            let converted = words().any(|w| w.origin == Origin::Converted);
            page.verdict = if converted {
                Verdict::LegacyEncoding
            } else {
                verdict::judge(words().map(|w| w.text.as_str()), false)
            };
            page.origin = if converted { Origin::Converted } else { Origin::File };
        }
        document.rebuild();
        if document.words().next().is_none() {
            return Err(ExtractError::no_text(empty));
        }
        let remarks = remark_converted(&found).into_iter().chain(self.remark_pictures());
        Ok((document, remarks.collect()))
    }
}

fn block(kind: BlockKind, pieces: &[Piece]) -> Block {
    let origin = if pieces.iter().any(|p| p.converted) { Origin::Converted } else { Origin::File };
    let text: String = pieces.iter().map(|p| p.text.as_str()).collect();
    let lines = text.split('\n').map(|line| {
        let words = line.split_whitespace().map(|w| Word {
            raw: w.to_owned(),
            text: w.to_owned(),
            confidence: 1.0,
            origin,
            ..Word::default()
        });
        Line { span: Span::default(), bbox: None, words: words.collect() }
    });
    Block { kind, lines: lines.filter(|l| !l.words.is_empty()).collect(), ..Block::default() }
}
