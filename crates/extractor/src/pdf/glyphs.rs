//! What is drawn on a PDF page: glyphs with their places, pictures with theirs, and ruling lines.

use super::rules::RuleCollector;
use crate::layout::Rules;
use crate::legacy::{Hint, hint};
use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{BezPath, Point, Rect, Shape};
use hayro_interpret::util::TransformExt;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use hayro_syntax::page::Page;
use rustc_hash::FxHashMap;
use vanthu_model::BBox;

/// A glyph as drawn. Places are points from the page's top left, y downwards.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// What it stands for, in Unicode; `None` where the font does not say.
    pub text: Option<BfString>,
    /// Start and end of its advance along the baseline.
    pub start: (f32, f32),
    pub end: (f32, f32),
    /// Size of the font in points as drawn.
    pub size: f32,
    /// What the name of its font tells of its encoding; looked up only where the file has fonts with telling names.
    pub hint: Option<Hint>,
}

/// A picture as drawn: its box on the page in points and its own size in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
    pub width: u32,
    pub height: u32,
}

/// Bounds for the resolution of a picture, in pixels an inch.
const PICTURE_DPI: std::ops::RangeInclusive<f32> = 96.0..=600.0;

impl Placed {
    pub(crate) fn bbox(&self) -> BBox {
        BBox { x0: self.x0, y0: self.y0, x1: self.x1, y1: self.y1 }
    }

    /// Its pixels an inch as it is placed.
    pub(crate) fn dpi(&self) -> f32 {
        let pixels = self.width as f32 * self.height as f32;
        let area = ((self.x1 - self.x0) * (self.y1 - self.y0)).max(1.0);
        (72.0 * (pixels / area).sqrt()).clamp(*PICTURE_DPI.start(), *PICTURE_DPI.end())
    }

    /// Both as one picture, as fine as the finer of them.
    pub(crate) fn with(self, o: Self) -> Self {
        let dpi = self.dpi().max(o.dpi());
        let BBox { x0, y0, x1, y1 } = self.bbox().union(o.bbox());
        let pixels = |points: f32| (points * dpi / 72.0).round() as u32;
        Self { x0, y0, x1, y1, width: pixels(x1 - x0), height: pixels(y1 - y0) }
    }
}

/// The content of a page.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// Of the page itself, in drawing order.
    pub glyphs: Vec<Glyph>,
    /// Of its annotations, each by itself: form fields, and the stamps of digital signatures.
    pub annotations: Vec<Vec<Glyph>>,
    pub pictures: Vec<Placed>,
    /// The lines drawn along the page's axes.
    pub rules: Rules,
    /// Number of paths drawn; print converted to outlines shows as thousands of them.
    pub paths: usize,
    /// Whether glyphs beyond the limit were left out.
    pub truncated: bool,
    /// Width and height in points, as the page is read.
    pub size: (f32, f32),
}

impl Content {
    /// The picture that covers the most of the page, and its share of the page's area.
    pub(crate) fn largest_picture(&self) -> Option<(Placed, f32)> {
        let (w, h) = self.size;
        let share = |p: &Placed| {
            let width = (p.x1.min(w) - p.x0.max(0.0)).max(0.0);
            let height = (p.y1.min(h) - p.y0.max(0.0)).max(0.0);
            width * height / (w * h).max(1.0)
        };
        self.pictures.iter().map(|p| (*p, share(p))).max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Fonts and other objects that the pages of a file share: reading them anew takes longer than reading a page.
pub(crate) struct Shared<'f> {
    cache: InterpreterCache<'f>,
    pages: usize,
}

/// What is shared is forgotten after so many pages, so that memory does not grow with their number.
const SHARING: usize = 64;

impl<'f> Shared<'f> {
    /// Nothing yet. It belongs to one file: objects are known by their numbers.
    pub(crate) fn new() -> Self {
        Self { cache: InterpreterCache::new(), pages: 0 }
    }

    /// What the next page shares with the ones before.
    fn next(&mut self) -> &InterpreterCache<'f> {
        if self.pages == SHARING {
            *self = Self::new();
        }
        self.pages += 1;
        &self.cache
    }
}

/// Interprets a page and collects what it draws. `legacy_fonts` says that the names of fonts matter. Where the interpreter
/// gives up, `shared` must not be used again.
pub(crate) fn content<'f>(
    page: &Page<'f>,
    shared: &mut Shared<'f>,
    max_glyphs: usize,
    legacy_fonts: bool,
) -> Content {
    let cache = shared.next();
    let (width, height) = page.render_dimensions();
    let transform = page.initial_transform(true).to_kurbo();
    let run = |part: RenderContent, collector: &mut Collector| {
        let settings = InterpreterSettings { render_content: part, ..InterpreterSettings::default() };
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(transform, bounds, cache, page.xref(), settings);
        interpret_page(page, &mut context, collector);
    };
    let fonts = legacy_fonts.then(FxHashMap::default);
    let mut of_page = Collector { max_glyphs, fonts, ..Collector::default() };
    run(RenderContent::PAGE, &mut of_page);
    let mut of_annotations = Collector { max_glyphs, of_annotations: true, ..Collector::default() };
    run(RenderContent::ANNOTATIONS, &mut of_annotations);
    of_annotations.end_form();
    Content {
        truncated: of_page.glyphs.len() >= max_glyphs,
        glyphs: of_page.glyphs,
        annotations: of_annotations.forms,
        pictures: of_page.pictures,
        rules: of_page.rules.finish(),
        paths: of_page.paths,
        size: (width, height),
    }
}

#[derive(Default)]
struct Collector {
    glyphs: Vec<Glyph>,
    pictures: Vec<Placed>,
    rules: RuleCollector,
    paths: usize,
    max_glyphs: usize,
    /// Whether what is drawn are annotations, which are kept apart from one another.
    of_annotations: bool,
    /// How many clips and groups are open. An annotation is drawn as a form, which opens one and closes it at its end.
    open: usize,
    /// The glyphs of the forms that have ended.
    forms: Vec<Vec<Glyph>>,
    /// What the fonts met so far are named for, by the key of their program, where that matters.
    fonts: Option<FxHashMap<u128, Option<Hint>>>,
}

impl Collector {
    fn close(&mut self) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0 {
            self.end_form();
        }
    }

    fn end_form(&mut self) {
        if !self.glyphs.is_empty() && self.of_annotations {
            self.forms.push(std::mem::take(&mut self.glyphs));
        }
    }

    fn hint(&mut self, glyph: &DrawnGlyph<'_>) -> Option<Hint> {
        let fonts = self.fonts.as_mut()?;
        let DrawnGlyph::Outline(glyph) = glyph else { return None };
        let font = glyph.font_data()?;
        let name = font.postscript_name;
        *fonts.entry(font.cache_key).or_insert_with(|| name.as_deref().and_then(hint))
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.paths += 1;
        self.rules.path(path, &props, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.rules.rect(rect, &props, mode);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.open += 1;
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.open += 1;
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.open += 1;
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.glyphs.len() >= self.max_glyphs {
                return;
            }
            let place = props.transform * glyph.transform();
            let advance = match &**glyph {
                DrawnGlyph::Outline(g) => g.advance_width(),
                DrawnGlyph::Type3(g) => g.advance_width(),
            };
            let at = |x: f64, y: f64| place * Point::new(x, y);
            let (origin, end, top) =
                (at(0.0, 0.0), at(f64::from(advance.unwrap_or(500.0)), 0.0), at(0.0, 1000.0));
            let size = origin.distance(top);
            if !(origin.is_finite() && end.is_finite() && size > 0.0) {
                continue;
            }
            let hint = self.hint(glyph);
            self.glyphs.push(Glyph {
                hint,
                text: glyph.as_unicode(),
                start: (origin.x as f32, origin.y as f32),
                end: (end.x as f32, end.y as f32),
                size: size as f32,
            });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let own = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let placed = (props.transform * own.to_path(0.1)).bounding_box();
        self.pictures.push(Placed {
            x0: placed.x0 as f32,
            y0: placed.y0 as f32,
            x1: placed.x1 as f32,
            y1: placed.y1 as f32,
            width,
            height,
        });
    }

    fn pop_clip(&mut self) {
        self.close();
    }

    fn pop_transparency_group(&mut self) {
        self.close();
    }
}
