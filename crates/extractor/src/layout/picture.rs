//! The print of a page picture: which ink is print, in which order its columns are read, and each line as a picture.

use super::bands::{Band, Rect, bands, inside, quantile};
use super::frames::{self, is_stamp_sized};
use super::grid::{Grid, GridCell, grids, holds};
use super::lines::{InkLine, lines};
use super::marks::anchors;
use super::ruling::Ruling;
use super::tables::{Columns, Part, parts as in_order};
use crate::clean::CleanPage;
use crate::clean::components::{Component, Ink};
use crate::clean::threshold::ink_limit;
use image::{GrayImage, Luma};
use vanthu_model::{BlockKind, Cell as Place};

/// A line of print, ready to be read.
pub(crate) struct PrintLine {
    pub picture: GrayImage,
    /// Where the picture's top left lies on the page, in pixels.
    pub left: f32,
    pub top: f32,
    /// The rows of the picture, half-open, in which a line of print of this page lies.
    pub rows: (u32, u32),
    /// Top and bottom of the small letters, in rows of the picture.
    pub core: (f32, f32),
}

/// Shares of the pixels of a line that are darker than its ink and than its paper, and how many grey levels part the two.
const INK_SHARE: f32 = 0.03;
const PAPER_SHARE: f32 = 0.8;
const CONTRAST: f32 = 30.0;

/// A picture that is higher than an ordinary line by this factor holds more than print.
const HIGH: f32 = 1.2;

impl PrintLine {
    /// The line without what reaches above and below it, strokes of a signature or of a seal; `None` where nothing does.
    pub(crate) fn trimmed(&self) -> Option<Self> {
        let (from, to) = (self.rows.0, self.rows.1.min(self.picture.height()));
        let ordinary = to.checked_sub(from).filter(|h| *h > 0)?;
        if self.picture.height() as f32 <= HIGH * ordinary as f32 {
            return None;
        }
        let picture =
            image::imageops::crop_imm(&self.picture, 0, from, self.picture.width(), ordinary).to_image();
        let core = (self.core.0 - from as f32, self.core.1 - from as f32);
        Some(Self { picture, left: self.left, top: self.top + from as f32, rows: (0, ordinary), core })
    }

    /// The brightness of its ink and of its paper; `None` where they hardly differ.
    pub(crate) fn shades(&self) -> Option<(f32, f32)> {
        let mut counts = [0_u32; 256];
        self.picture.pixels().for_each(|p| counts[usize::from(p[0])] += 1);
        let all: u32 = counts.iter().sum();
        let level = |share: f32| {
            let mut below = 0;
            let reached = |n: &u32| {
                below += n;
                below as f32 >= share * all as f32
            };
            counts.iter().position(reached).unwrap_or(255) as f32
        };
        let (ink, paper) = (level(INK_SHARE), level(PAPER_SHARE));
        (paper - ink > CONTRAST).then_some((ink, paper))
    }
}

/// A part of the page that is read on its own, line by line.
pub(crate) struct Region {
    pub kind: BlockKind,
    /// Of a cell: its place in the table, and its box.
    pub cell: Option<(Place, Rect)>,
    /// Each line as pieces from left to right, parted where much white lies between them.
    pub lines: Vec<Vec<PrintLine>>,
}

/// The print of a page.
#[derive(Default)]
pub(crate) struct Found {
    /// In reading order.
    pub regions: Vec<Region>,
    /// The columns of the tables, in points.
    pub tables: Vec<Columns>,
    /// The frames of stamps, in pixels.
    pub frames: Vec<Rect>,
}

/// White within a line wider than this, in ems, parts what may be table cells, or print and a stamp.
const PART: f32 = 2.5;

/// Ink of less than this many square ems is a speck; a full point has twice as much.
const SPECK: f32 = 0.005;

/// Rules are thinner than this and longer than that, in ems.
const RULE_THICK: f32 = 0.25;
const RULE_LONG: f32 = 2.0;

/// The picture of a line reaches at least this far above and below its small letters, in ems, so that all lines come in
/// like proportions.
const ROOM_ABOVE: f32 = 0.42;
const ROOM_BELOW: f32 = 0.24;

/// The brightness of what is painted over.
const PAPER: u8 = 255;

/// White around the picture of a line, in ems.
const MARGIN: f32 = 0.15;

/// Ruling lines that end this close to each other meet, in ems.
const MEETING: f32 = 0.3;

/// The page's print.
pub(crate) fn regions(page: &CleanPage, steps: &mut Vec<String>) -> Found {
    let limit = ink_limit(&page.gray);
    let ink = Ink::of(&page.gray, limit);
    let Some(em) = em(&ink.components, page.dpi) else { return Default::default() };
    match ruled(page, &ink, limit, em) {
        Some(ruled) => regions_around(&ruled.page, &ruled.ink, em, ruled.tables, ruled.frames, steps),
        None => regions_around(page, &ink, em, Vec::new(), Vec::new(), steps),
    }
}

/// A page and its ink without the lines that rule its tables and frame its stamps.
struct Ruled {
    page: CleanPage,
    ink: Ink,
    tables: Vec<Grid>,
    frames: Vec<Rect>,
}

/// The tables and stamps of the page that ruling lines draw; `None` where it holds none.
fn ruled(page: &CleanPage, ink: &Ink, limit: u8, em: f32) -> Option<Ruled> {
    let ruling = Ruling::of(&page.gray, limit, em);
    let size = (page.gray.width() as f32, page.gray.height() as f32);
    let rules = ruling.rules(em);
    let mut tables = grids(&rules, MEETING * em);
    tables.retain(|t| !is_stamp_sized(&t.rect, em, size));
    // Letters that touch a rule are part of it until it is gone.
    let holds_print = |table: &Grid| {
        let middles = ink.components.iter().filter(|c| is_print(c, em) && c.height() as f32 > LETTER * em);
        let filled: Vec<usize> = middles
            .filter_map(|c| table.cell_at((c.x0 + c.x1) as f32 / 2.0, (c.y0 + c.y1) as f32 / 2.0))
            .collect();
        table.is_table(|cell| filled.contains(&cell))
    };
    tables.retain(holds_print);
    let mut frames = frames::drawn(&rules, em, size);
    frames.retain(|f| !tables.iter().any(|t| holds(&t.rect, (f[0] + f[2]) / 2.0, (f[1] + f[3]) / 2.0)));
    if tables.is_empty() && frames.is_empty() {
        return None;
    }
    let drawn: Vec<Grid> = tables.iter().cloned().chain(frames.iter().map(frames::as_grid)).collect();
    let gray = ruling.erased(&page.gray, limit, &drawn, em);
    let ink = Ink::of(&gray, limit);
    let page =
        CleanPage { gray, dpi: page.dpi, steps: Vec::new(), placement: page.placement, seals: Vec::new() };
    Some(Ruled { page, ink, tables, frames })
}

/// The regions of the page, whose `tables`, from top to bottom, and `frames` have lost their lines: stamps first, then the
/// rest in reading order, tables cell by cell.
fn regions_around(
    page: &CleanPage,
    ink: &Ink,
    em: f32,
    tables: Vec<Grid>,
    mut frames: Vec<Rect>,
    steps: &mut Vec<String>,
) -> Found {
    let size = (page.gray.width() as f32, page.gray.height() as f32);
    frames.extend((0..ink.components.len()).filter_map(|i| frames::of_piece(ink, i, em, size)));
    let stamp_of = |c: &Component| {
        let stamp = frames::frame_of(&rect(c), &frames, em)?;
        let cut_off = frames::is_cut_off(&rect(c), frames.get(stamp)?, ink.components.iter().map(rect), em);
        (!cut_off).then_some(stamp)
    };
    let print: Vec<(usize, Rect)> = ink
        .components
        .iter()
        .enumerate()
        .filter(|(_, c)| is_print(c, em) && stamp_of(c).is_none())
        .map(|(i, c)| (i, rect(c)))
        .collect();
    let anchors = anchors(&print, em);
    let in_table = |r: &Rect| {
        let (x, y) = ((r[0] + r[2]) / 2.0, (r[1] + r[3]) / 2.0);
        tables.iter().any(|t| t.cell_at(x, y).is_some())
    };
    note(page, &tables, steps);
    // The table and the cell that each piece stands in, by its own place: the comma of a number is not the mark of a letter in
    // the row below.
    let cell_of = |(_, r): &(usize, Rect)| {
        let (x, y) = ((r[0] + r[2]) / 2.0, (r[1] + r[3]) / 2.0);
        let found = tables.iter().enumerate().find_map(|(t, table)| Some((t, table.cell_at(x, y)?)));
        found.filter(|(t, c)| !tables.get(*t).is_some_and(|t| is_scrap(r, t.cells.get(*c), em)))
    };
    let homes: Vec<Option<(usize, usize)>> = print.iter().map(cell_of).collect();
    // Letters by their lower part: marks above capitals reach into the line above.
    let letters = print.iter().filter(|(_, r)| r[3] - r[1] > LETTER * em && !in_table(r));
    let mut boxes: Vec<Rect> = letters.map(|(_, r)| [r[0], r[1].max(r[3] - 0.62 * em), r[2], r[3]]).collect();
    boxes.extend(tables.iter().map(|t| t.rect));
    let rects: Vec<Rect> = tables.iter().map(|t| t.rect).collect();
    let mut regions = Vec::new();
    let mut push = |kind, cell, pieces: Vec<(usize, Rect)>| {
        let found = lines(&pieces, em);
        let lines = found.iter().map(|line| parts(page, ink, line, em)).collect();
        regions.push(Region { kind, cell, lines });
    };
    for (f, _) in frames.iter().enumerate() {
        let all = ink.components.iter().enumerate().filter(|(_, c)| is_print(c, em));
        let own = all.filter(|(_, c)| stamp_of(c) == Some(f));
        push(BlockKind::Stamp, None, own.map(|(i, c)| (i, rect(c))).collect());
    }
    for part in in_order(bands(&boxes, em), &rects) {
        let band = match part {
            Part::Band(band) => band,
            Part::Table(index) => {
                for (c, cell) in tables.get(index).into_iter().flat_map(|t| &t.cells).enumerate() {
                    let own = print.iter().zip(&homes).filter(|(_, home)| **home == Some((index, c)));
                    let place = Some((cell.place(index), cell.rect));
                    push(BlockKind::Table, place, own.map(|(piece, _)| *piece).collect());
                }
                continue;
            }
        };
        let members = || {
            let of_band = print.iter().zip(&anchors).filter(|(_, anchor)| inside(anchor, &band));
            let outside = of_band.filter(|((_, r), _)| !in_table(r));
            outside.map(|(piece, anchor)| (*piece, (anchor[0] + anchor[2]) / 2.0))
        };
        match band {
            Band { cut: Some(cut), .. } => {
                let left = members().filter(|(_, x)| *x < cut).map(|(p, _)| p).collect();
                let right = members().filter(|(_, x)| *x >= cut).map(|(p, _)| p).collect();
                push(BlockKind::HeadLeft, None, left);
                push(BlockKind::HeadRight, None, right);
            }
            _ => push(BlockKind::Text, None, members().map(|(p, _)| p).collect()),
        }
    }
    regions.retain(|r| r.lines.iter().any(|l| !l.is_empty()));
    let scale = 72.0 / page.dpi;
    let tables = tables.iter().map(|t| t.columns.iter().map(|x| x * scale).collect()).collect();
    Found { regions, tables, frames }
}

/// Names the tables found among the page's steps.
fn note(page: &CleanPage, tables: &[Grid], steps: &mut Vec<String>) {
    for t in tables {
        let b = page.placement.bbox(t.rect);
        let (rows, columns) = (t.rows(), t.columns.len().saturating_sub(1));
        let place = format!("{:.0} {:.0} {:.0} {:.0}", b.x0, b.y0, b.x1, b.y1);
        steps.push(format!("table of {rows} × {columns} at {place}"));
    }
}

/// Pieces of ink lower than this, in ems, are marks or points rather than letters.
const LETTER: f32 = 0.25;

/// Whether a piece of ink is what is left of a ruling line: thin, and close along an edge of its cell.
fn is_scrap(piece: &Rect, cell: Option<&GridCell>, em: f32) -> bool {
    let Some(c) = cell.map(|c| c.rect) else { return false };
    let thin = |size: f32| size < 0.14 * em;
    let near = |a: f32, b: f32| (a - b).abs() < SCRAP * em;
    let (w, h) = (piece[2] - piece[0], piece[3] - piece[1]);
    thin(h) && (near(piece[1], c[1]) || near(piece[3], c[3]))
        || thin(w) && (near(piece[0], c[0]) || near(piece[2], c[2]))
}

/// How far from the edge of a cell scraps of its rules lie, in ems.
const SCRAP: f32 = 0.15;

fn rect(c: &Component) -> Rect {
    [c.x0 as f32, c.y0 as f32, c.x1 as f32, c.y1 as f32]
}

/// Where the height of letters without ascenders lies among all: on pages of many capitals the median is theirs.
const SMALL_LETTERS: f32 = 0.3;

/// Font sizes in heights of letters without ascenders.
const EMS_PER_X: f32 = 2.1;

/// The usual font size in pixels, from the height of letters without ascenders.
fn em(found: &[Component], dpi: f32) -> Option<f32> {
    // Between the x-height of 7 pt print and the capitals of 20 pt print.
    let plausible = |c: &&Component| {
        (0.04 * dpi..0.2 * dpi).contains(&(c.height() as f32))
            && (0.01 * dpi..0.3 * dpi).contains(&(c.width() as f32))
    };
    let heights = found.iter().filter(plausible).map(|c| c.height() as f32);
    quantile(heights, SMALL_LETTERS).map(|h| EMS_PER_X * h)
}

/// Whether a piece of ink may belong to print: a letter, a run of touching letters, a mark or a point, rather than a
/// speck, a rule or a drawing.
fn is_print(c: &Component, em: f32) -> bool {
    let (w, h) = (c.width() as f32, c.height() as f32);
    let rule = (h < RULE_THICK * em && w > RULE_LONG * em) || (w < RULE_THICK * em && h > RULE_LONG * em);
    !rule && h < 2.6 * em && w < 12.0 * em && c.ink as f32 > SPECK * em * em
}

/// The pictures of a line's parts, from left to right.
fn parts(page: &CleanPage, ink: &Ink, line: &InkLine, em: f32) -> Vec<PrintLine> {
    let mut pieces: Vec<(usize, Rect)> =
        line.pieces.iter().filter_map(|&i| ink.components.get(i).map(|c| (i, rect(c)))).collect();
    pieces.sort_by(|a, b| a.1[0].total_cmp(&b.1[0]));
    let mut groups: Vec<(Vec<usize>, Rect)> = Vec::new();
    for (i, r) in pieces {
        match groups.last_mut() {
            Some((members, b)) if r[0] - b[2] <= PART * em => {
                members.push(i);
                *b = [b[0], b[1].min(r[1]), b[2].max(r[2]), b[3].max(r[3])];
            }
            _ => groups.push((vec![i], r)),
        }
    }
    groups.iter().map(|(members, b)| picture(page, ink, members, b, line.core, em)).collect()
}

/// Cuts out the box of some pieces of ink and paints over what else lies in it.
fn picture(page: &CleanPage, ink: &Ink, members: &[usize], b: &Rect, core: (f32, f32), em: f32) -> PrintLine {
    let margin = (MARGIN * em).round().max(3.0);
    let (w, h) = (page.gray.width() as f32, page.gray.height() as f32);
    let x0 = (b[0] - margin).floor();
    let x1 = (b[2] + margin).ceil();
    let y0 = (b[1].min(core.0 - ROOM_ABOVE * em) - margin).floor();
    let y1 = (b[3].max(core.1 + ROOM_BELOW * em) + margin).ceil();
    let (width, height) = ((x1 - x0).max(1.0) as u32, (y1 - y0).max(1.0) as u32);
    let whole = GrayImage::from_fn(width, height, |x, y| {
        let (px, py) = (x as f32 + x0, y as f32 + y0);
        let on_page = px >= 0.0 && py >= 0.0 && px < w && py < h;
        if on_page { *page.gray.get_pixel(px as u32, py as u32) } else { Luma([PAPER]) }
    });
    // Only ink known to belong elsewhere is painted over, up to the grey edges of the line's own letters: marks too
    // faint to be found as ink stay.
    let mut cells = vec![Cell::Free; width as usize * height as usize];
    let crossing =
        |c: &Component| (c.x0 as f32) < x1 && (c.x1 as f32) > x0 && (c.y0 as f32) < y1 && (c.y1 as f32) > y0;
    for (i, c) in ink.components.iter().enumerate() {
        if crossing(c) && (c.ink as f32 > SPECK * em * em) && !members.contains(&i) {
            mark(&mut cells, ink, i, (x0, y0), (width, height), Cell::Foreign);
        }
    }
    for &i in members {
        mark(&mut cells, ink, i, (x0, y0), (width, height), Cell::Own);
    }
    let mut picture = whole;
    for (pixel, cell) in picture.iter_mut().zip(&cells) {
        if *cell == Cell::Foreign {
            *pixel = PAPER;
        }
    }
    let row = |y: f32| (y - y0).clamp(0.0, height as f32) as u32;
    let rows = (row(core.0 - ROOM_ABOVE * em - margin), row(core.1 + ROOM_BELOW * em + margin));
    PrintLine { picture, left: x0, top: y0, rows, core: (core.0 - y0, core.1 - y0) }
}

/// Whose ink a pixel of a line's picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Free,
    Own,
    Foreign,
}

/// Marks the pixels of a component and the two around each: the grey edge of a letter.
fn mark(cells: &mut [Cell], ink: &Ink, component: usize, origin: (f32, f32), size: (u32, u32), with: Cell) {
    const EDGE: i64 = 2;
    let (width, height) = (i64::from(size.0), i64::from(size.1));
    for (from, to, row) in ink.runs_of(component) {
        let row = i64::from(row) - origin.1 as i64;
        let from = (i64::from(from) - origin.0 as i64 - EDGE).clamp(0, width);
        let to = (i64::from(to) - origin.0 as i64 + EDGE).clamp(0, width);
        for y in (row - EDGE).max(0)..=(row + EDGE).min(height - 1) {
            let start = y * width;
            if let Some(run) = cells.get_mut((start + from) as usize..(start + to) as usize) {
                run.fill(with);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::placement::Placement;

    #[test]
    fn the_size_of_print_is_that_of_small_letters() {
        let piece = |height: u32| Component { x0: 0, y0: 0, x1: 15, y1: height, ink: 100 };
        let page = |small: usize, capitals: usize, marks: usize| {
            let mut found = vec![piece(18); small];
            found.extend(vec![piece(26); capitals]);
            found.extend(vec![piece(10); marks]);
            em(&found, 200.0)
        };
        for found in [page(100, 40, 0), page(100, 130, 20), page(100, 10, 30)] {
            assert!(found.is_some_and(|em| (36.0..40.0).contains(&em)), "{found:?}");
        }
        assert_eq!(page(0, 0, 0), None);
    }

    #[test]
    fn a_drawn_table_is_parted_into_its_cells() {
        let mut gray = GrayImage::from_pixel(1240, 1754, Luma([250]));
        let mut fill = |x: u32, y: u32, w: u32, h: u32| {
            for (px, py) in (x..x + w).flat_map(|px| (y..y + h).map(move |py| (px, py))) {
                gray.put_pixel(px, py, Luma([10]));
            }
        };
        // Lines of words above and below, and a table of three rows and three columns, the last two of the first row one.
        let line = |fill: &mut dyn FnMut(u32, u32, u32, u32), x: u32, y: u32, letters: u32| {
            for i in 0..letters {
                fill(x + i * 24 + i / 5 * 16, y, 18, 20);
            }
        };
        for y in [200, 260, 320, 1000, 1060] {
            line(&mut fill, 150, y, 34);
        }
        for y in [400, 500, 600, 700] {
            fill(150, y, 903, 3);
        }
        for (x, y, h) in [(150, 400, 303), (300, 400, 303), (700, 500, 203), (1050, 400, 303)] {
            fill(x, y, 3, h);
        }
        for (x, y, n) in
            [(180, 440, 3), (400, 440, 9), (180, 540, 1), (320, 520, 8), (320, 565, 5), (720, 540, 7)]
        {
            line(&mut fill, x, y, n);
        }
        line(&mut fill, 720, 640, 4);
        let page = CleanPage {
            gray,
            dpi: 200.0,
            steps: Vec::new(),
            placement: Placement::scaled(72.0 / 200.0),
            seals: Vec::new(),
        };
        let mut steps = Vec::new();
        let Found { regions, tables: columns, .. } = regions(&page, &mut steps);
        let kinds: Vec<_> = regions.iter().map(|r| (r.kind, r.lines.len())).collect();
        let table = BlockKind::Table;
        let text = BlockKind::Text;
        assert_eq!(
            kinds,
            [(text, 3), (table, 1), (table, 1), (table, 1), (table, 2), (table, 1), (table, 1), (text, 2)]
        );
        let places: Vec<_> = regions.iter().filter_map(|r| r.cell).map(|(c, _)| (c.row, c.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2)]);
        assert_eq!(regions[2].cell.map(|(c, _)| c.column_span), Some(2));
        assert_eq!(columns.len(), 1);
        assert!(steps.iter().any(|s| s.starts_with("table of 3 × 3")), "{steps:?}");
        // No rule is left in what will be read.
        let pieces = regions.iter().filter(|r| r.cell.is_some()).flat_map(|r| r.lines.iter().flatten());
        assert!(pieces.clone().count() >= 7);
        for piece in pieces {
            let (w, h) = piece.picture.dimensions();
            let full = |y: u32| (0..w).all(|x| piece.picture.get_pixel(x, y).0[0] < 128);
            assert!(!(0..h).any(full));
        }
    }
}
