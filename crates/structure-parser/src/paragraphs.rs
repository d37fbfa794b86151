//! Lines joined into paragraphs and items.
//!
//! Neither line ends nor empty lines can be trusted: text is hard-wrapped, page breaks cut sentences, and some
//! converters put an empty line after every first line. What decides is the label at the start of a line, the
//! case of its first letter, whether the line before it was filled, and the habits of the document as a whole.

use crate::data::{DATA, Syllable};
use crate::fold;
use crate::labels::{self, Family, Label};
use crate::letterhead::opens_basis;
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A paragraph or item.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Its label, if it has one.
    pub label: Option<Label>,
    /// Its text without the label.
    pub body: Passage,
    /// Whether its first line is in capitals.
    pub caps: bool,
    /// Character offset of the label, or of the text where there is none.
    pub start: usize,
    /// Index of its first line.
    pub line: usize,
}

/// Characters that the indent of a first line takes.
const INDENT: usize = 5;

/// How the lines of a document are laid out.
#[derive(Debug, Clone, Default)]
pub struct Habit {
    /// Characters in a full line; 0 where lines are not wrapped.
    measure: usize,
    /// Whether a blank at a line's end means that the paragraph goes on.
    trailing: bool,
    /// Whether an empty line stands between all paragraphs.
    parted: bool,
    /// The words on both sides of a dash inside a line: "lâm - ngư" of "nông lâm - ngư nghiệp".
    pairs: HashSet<String>,
}

impl Habit {
    /// Learns the habits of `lines`.
    pub fn of(lines: &[Line<'_>]) -> Self {
        let mut wrapped: Vec<usize> = Vec::new();
        let (mut trailing_on, mut trailing_end, mut labelled, mut labelled_after_blank) =
            (0, 0, 0usize, 0usize);
        let mut gaps_inside = 0usize;
        for w in lines.windows(2) {
            let [a, b] = w else { continue };
            let label = labels::find(b.text);
            let goes_on = label.is_none() && b.text.starts_with(char::is_lowercase) && !a.ends_sentence();
            if goes_on {
                wrapped.push(a.len);
                trailing_on += usize::from(a.trailing);
                gaps_inside += usize::from(b.after_blank && !b.apart);
            } else if a.ends_sentence() && label.is_some() {
                trailing_end += usize::from(!a.trailing);
            }
            if label.is_some() && a.ends_sentence() {
                labelled += 1;
                labelled_after_blank += usize::from(b.after_blank);
            }
        }
        wrapped.sort_unstable();
        let enough = wrapped.len() >= 4 && wrapped.len() * 6 >= lines.len();
        let measure = if enough { wrapped.get(wrapped.len() * 9 / 10).copied().unwrap_or(0) } else { 0 };
        let trailing = enough && trailing_on * 10 >= wrapped.len() * 8 && trailing_end >= 4;
        let parted = enough
            && labelled >= 6
            && labelled_after_blank * 5 >= labelled * 4
            && gaps_inside * 10 < wrapped.len();
        Self { measure, trailing, parted, pairs: lines.iter().flat_map(|l| dashed(l.text)).collect() }
    }

    /// Whether the first word of `b` would not have fitted on `a`.
    fn filled(&self, a: &Line<'_>, b: &Line<'_>) -> bool {
        let word = b.text.split_whitespace().next().map_or(0, |w| w.chars().count());
        self.measure > 0 && (a.len + 1 + word) * 100 >= self.measure * 97
    }
}

/// Whether `b`, which has no label, goes on with the paragraph that `a` ends. `first` is the paragraph's first line.
fn goes_on(habit: &Habit, first: &Line<'_>, a: &Line<'_>, b: &Line<'_>, label: Option<&Label>) -> bool {
    let start = b.text.chars().next().unwrap_or(' ');
    let ended = a.ends_sentence();
    let both_caps = fold::is_caps(a.text) && fold::is_caps(b.text);
    if habit.trailing && !b.after_blank {
        // Here the blank at the line's end tells, but for headings, whose lines may end in one too.
        return a.trailing && (a.len * 10 >= habit.measure * 7 || start.is_lowercase())
            || start.is_lowercase() && !ended;
    }
    if start.is_lowercase() || matches!(start, ')' | ',' | ';' | '.' | '–' | '/' | '%') {
        // Small letters go on after a semicolon and across pages, whatever stands between.
        return !ended || !b.after_blank || a.text.ends_with(';') && (b.apart || a.page != b.page);
    }
    // "phường Văn Miếu –" + "Quốc Tử Giám": no paragraph ends in a dash.
    let dash = a.text.ends_with(" –") || a.text.ends_with(" -");
    if !ended && !fold::is_caps(b.text) && (dangles(a.text) || cuts_a_name(habit, a) || dash) {
        return true;
    }
    if start == '(' && !ended && !b.after_blank && b.text.chars().nth(1).is_some_and(char::is_lowercase) {
        return true;
    }
    if start.is_ascii_digit() {
        return !ended || (habit.filled(a, b) && !b.after_blank);
    }
    if ended
        && !b.after_blank
        && !habit.parted
        && label.is_some_and(|l| l.family.is_bullet())
        && tells_time(b.text)
    {
        // "- Rà soát ... / Thời gian hoàn thành trước ngày ...": the item's own last sentence.
        return true;
    }
    if a.text.ends_with(';') && [first, b].iter().all(|l| opens_basis(&fold::lower(l.text))) {
        // Legal bases, each its own, however full the last line of one is.
        return false;
    }
    if ended && begins_anew(b.text, label.is_some()) {
        return false;
    }
    if ended {
        return !b.after_blank && habit.filled(a, b) && !a.text.ends_with(':') && !a.text.ends_with("./.");
    }
    if both_caps {
        return !b.after_blank || habit.parted;
    }
    if fold::is_caps(a.text) && !fold::is_caps(b.text) {
        // A title in capitals does not run on into small letters.
        return a.len > 40 && habit.filled(a, b) && !b.after_blank;
    }
    if b.after_blank && !b.apart {
        return habit.filled(a, b) && (habit.trailing && a.trailing || !habit.parted && a.len > 40);
    }
    // Letters are of different widths: a line a little shorter than most is full too, where no sign ends it.
    // The first line of an item or a paragraph is indented.
    let indent = if std::ptr::eq(first, a) { INDENT } else { 0 };
    let nearly = habit.measure > 0 && (a.len + indent) * 100 >= habit.measure * 84;
    if habit.filled(a, b) || nearly || (habit.trailing && a.trailing) {
        return true;
    }
    if b.apart && a.len > 60 {
        return true;
    }
    if habit.parted {
        return true;
    }
    // Not filled, no end of sentence, a capital follows: a heading before a new paragraph, or the short first line
    // of a paragraph that some converters leave.
    let short_first = std::ptr::eq(first, a) && habit.measure > 0 && (14..=32).contains(&a.len);
    let heading = label.is_some_and(|l| !l.family.is_bullet());
    let verb = starts_with_verb(b.text);
    if short_first && !verb && habit.measure > 0 {
        return !heading || joins_a_name(a.text, b.text);
    }
    a.text.ends_with(',') || joins_a_name(a.text, b.text) && !verb
}

/// Whether a line is a sentence on when the item before it is due.
fn tells_time(text: &str) -> bool {
    let low = fold::lower(text);
    let head = [
        "thời gian hoàn thành",
        "thời hạn hoàn thành",
        "thời gian thực hiện",
        "thời hạn thực hiện",
        "hoàn thành trước",
        "hoàn thành trong",
    ];
    head.iter().any(|h| low.strip_prefix(h).is_some_and(|rest| !rest.trim_start().starts_with(':')))
}

/// Whether the end of `a` and the start of `b` make one unit's name: "Ủy ban nhân dân" + "Thành phố ...".
fn joins_a_name(a: &str, b: &str) -> bool {
    let low = fold::lower(a);
    let tail = DATA.list("name_goes_on");
    let next = fold::lower(b);
    // A heading may end in "UBND tỉnh"; a long line in which other names stand does not.
    let place = a.contains(", ") && DATA.list("place_goes_on").iter().any(|t| low.ends_with(t));
    (place || tail.iter().any(|t| low.ends_with(t))) && !["điều ", "mục "].iter().any(|t| next.starts_with(t))
}

/// Whether the last word of a line cannot end a paragraph: "và", "của", "ngày".
fn dangles(text: &str) -> bool {
    let Some(last) = text.split_whitespace().next_back() else { return false };
    text.len() > 20
        && last.starts_with(char::is_lowercase)
        && DATA.list("line_goes_on").iter().any(|w| w == last)
}

/// Whether a filled line ends in the first word of a unit's name: "phối hợp với Hội" + "Nông dân tỉnh".
fn cuts_a_name(habit: &Habit, a: &Line<'_>) -> bool {
    let Some(last) = a.text.split_whitespace().next_back() else { return false };
    habit.measure > 0
        && a.len * 10 >= habit.measure * 8
        && last.starts_with(char::is_uppercase)
        && DATA.list("name_begins").iter().any(|w| w == last)
}

/// Whether a line that follows a full stop begins a paragraph, however full the line before it is.
fn begins_anew(text: &str, item: bool) -> bool {
    let low =
        fold::lower(text.get(..text.char_indices().nth(40).map_or(text.len(), |(i, _)| i)).unwrap_or(text));
    let list = if item { "closing_opener" } else { "paragraph_opener" };
    DATA.list(list).iter().chain(DATA.list("closing_opener")).any(|w| low.starts_with(w.as_str()))
}

fn starts_with_verb(text: &str) -> bool {
    let low =
        fold::lower(text.get(..text.char_indices().nth(40).map_or(text.len(), |(i, _)| i)).unwrap_or(text));
    let words = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let words: Vec<Syllable> = words.map(|w| DATA.syllable(w).0).collect();
    DATA.verbs.find(|i| words.get(i).copied()).is_some()
}

/// Whether the hyphen at the end of `a` belongs to a symbol that goes on in `b`: "45-" + "NQ/TW".
fn glued(a: &str, b: &str) -> bool {
    let (Some(tail), Some(head)) = (a.split_whitespace().next_back(), b.split_whitespace().next()) else {
        return false;
    };
    let symbol = |s: &str| s.chars().any(|c| c.is_ascii_digit() || c == '/') || fold::is_caps(s);
    (tail.ends_with('-') || tail.ends_with('/')) && tail.len() > 1 && symbol(tail) && symbol(head)
}

/// The words on both sides of each dash that stands between blanks.
fn dashed(text: &str) -> impl Iterator<Item = String> {
    let text = if text.contains(['-', '–']) { text } else { "" };
    text.match_indices(" - ").chain(text.match_indices(" – ")).filter_map(|(at, dash)| {
        let before = text.get(..at)?.split_whitespace().next_back()?;
        let after = text.get(at + dash.len()..)?.split_whitespace().next()?;
        Some(pair(before, after))
    })
}

fn pair(before: &str, after: &str) -> String {
    let bare = |s: &str| fold::ascii(s.trim_matches(|c: char| !c.is_alphanumeric()));
    format!("{} {}", bare(before), bare(after))
}

/// Whether the dash that `b` begins with stands inside a name or a range that `a` begins: "Khoa học" + "- Công nghệ",
/// "2026" + "- 2030". Told by the same words on a line of their own elsewhere, or by the dictionary.
fn dash_inside(habit: &Habit, a: &Line<'_>, rest: &str) -> bool {
    let (Some(before), Some(after)) = (a.text.split_whitespace().next_back(), rest.split_whitespace().next())
    else {
        return false;
    };
    let number = |s: &str| s.trim_end_matches(['.', ',', ';']).bytes().all(|b| b.is_ascii_digit());
    if number(before) && number(after) && after.len() >= 4 {
        return true;
    }
    let (low, next) = (fold::lower(a.text), fold::lower(rest));
    let mut known = DATA.list("dash_compound").iter().filter_map(|c| c.split_once(" - "));
    habit.pairs.contains(&pair(before, after)) || known.any(|(l, r)| low.ends_with(l) && next.starts_with(r))
}

/// Whether the label at the start of `b` is to be believed after the line `a`.
fn believed(habit: &Habit, a: &Line<'_>, b: &Line<'_>, label: &Label, last: &Last) -> bool {
    if b.after_blank && !b.apart || a.ends_sentence() {
        return true;
    }
    let rest = b.text.get(label.len..).unwrap_or("");
    if label.family == Family::Dash && dash_inside(habit, a, rest) {
        return false;
    }
    let small = rest.starts_with(char::is_lowercase);
    match label.family {
        Family::Dash | Family::Dot | Family::Plus | Family::Star => !(small && habit.filled(a, b)),
        Family::Number
        | Family::Dotted(_)
        | Family::Letter
        | Family::Paren
        | Family::SmallRoman
        | Family::Alpha => {
            // A number waited for is no label; letters are hardly ever what a sentence waits for.
            let waited = label.family == Family::Number && dangles(a.text);
            !small && (last.fits(label) || !habit.filled(a, b) && !waited)
        }
        _ => true,
    }
}

/// The last label of each family, to tell whether a new one goes on with a sequence.
#[derive(Debug, Default)]
struct Last(Vec<(Family, u32)>);

impl Last {
    fn fits(&self, l: &Label) -> bool {
        l.value == 1 || self.0.iter().any(|(f, v)| *f == l.family && v + 1 == l.value)
    }

    fn note(&mut self, l: &Label) {
        self.0.retain(|(f, _)| *f < l.family);
        self.0.push((l.family, l.value));
    }

    fn roman(&self) -> u32 {
        self.0.iter().find(|(f, _)| *f == Family::Roman).map_or(0, |(_, v)| *v)
    }
}

/// Joins `lines` into paragraphs.
pub fn join(lines: &[Line<'_>], habit: &Habit) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut last = Last::default();
    let mut i = 0;
    // The label at which the paragraph before ended.
    let mut met: Option<Label> = None;
    while let Some(line) = lines.get(i) {
        let label = met.take().or_else(|| label_at(lines, i, habit, &last));
        if let Some(l) = &label {
            last.note(l);
        }
        let skip = label.as_ref().map_or(0, |l| l.len);
        let mut b = Builder::default();
        push(&mut b, line, skip, false);
        let mut j = i + 1;
        let mut empty = line.text.len() <= skip;
        while let (Some(a), Some(next)) = (lines.get(j - 1), lines.get(j)) {
            met = label_at(lines, j, habit, &last);
            if met.is_some() {
                break;
            }
            let title_below = empty
                && label.as_ref().is_some_and(|l| {
                    matches!(l.family, Family::Part | Family::Chapter | Family::Section | Family::Roman)
                        || !next.after_blank && !matches!(l.family, Family::Article)
                });
            let glue = glued(a.text, next.text);
            if !glue && !title_below && (empty || !goes_on(habit, line, a, next, label.as_ref())) {
                break;
            }
            push(&mut b, next, 0, glue);
            empty = false;
            j += 1;
        }
        let body = b.build();
        let parted = split_inline(
            Paragraph { caps: fold::is_caps(&body.text), label, body, start: line.offset, line: i },
            &mut last,
            &mut out,
        );
        // Labels inside the line may have changed what is expected next.
        if parted {
            met = None;
        }
        i = j;
    }
    out
}

fn push(b: &mut Builder, line: &Line<'_>, skip: usize, glue: bool) {
    let text = line.text.get(skip..).unwrap_or("");
    let before = line.text.get(..skip).map_or(0, |s| s.chars().count());
    b.line(text, line.offset + before, glue, line.cut);
}

fn label_at(lines: &[Line<'_>], i: usize, habit: &Habit, last: &Last) -> Option<Label> {
    let line = lines.get(i)?;
    let before = i.checked_sub(1).and_then(|p| lines.get(p));
    let found = labels::find(line.text);
    let plain_roman = found.as_ref().is_some_and(|l| l.family == Family::Roman);
    // A number before a title in capitals may be a damaged Roman one, where the Roman sequence waits for it.
    if let Some(damaged) = labels::damaged_roman(line.text, last.roman() + 1)
        && !(plain_roman && found.as_ref().is_some_and(|l| l.value >= damaged.value))
        && (last.roman() > 0 || found.is_none())
        && !found.as_ref().is_some_and(|l| {
            l.family == Family::Number && last.fits(l) && l.value != 1 && !damaged.raw.contains(['I', 'l'])
        })
        && before.is_none_or(|b| b.ends_sentence() || line.after_blank || b.len < 60)
    {
        return Some(damaged);
    }
    let mut label = found?;
    // "i)" after "h)" is a letter.
    if label.family == Family::SmallRoman
        && label.value == 1
        && last.0.iter().any(|(f, v)| *f == Family::Letter && *v == 8)
    {
        label.family = Family::Letter;
        label.value = 9;
    }
    if is_c_misread(&label, last, lines.get(i + 1..).unwrap_or(&[])) {
        label = Label { value: 3, name: "c".into(), doubtful: true, ..label };
    }
    if label.doubtful && label.family == Family::Letter && !last.fits(&label) {
        return None;
    }
    match before {
        Some(b) if !believed(habit, b, line, &label, last) => None,
        _ => Some(label),
    }
}

/// How far below "e)" the "d)" may stand that tells it is a "c)".
const NEXT_POINT: usize = 80;

/// Whether an "e)" is a "c)": it follows "b)", and "d)" follows it.
fn is_c_misread(label: &Label, last: &Last, below: &[Line<'_>]) -> bool {
    label.family == Family::Letter
        && label.name == "e"
        && last.0.contains(&(Family::Letter, 2))
        && below
            .iter()
            .take(NEXT_POINT)
            .filter_map(|l| labels::find(l.text))
            .find(|l| l.family <= Family::Letter)
            .is_some_and(|l| l.family == Family::Letter && l.name == "d")
}

static INLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[.;:…] (?:([-–+] ?)\p{Lu}|([0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.? |[0-9]{1,2}\. |[a-zđ]\) |\([0-9]{1,2}\) |[IVX]{1,5}\. )[\p{Lu}“])")
        .ok()
});

/// Splits items that stand on one line: "... được giao. - Tiếp tục ...", "... năm 2025. 7.2. Nhiệm vụ". Tells whether
/// there were any.
fn split_inline(p: Paragraph, last: &mut Last, out: &mut Vec<Paragraph>) -> bool {
    let Some(re) = INLINE.as_ref() else {
        out.push(p);
        return false;
    };
    let text = &p.body.text;
    let mut cuts: Vec<(usize, Label)> = Vec::new();
    let mut own = p.label.as_ref().map(|l| l.family);
    let mut depth = 0i32;
    let mut counted = 0;
    for c in re.captures_iter(text) {
        let Some(m) = c.get(1).or(c.get(2)) else { continue };
        // Lists inside brackets belong to their sentence.
        for ch in text.get(counted..m.start()).unwrap_or("").chars() {
            depth += i32::from(ch == '(') - i32::from(ch == ')');
        }
        counted = m.start();
        let Some(label) = text.get(m.start()..).and_then(labels::find) else { continue };
        let opened = text.get(..m.start()).is_some_and(|t| t.trim_end().ends_with(':'));
        let ok = depth <= 0
            && match label.family {
                f if f.is_bullet() => own == Some(f) || opened || own.is_some_and(Family::is_bullet),
                Family::Roman => {
                    label.value == last.roman() + 1
                        && fold::is_caps(
                            &text.get(m.end()..).unwrap_or("").chars().take(12).collect::<String>(),
                        )
                }
                Family::Dotted(_) => last.fits(&label),
                Family::Number | Family::Letter => {
                    last.fits(&label)
                        && (label.value > 1 && own == Some(label.family)
                            || opened && own.is_none_or(|f| f < label.family))
                }
                // Counted clauses of one sentence stay together unless a colon opens the list.
                _ => false,
            };
        if ok {
            last.note(&label);
            own = Some(label.family);
            cuts.push((m.start(), label));
        }
    }
    if cuts.is_empty() {
        out.push(p);
        return false;
    }
    let mut from = 0usize;
    let mut label = p.label.clone();
    let ends: Vec<(usize, Option<Label>)> =
        cuts.into_iter().map(|(a, l)| (a, Some(l))).chain([(text.len(), None)]).collect();
    for (end, next) in ends {
        let body = p.body.part(from, end);
        let start = p.body.spans(from, end).first().map_or(p.start, |s| s.start);
        from = end + next.as_ref().map_or(0, |l| l.len);
        if !body.is_empty() {
            out.push(Paragraph { caps: fold::is_caps(&body.text), label, body, start, line: p.line });
        }
        label = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;
    use vanthu_model::Document;

    fn texts(text: &str) -> Vec<(String, String)> {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        join(&lines, &Habit::of(&lines))
            .into_iter()
            .map(|p| (p.label.map(|l| l.name).unwrap_or_default(), p.body.text))
            .collect()
    }

    #[test]
    fn small_letters_and_digits_go_on_even_after_an_empty_line() {
        let t =
            "- Thực hiện Kế hoạch số 1/KH-UBND ngày \n\n25/12/2025 của tỉnh\n\nvà các văn bản khác.\n- Hết.";
        assert_eq!(texts(t).len(), 2);
    }

    #[test]
    fn two_items_on_one_line_are_two() {
        let got = texts("- Đẩy mạnh phân cấp. - Tiếp tục rà soát kinh tế - xã hội.");
        assert_eq!(got.len(), 2);
        assert_eq!(got[1].1, "Tiếp tục rà soát kinh tế - xã hội.");
    }

    #[test]
    fn a_symbol_broken_after_its_hyphen_is_whole() {
        let got = texts("- Thực hiện Nghị quyết số 45-\nNQ/TW ngày 24/01/2019.");
        assert_eq!(got[0].1, "Thực hiện Nghị quyết số 45-NQ/TW ngày 24/01/2019.");
    }

    #[test]
    fn an_e_between_b_and_d_is_a_c() {
        let names = |text: &str| texts(text).into_iter().map(|t| t.0).collect::<Vec<_>>();
        assert_eq!(names("a) Một;\nb) Hai;\ne) Ba;\nd) Bốn.")[2..], ["c", "d"]);
        // What the drafter skipped is not mended.
        assert_eq!(names("a) Một;\nb) Hai;\ne) Ba;\ng) Bốn.")[2..], ["e", "g"]);
    }

    #[test]
    fn a_number_that_a_sentence_waits_for_is_no_label() {
        let t = texts("5. Số gọi khi có việc gấp trong cả vùng là\n115. Kho phải có máy gọi.");
        assert_eq!(t.len(), 1, "{t:?}");
    }

    #[test]
    fn each_legal_basis_is_a_paragraph() {
        let bases = "Căn cứ Nghị định số 69/2018/NĐ-CP ngày 15 tháng 5 năm 2018 của\n\
            hội đồng quy định chi tiết một số điều của Luật Gửi giống lúa mùa;\n\
            Căn cứ Nghị định số 05/2024/NĐ-CP ngày 24 tháng 01 năm 2024 của\n\
            hội đồng quy định chi tiết một số điều của Luật Gửi giống lúa sớm;\n\
            Căn cứ Nghị định số 06/2024/NĐ-CP ngày 24 tháng 02 năm 2024 của\n\
            hội đồng quy định chi tiết một số điều của Luật Gửi giống lúa nếp;\n\
            Theo đề nghị của Cục trưởng Cục Kho giống tại Tờ trình số 7/TTr ngày\n\
            05 tháng 3 năm 2024 về việc quy định chi tiết một số điều gửi giống;";
        assert_eq!(texts(bases).len(), 4);
    }

    #[test]
    fn damaged_roman_labels_follow_the_sequence() {
        let got = texts("I. MỤC ĐÍCH\n- Một.\nIl. NỘI DUNG\n- Hai.\nI11. TỔ CHỨC\n- Ba.");
        let labels: Vec<&str> = got.iter().map(|g| g.0.as_str()).collect();
        assert_eq!(labels, ["I", "-", "II", "-", "III", "-"]);
    }
}
