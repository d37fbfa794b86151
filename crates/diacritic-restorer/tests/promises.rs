//! What the restorer promises, with the models that come with it.

#![allow(clippy::unwrap_used)]

use diacritic_restorer::syllable::strip_marks;
use diacritic_restorer::{Gate, Lexicon, ModelError, Options, Regime, Restorer, Seen};
use proptest::prelude::*;
use std::sync::LazyLock;
use unicode_normalization::is_nfc;
use vanthu_model::{ChangeKind, CharIndex, Document, Origin};

static RESTORER: LazyLock<Restorer> = LazyLock::new(|| Restorer::bundled().unwrap());

fn restore(text: &str) -> String {
    RESTORER.restore_text(text, &Options::default()).text
}

const GOOD: &str = "Phòng Giáo dục và Đào tạo chủ trì, phối hợp với các trường tiểu học tổ chức kiểm tra bếp ăn bán trú trước ngày 15/9/2026;\n\
    kết quả báo cáo Ủy ban nhân dân huyện để theo dõi, chỉ đạo thực hiện.";

#[test]
fn marks_come_back() {
    assert_eq!(restore(&strip_marks(GOOD)), GOOD);
}

#[test]
fn good_text_stays_byte_for_byte() {
    for text in [
        GOOD,
        "Kính gửi: Các đơn vị\n\n- Email: hotro@example.vn; PAR Index 2026\n",
        "hoà bình và hòa bình",
        "",
    ] {
        assert_eq!(restore(text), text);
    }
}

#[test]
fn what_an_english_reader_left_is_read_again() {
    let damaged = "UY BAN NHAN DAN XA\nKiém tra vi¢c thuc hién vé sinh an toan thuc phdm tai c4c truong hoc trén dia ban;\n\
        t6 chtrc tap hudn cho can b6 phu trach truéc ngay 20/10/2026 theo Quyét dinh s6 15/QP-UBND.";
    let restored = RESTORER.restore_text(damaged, &Options::default());
    assert_eq!(
        restored.text,
        "ỦY BAN NHÂN DÂN XÃ\nKiểm tra việc thực hiện vệ sinh an toàn thực phẩm tại các trường học trên địa bàn;\n\
        tổ chức tập huấn cho cán bộ phụ trách trước ngày 20/10/2026 theo Quyết định số 15/QĐ-UBND."
    );
    let ix = CharIndex::new(&restored.text);
    for c in &restored.changes {
        assert_eq!(ix.slice(&restored.text, c.span), c.text);
        assert!((0.0..=1.0).contains(&c.confidence));
    }
    let symbol = restored.changes.iter().find(|c| c.raw == "15/QP-UBND").unwrap();
    assert_eq!(symbol.kind, ChangeKind::Digits, "changes to document symbols are told apart");
}

#[test]
fn another_language_is_left_alone() {
    let text = "The committee shall meet every quarter and submit its report to the board.";
    assert_eq!(restore(text), text);
    assert_eq!(RESTORER.regimes(&[text]), [Regime::Foreign]);
}

#[test]
fn a_document_keeps_what_was_read_and_where() {
    let mut d =
        Document::from_text("  Uy ban  nhan dan xa\n\nbao cao ket qua thuc hien ke hoach nam 2026 \n");
    RESTORER.restore_document(&mut d, &Options::default());
    assert_eq!(d.text, "  Ủy ban  nhân dân xã\n\nbáo cáo kết quả thực hiện kế hoạch năm 2026 \n");
    d.check().unwrap();
    let first = d.words().next().unwrap();
    assert_eq!((first.raw.as_str(), first.text.as_str()), ("Uy", "Ủy"));
    let ix = CharIndex::new(&d.text);
    assert!(!d.changes.is_empty());
    for c in &d.changes {
        assert_eq!(ix.slice(&d.text, c.span), c.text);
        assert_eq!(c.kind, ChangeKind::Marks);
    }
}

#[test]
fn what_was_read_in_capitals_stays_in_capitals() {
    // "KÉ" became "Kế", and the title of a plan was none.
    let mut d = Document::from_text(&format!("III. TÔ CHỨC THỰC HIỆN KÉ HOẠCH\n{GOOD}"));
    for word in
        d.pages.iter_mut().flat_map(|p| &mut p.blocks).flat_map(|b| &mut b.lines).flat_map(|l| &mut l.words)
    {
        word.origin = Origin::Ocr;
        word.confidence = if word.raw == "KÉ" || word.raw == "TÔ" { 0.5 } else { 0.96 };
    }
    RESTORER.restore_document(&mut d, &Options::default());
    assert!(d.text.starts_with("III. TỔ CHỨC THỰC HIỆN KẾ HOẠCH\n"), "{}", d.text);
}

#[test]
fn below_the_threshold_the_raw_word_stays() {
    let never = Options { threshold: 1.1, ..Options::default() };
    let raw = strip_marks(GOOD);
    assert_eq!(RESTORER.restore_text(&raw, &never).text, raw);
}

#[test]
fn each_word_tells_how_sure_it_is_and_what_else_it_may_be() {
    let options = Options { alternatives: 4, ..Options::default() };
    let text = "Phong Giao duc to chuc hop\nngay 15/9/2026 theo Quyet dinh so 12/QD-UBND.";
    let lines = RESTORER.restore_lines(text, &options);
    let whole: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
    let whole = whole.join("\n");
    assert_eq!(whole, restore(text));
    let ix = CharIndex::new(&whole);
    for line in &lines {
        for w in &line.words {
            assert_eq!(ix.slice(&whole, w.span), w.text);
            assert_eq!(&line.text[w.range.clone()], w.text);
            assert_eq!(&line.raw[w.raw_range.clone()], w.raw);
            assert_eq!(w.changed, w.raw != w.text);
            assert!(w.alternatives.len() <= 4);
            assert!(w.alternatives.is_sorted_by(|a, b| a.probability >= b.probability));
        }
    }
    let words = &lines[0].words;
    let to = words.iter().find(|w| w.raw == "to").unwrap();
    assert_eq!((to.text.as_str(), to.cause), ("tổ", "marks_restored"));
    assert!(to.alternatives.len() >= 3 && to.alternatives[0].text == "tổ");
}

#[test]
fn a_word_kept_below_the_threshold_is_flagged() {
    let never = Options { threshold: 1.1, ..Options::default() };
    let raw = strip_marks(GOOD);
    let lines = RESTORER.restore_lines(&raw, &never);
    assert!(lines.iter().flat_map(|l| &l.words).all(|w| !w.changed));
    assert!(lines[0].words.iter().find(|w| w.raw == "Phong").unwrap().doubtful);
}

#[test]
fn a_users_words_are_known() {
    let text = "Uy ban nhan dan xa Hrech Blom to chuc hop tai thon Dak Troi truoc ngay 15/9/2026";
    let names = Lexicon::parse("Đăk Trôi\nHrếch Blôm\n").unwrap();
    let with = Restorer::bundled().unwrap().with_lexicon(&names);
    let restored = with.restore_text(text, &Options::default()).text;
    assert_eq!(restored, "Ủy ban nhân dân xã Hrếch Blôm tổ chức họp tại thôn Đăk Trôi trước ngày 15/9/2026");
}

#[test]
fn the_gate_can_be_forced() {
    let good = "Các trường tiểu học báo cáo Ủy ban nhân dâu xã kết quả thực hiện nhiệm vụ năm học.";
    assert_eq!(restore(good), good);
    let open = Options { gate: Gate::Open, ..Options::default() };
    assert_eq!(RESTORER.restore_text(good, &open).text, good.replace("dâu", "dân"));
    let stripped = Options { gate: Gate::As(Regime::NoMarks), ..Options::default() };
    assert_eq!(RESTORER.restore_text("bao cao", &stripped).text, "báo cáo");
}

#[test]
fn a_foreign_or_cut_model_is_refused_with_its_name_and_what_was_expected() {
    let folder = std::env::temp_dir().join(format!("restorer-models-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let refused = |name: &str, bytes: &[u8]| -> (ModelError, String) {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = Restorer::load(&path).err().unwrap();
        let message = error.to_string();
        assert!(message.contains(name), "{message}");
        (error, message)
    };
    let model =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dictionaries/restorer.lm")).unwrap();
    let (error, message) = refused("picture.lm", b"GIF89a and more");
    assert!(matches!(error, ModelError::Foreign { .. }));
    assert!(message.contains("language model") && message.contains("VTLM"), "{message}");
    let (error, message) = refused("cut.lm", &model[..model.len() / 2]);
    assert!(matches!(error, ModelError::Damaged { .. }));
    assert!(message.contains(&model.len().to_string()), "{message}");
    let mut newer = model[..4096].to_vec();
    newer[4] = 99;
    assert!(matches!(refused("newer.lm", &newer).0, ModelError::Version { found: 99, .. }));
    assert!(matches!(refused("empty.lm", b"").0, ModelError::Foreign { .. }));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Lines as a bad reader gives them: syllables without marks, signs in between, digits, symbols.
fn damaged() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-z]{1,7}",
        3 => prop::sample::select(vec!["thyc", "hi¢n", "c6ng", "S&", "t6", "dugc", "12", "I11.", "a)", "-", "+"]).prop_map(String::from),
        1 => "[0-9]{1,3}/[A-Z]{2}-[A-Z]{2,5}",
        1 => "[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}",
        1 => "\\PC{1,6}",
    ];
    prop::collection::vec(prop_oneof![8 => word, 1 => Just("\n".to_string())], 0..60)
        .prop_map(|w| w.join(" "))
}

/// Sentences of our own, with their marks gone or as a foreign reader leaves them.
fn readable() -> impl Strategy<Value = String> {
    let sentence = prop::sample::select(vec![
        "Ủy ban nhân dân xã báo cáo kết quả thực hiện kế hoạch năm 2026 trước ngày 15/9/2026;",
        "Phòng Giáo dục và Đào tạo chủ trì, phối hợp với các trường tiểu học tổ chức kiểm tra.",
        "a) Hướng dẫn các đơn vị lập danh mục hồ sơ theo Quyết định số 12/QĐ-UBND.",
        "2. Kinh phí thực hiện là 1.250.000 đồng, đạt 85% kế hoạch.",
    ]);
    prop::collection::vec((sentence, any::<bool>()), 1..6).prop_map(|lines| {
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(line, foreign)| {
                let bare = strip_marks(line);
                if foreign {
                    bare.replace("chu", "cha").replace("bao", "bdo").replace("hien", "hién")
                } else {
                    bare
                }
            })
            .collect();
        lines.join("\n")
    })
}

/// Seconds that the repair of `text` takes.
fn seconds(text: &str) -> f64 {
    let clock = std::time::Instant::now();
    let out = restore(text);
    assert_eq!(out.split('\n').count(), text.split('\n').count());
    clock.elapsed().as_secs_f64()
}

#[test]
fn a_line_ten_times_as_long_takes_about_ten_times_as_long() {
    for unit in
        ["a", "a ", "a-", "¢", "¢ ", "1 ", "12/", "\u{0}", "(", "dir lidu ", "I1. ", "\u{301}", "ợ", "A@b."]
    {
        let line = |bytes: usize| unit.repeat(bytes / unit.len());
        seconds(&line(1_000));
        let short = seconds(&line(8_000)).max(1e-3);
        let long = seconds(&line(80_000));
        assert!(long < 60.0 * short, "{unit:?}: {short:.4} s, then {long:.4} s");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    for unit in ["x", "a-", "\u{0}"] {
        let text = unit.repeat(10_000_000 / unit.len());
        assert!(seconds(&text) < 20.0, "{unit:?}");
    }
}

#[test]
fn nul_bytes_part_words_and_stay() {
    let out = restore("Uy ban\u{0}nhan dan xa bao cao ket qua\u{0}\u{0}thuc hien");
    assert_eq!(out.matches('\u{0}').count(), 3);
}

/// At low resolutions a hook over a circumflex looks like an acute: the words around it and its picture tell together.
#[test]
fn the_picture_of_a_word_speaks_for_what_it_shows() {
    let line = "Các xã đấy mạnh công tác tuyên truyền";
    let start = line.find("đấy").unwrap_or_default();
    let probability = |readings: &[(&str, f32)]| {
        let readings = readings.iter().map(|(text, p)| ((*text).to_owned(), *p)).collect();
        let sure = |start| Seen { start, confidence: 0.96, ..Seen::default() };
        let words = [sure(0), Seen { readings, ..sure(start) }, sure(start + "đấy ".len())];
        let options = Options { alternatives: 8, ..Options::default() };
        let repairs = RESTORER.repair_recognised(&[line], &[words.to_vec()], &options);
        let word = repairs[0].readings.iter().find(|r| r.start == start).unwrap();
        word.alternatives.iter().find(|a| a.text == "đẩy").map_or(0.0, |a| a.probability)
    };
    let (against, silent) = (probability(&[("đẩy", 0.001)]), probability(&[]));
    let (seen, clear) = (probability(&[("đẩy", 0.3)]), probability(&[("đẩy", 0.9)]));
    // It never speaks against marks: on poor copies they fade.
    assert!(against == silent && silent < seen && seen <= clear, "{against} {silent} {seen} {clear}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_are_kept_and_text_is_composed(text in damaged()) {
        let out = RESTORER.restore_text(&text, &Options::default());
        prop_assert_eq!(out.text.split('\n').count(), text.split('\n').count());
        prop_assert!(is_nfc(&out.text));
        let ix = CharIndex::new(&out.text);
        for c in &out.changes {
            prop_assert_eq!(ix.slice(&out.text, c.span), c.text.as_str());
        }
    }

    #[test]
    fn what_was_restored_is_left_alone(text in readable()) {
        let once = restore(&text);
        prop_assert_eq!(&restore(&once), &once);
    }

    #[test]
    fn dates_and_numbers_of_three_digits_stay(text in damaged()) {
        let facts = |s: &str| -> Vec<String> {
            s.split(|c: char| !c.is_ascii_digit()).filter(|d| d.len() >= 3).map(String::from).collect()
        };
        let out = RESTORER.restore_text(&text, &Options::default());
        prop_assert_eq!(facts(&text), facts(&out.text));
    }

    #[test]
    fn documents_keep_their_invariants(text in damaged()) {
        let mut d = Document::from_text(&text);
        let words = d.words().count();
        RESTORER.restore_document(&mut d, &Options::default());
        prop_assert!(d.check().is_ok(), "{:?}", d.check());
        prop_assert!(d.words().count() <= words);
    }
}
