//! Makes pairs of true and recognised lines for training a model of OCR errors.
//!
//! Paragraphs of a text file are typeset as pages of an administrative document, rendered, degraded by a
//! mixture of settings and read back with Tesseract; what was set and what was read is written side by
//! side. The same text, seed, fonts and language data give the same pairs.
//!
//! Output: tab-separated lines `page, setting, truth line, OCR line`. Lines are matched in order by
//! likeness of their letters; a line without a partner is written with the other side empty.

use clap::Parser;
use fixtures::compose::{Composer, Margins};
use fixtures::degrade::Damage;
use fixtures::fonts::{Family, FontSet, Style};
use fixtures::page::Region;
use fixtures::paragraph::{Align, Form, Paragraph, Span};
use fixtures::{pdf, render};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tesseract::{PageSegMode, Tesseract};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A truth line and what was read of it; one side is empty where there is no partner.
type Pair = (String, String);

#[derive(Parser)]
#[command(about = "Typesets text, degrades the pages, reads them with Tesseract and writes pairs of lines")]
struct Args {
    /// UTF-8 text, one paragraph a line.
    #[arg(long)]
    text: PathBuf,
    /// The pairs, tab-separated.
    #[arg(long)]
    out: PathBuf,
    /// How many pages to make.
    #[arg(long, default_value_t = 10)]
    pages: usize,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language data of Tesseract; several, parted by commas, are drawn page by page.
    #[arg(long, default_value = "eng", value_delimiter = ',')]
    lang: Vec<String>,
    /// Folder of the language data, where it is not Tesseract's own.
    #[arg(long)]
    tessdata: Option<String>,
    /// Paragraphs of the text to pass over before the first page.
    #[arg(long, default_value_t = 0)]
    skip: usize,
    /// Worker threads.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Writes the page pictures into this folder too.
    #[arg(long)]
    pictures: Option<PathBuf>,
}

/// One page before it is set: what stands on it and how it is damaged.
struct Plan {
    paragraphs: Vec<String>,
    lang: String,
    damage: Damage,
    name: &'static str,
    family: Family,
    size: f32,
    seed: u64,
}

fn main() -> ExitCode {
    // Tesseract reads the limit when its library is loaded; setting it from inside comes too late, and
    // without it each page costs several times the time.
    if std::env::var_os("OMP_THREAD_LIMIT").is_none() {
        return run_again();
    }
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make_pairs: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run_again() -> ExitCode {
    let status = std::env::current_exe().and_then(|me| {
        Command::new(me).args(std::env::args_os().skip(1)).env("OMP_THREAD_LIMIT", "1").status()
    });
    match status {
        Ok(status) => {
            status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("make_pairs: cannot start again: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.text)?;
    let paragraphs: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).skip(args.skip).collect();
    let plans = plans(args, &paragraphs);
    if plans.len() < args.pages {
        eprintln!("make_pairs: the text is enough for {} of {} pages", plans.len(), args.pages);
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<Pair>)>> = Mutex::new(Vec::new());
    let work = || -> Result<(), Failure> {
        let mut reader = Reader::new(args)?;
        while let Some((i, plan)) = {
            let i = next.fetch_add(1, Ordering::Relaxed);
            plans.get(i).map(|p| (i, p))
        } {
            let pairs = reader.page(i, plan)?;
            done.lock().map_err(|_| "a worker died")?.push((i, pairs));
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..args.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker died")?)
    })?;
    let mut done = done.into_inner().map_err(|_| "a worker died")?;
    done.sort_by_key(|(i, _)| *i);
    write(args, &plans, &done)
}

fn write(args: &Args, plans: &[Plan], done: &[(usize, Vec<Pair>)]) -> Result<(), Failure> {
    let aside = args.out.with_extension("part");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&aside)?);
    let (mut matched, mut unread, mut extra, mut letters, mut same) = (0, 0, 0, 0usize, 0usize);
    for (i, pairs) in done {
        let Some(plan) = plans.get(*i) else { continue };
        let setting = format!("{}:{}:{}:{:?}", plan.lang, plan.name, plan.damage.dpi, plan.family);
        for (truth, read) in pairs {
            matched += usize::from(!truth.is_empty() && !read.is_empty());
            unread += usize::from(read.is_empty());
            extra += usize::from(truth.is_empty());
            letters += usize::from(!truth.is_empty());
            same += usize::from(truth == read);
            writeln!(file, "{}-{i:04}\t{setting}\t{truth}\t{read}", args.seed)?;
        }
    }
    file.flush()?;
    std::fs::rename(&aside, &args.out)?;
    println!(
        "{} pages, {letters} lines: {matched} matched ({same} equal), {unread} not read, {extra} read without a partner",
        done.len()
    );
    Ok(())
}

/// Deals the paragraphs out to pages and draws each page's settings.
fn plans(args: &Args, paragraphs: &[&str]) -> Vec<Plan> {
    // More than a page holds: what is left over is cut off when the page is full.
    const CHARACTERS: usize = 3600;
    let mut rest = paragraphs.iter();
    let mut plans = Vec::new();
    for i in 0..args.pages {
        let seed = args.seed.wrapping_mul(1_000_003).wrapping_add(i as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut page, mut length) = (Vec::new(), 0);
        while length < CHARACTERS {
            let Some(paragraph) = rest.next() else { break };
            length += paragraph.chars().count() + 40;
            page.push((*paragraph).to_owned());
        }
        if page.is_empty() {
            break;
        }
        let lang = args.lang.choose(&mut rng).cloned().unwrap_or_default();
        let (name, damage) = if lang == "eng" { foreign(&mut rng) } else { native(&mut rng) };
        plans.push(Plan {
            paragraphs: page,
            lang,
            name,
            damage,
            family: if rng.random_bool(0.65) { Family::Tinos } else { Family::LiberationSerif },
            size: *[13.0, 13.5, 14.0].choose(&mut rng).unwrap_or(&14.0),
            seed,
        });
    }
    plans
}

/// Office scans as they were read by an engine set to the wrong language.
fn foreign(rng: &mut ChaCha8Rng) -> (&'static str, Damage) {
    let dpi = *[150.0, 200.0, 200.0, 250.0, 300.0, 300.0].choose(rng).unwrap_or(&200.0);
    let skew = rng.random_range(-0.4..0.4);
    let blur = rng.random_range(0.4..0.9) * dpi / 200.0;
    if rng.random_bool(0.5) {
        let noise = rng.random_range(4.0..24.0);
        let jpeg = if rng.random_bool(0.4) { 60 } else { 0 };
        ("grey", Damage { skew, blur, noise, jpeg, ..Damage::clean(dpi) })
    } else {
        let noise = rng.random_range(2.0..10.0);
        ("bilevel", Damage { skew, blur, noise, threshold: rng.random_range(95..=120), ..Damage::clean(dpi) })
    }
}

/// Poor scans as the right engine meets them.
fn native(rng: &mut ChaCha8Rng) -> (&'static str, Damage) {
    let skew = rng.random_range(-0.4..0.4);
    let wide = *[150.0, 200.0].choose(rng).unwrap_or(&200.0);
    match rng.random_range(0..10) {
        0..3 => {
            let (blur, noise) = (rng.random_range(0.6..1.2), rng.random_range(10.0..30.0));
            ("noisy", Damage { skew, blur, noise, jpeg: 50, ..Damage::clean(wide) })
        }
        3..6 => {
            let threshold = rng.random_range(95..=150);
            ("bilevel", Damage { skew, blur: 0.6, noise: 8.0, threshold, ..Damage::clean(wide) })
        }
        6..8 => {
            let (blur, noise) = (rng.random_range(0.3..0.7), rng.random_range(4.0..14.0));
            ("low", Damage { skew, blur, noise, ..Damage::clean(120.0) })
        }
        _ => {
            let uneven = rng.random_range(20.0..70.0);
            let (ink, specks) = (rng.random_range(-0.3..0.5), rng.random_range(0.5..4.0));
            ("copy", Damage { skew, uneven, ink, specks, ..Damage::photocopy(200.0) })
        }
    }
}

/// One worker: fonts, and an engine for each language.
struct Reader<'a> {
    args: &'a Args,
    fonts: Vec<(Family, FontSet)>,
    engines: Vec<(String, Option<Tesseract>)>,
}

impl<'a> Reader<'a> {
    fn new(args: &'a Args) -> Result<Self, Failure> {
        let families = [Family::Tinos, Family::LiberationSerif];
        let fonts = families.into_iter().map(|family| Ok((family, FontSet::load(family)?)));
        Ok(Reader { args, fonts: fonts.collect::<Result<_, fixtures::Error>>()?, engines: Vec::new() })
    }

    fn page(&mut self, number: usize, plan: &Plan) -> Result<Vec<Pair>, Failure> {
        let fonts = self.fonts.iter().find(|(family, _)| *family == plan.family).map(|(_, fonts)| fonts);
        let fonts = fonts.ok_or("no fonts")?;
        let page = set(plan, fonts)?;
        let truth: Vec<String> = page.lines().collect();
        let pictures = render::pages(&pdf::write(&[page], fonts)?, plan.damage.dpi)?;
        let picture = pictures.first().ok_or("nothing was rendered")?;
        let picture = plan.damage.apply(picture, plan.seed);
        if let Some(folder) = &self.args.pictures {
            picture.save(folder.join(format!("{number:04}.png")))?;
        }
        let read = self.read(plan, &picture)?;
        let read: Vec<String> = read.lines().map(clean).filter(|line| !line.is_empty()).collect();
        Ok(align(&truth, &read))
    }

    fn read(&mut self, plan: &Plan, picture: &image::GrayImage) -> Result<String, Failure> {
        let at = match self.engines.iter().position(|(lang, _)| *lang == plan.lang) {
            Some(at) => at,
            None => {
                self.engines.push((plan.lang.clone(), None));
                self.engines.len() - 1
            }
        };
        let slot = &mut self.engines.get_mut(at).ok_or("no engine")?.1;
        let engine = match slot.take() {
            Some(engine) => engine,
            None => {
                let mut engine = Tesseract::new(self.args.tessdata.as_deref(), Some(&plan.lang))?;
                engine.set_page_seg_mode(PageSegMode::PsmAuto);
                engine
            }
        };
        let (width, height) = (i32::try_from(picture.width())?, i32::try_from(picture.height())?);
        let engine = engine.set_frame(picture.as_raw(), width, height, 1, width)?;
        let mut engine = engine.set_source_resolution(plan.damage.dpi as i32).recognize()?;
        let text = engine.get_text()?;
        *slot = Some(engine);
        Ok(text)
    }
}

/// Tabs and runs of white space become one blank.
fn clean(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sets one page of running text with headings and list items as such documents have them.
fn set(plan: &Plan, fonts: &FontSet) -> Result<fixtures::page::Page, Failure> {
    let mut rng = ChaCha8Rng::seed_from_u64(plan.seed ^ 0x5e77);
    let mut composer = Composer::new(fonts, Margins::default());
    let leading = rng.random_range(1.15..1.4);
    for paragraph in &plan.paragraphs {
        let (text, style, align) = dress(&clean(paragraph), &mut rng);
        let text: String = text.nfc().filter(|c| fonts.width(&c.to_string(), style, 1.0).is_ok()).collect();
        let indent = if align == Align::Centre { 0.0 } else { 36.0 };
        let form = Form { align, indent, leading, ..Form::body(plan.size) };
        let span = Span { text, style };
        composer.paragraph(Region::Body, &Paragraph { spans: vec![span], form, rule: 0.0 })?;
        if composer.page_count() > 1 {
            break;
        }
    }
    composer.finish()?.into_iter().next().ok_or_else(|| "an empty page".into())
}

/// Draws what kind of paragraph a text becomes.
fn dress(text: &str, rng: &mut ChaCha8Rng) -> (String, Style, Align) {
    const ROMAN: [&str; 8] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"];
    const LETTERS: [&str; 10] = ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k"];
    let short = text.chars().count() < 90;
    let first = text.split(' ').next().unwrap_or("");
    // A paragraph that brings its own label gets no second one.
    let labelled = first.chars().count() <= 4 && first.ends_with(['.', ')', '-', '+', '*', '/', ':']);
    let kind = if labelled { 99 } else { rng.random_range(0..100) };
    if short && kind < 40 {
        return match kind {
            0..10 => (
                format!("{}. {}", ROMAN.choose(rng).unwrap_or(&"I"), text.to_uppercase()),
                Style::BOLD,
                Align::Justified,
            ),
            10..16 => (text.to_uppercase(), Style::BOLD, Align::Centre),
            16..30 => (format!("{}. {text}", rng.random_range(1..13)), Style::BOLD, Align::Justified),
            30..36 => (
                format!("{}.{}. {text}", rng.random_range(1..6), rng.random_range(1..9)),
                Style::BOLD_ITALIC,
                Align::Justified,
            ),
            _ => (text.to_owned(), Style::BOLD, Align::Justified),
        };
    }
    let label = match kind {
        40..60 => "- ".to_owned(),
        60..66 => "+ ".to_owned(),
        66..74 => format!("{}) ", LETTERS.choose(rng).unwrap_or(&"a")),
        74..80 => format!("{}. ", rng.random_range(1..20)),
        80..83 => format!("{}.{} ", rng.random_range(1..6), rng.random_range(1..9)),
        83..85 => format!("({}) ", rng.random_range(1..9)),
        85..87 => format!("{}. ", ROMAN.choose(rng).unwrap_or(&"I")),
        _ => String::new(),
    };
    let style = match rng.random_range(0..100) {
        0..6 => Style::ITALIC,
        6..9 => Style::BOLD,
        _ => Style::REGULAR,
    };
    (label + text, style, Align::Justified)
}

/// Letters without marks, for likeness.
fn skeleton(line: &str) -> Vec<char> {
    let base = |c: char| if c == 'đ' { 'd' } else { c };
    line.to_lowercase().nfd().filter(|c| !is_combining_mark(*c) && !c.is_whitespace()).map(base).collect()
}

fn likeness_of(a: &Vec<char>, b: &Vec<char>) -> f64 {
    let longest = a.len().max(b.len()).max(1);
    // Lines of very different length cannot reach the floor: spare the table.
    if a.len().abs_diff(b.len()) * 5 > longest * 3 {
        return 0.0;
    }
    1.0 - strsim::generic_levenshtein(a, b) as f64 / longest as f64
}

/// Matches lines in order so that the sum of likeness is greatest; what stays alone gets an empty partner.
fn align(truth: &[String], read: &[String]) -> Vec<Pair> {
    // Below this a pair says more about layout than about letters.
    const FLOOR: f64 = 0.45;
    let folded = |lines: &[String]| lines.iter().map(|line| skeleton(line)).collect::<Vec<_>>();
    let (a, b) = (folded(truth), folded(read));
    let columns = b.len() + 1;
    let mut best = vec![0.0f64; (a.len() + 1) * columns];
    let mut likeness = vec![0.0f64; a.len() * b.len()];
    let get = |best: &[f64], i: usize, j: usize| best.get(i * columns + j).copied().unwrap_or(0.0);
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let near = i.abs_diff(j) <= 12 + a.len().abs_diff(b.len());
            let like = if near { likeness_of(x, y) } else { 0.0 };
            if let Some(cell) = likeness.get_mut(i * b.len() + j) {
                *cell = like;
            }
            let pair = if like >= FLOOR { get(&best, i, j) + like } else { 0.0 };
            let value = pair.max(get(&best, i, j + 1)).max(get(&best, i + 1, j));
            if let Some(cell) = best.get_mut((i + 1) * columns + j + 1) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (a.len(), b.len(), Vec::new());
    let line = |lines: &[String], i: usize| lines.get(i).cloned().unwrap_or_default();
    while i > 0 || j > 0 {
        let here = get(&best, i, j);
        if i > 0 && get(&best, i - 1, j) == here {
            i -= 1;
            pairs.push((line(truth, i), String::new()));
        } else if j > 0 && get(&best, i, j - 1) == here {
            j -= 1;
            pairs.push((String::new(), line(read, j)));
        } else {
            i = i.saturating_sub(1);
            j = j.saturating_sub(1);
            pairs.push((line(truth, i), line(read, j)));
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn lines_are_matched_in_order_and_strays_stay_alone() {
        let truth = lines("Ủy ban nhân dân huyện Tân Lũng\nPhòng Thủy lợi chủ trì\nbáo cáo trước ngày 05/6");
        let read = lines("Uy ban nhan dan huyén Tan Ling\n~~ i\nbao cdo truéc ngay 05/6");
        let pairs = align(&truth, &read);
        assert!(pairs.contains(&(truth[0].clone(), read[0].clone())));
        assert!(pairs.contains(&(truth[1].clone(), String::new())));
        assert!(pairs.contains(&(String::new(), read[1].clone())));
        assert!(pairs.contains(&(truth[2].clone(), read[2].clone())));
    }

    #[test]
    fn the_skeleton_forgets_marks_and_blanks() {
        assert_eq!(skeleton("Đề án số 1").into_iter().collect::<String>(), "deanso1");
    }
}
