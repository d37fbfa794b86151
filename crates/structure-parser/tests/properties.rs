//! What holds for every text: parsing ends, spans lie in the text and read back their entry, ids are unique.

use proptest::prelude::*;
use std::time::{Duration, Instant};
use structure_parser::parse;
use vanthu_model::{Directive, Document};

#[path = "invariants/mod.rs"]
mod invariants;
use invariants::check;

fn run(text: &str) -> Directive {
    let doc = Document::from_text(text);
    let d = parse(&doc);
    check(&doc, &d);
    d
}

/// Lines that documents are made of, whole and broken.
fn line() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
        "Vân Hải, ngày 05 tháng 01 năm 2026",
        "KẾ HOẠCH",
        "V/v rà soát",
        "Kính gửi: Sở Nội vụ;",
        "I. MỤC TIÊU",
        "Il. NHIỆM VỤ",
        "1. Rà soát",
        "1.1. Mục tiêu",
        "a) Sở Y tế:",
        "- Giao Sở Nội vụ chủ trì, phối hợp với Công an tỉnh",
        "+ đạt tối thiểu 95%;",
        "100% hồ sơ được số hóa.",
        "trước ngày 30/6/2026.",
        "Định kỳ hàng quý, 6 tháng, hàng năm báo cáo UBND tỉnh (qua Sở Nội vụ)",
        "Điều 1.",
        "Chương II",
        "Phụ lục I",
        "PHỤ LỤC",
        "(Kèm theo Quyết định số /QĐ-UBND)",
        "Nơi nhận:",
        "- Như trên;",
        "KT. GIÁM ĐỐC",
        "Lê Văn Mẫu",
        "| TT | Nhiệm vụ | Cơ quan chủ trì |",
        "| 1 | Rà soát danh mục | Sở Y tế |",
        "|",
        "Nghị quyết số 45-",
        "NQ/TW ngày 24/01/2019 của Bộ Chính trị",
        "Luật sửa đổi, bổ sung một số điều của Luật Đo lường",
        "¹ Ghi chú",
        "5",
        "\u{c}",
        "",
        " ",
        "**** đậm ***",
        "các Bộ: Tài chính, Y tế",
        "Thời gian thực hiện: Quý IV năm 2025 và các năm tiếp theo",
        "\u{212a}İẞ ǅ",
        "e\u{301}\u{323}",
        "…",
        "giảm 15% so với năm 2025",
        "99999999999999999999/99999999999",
        "31/02/2026",
        "trước ngày 31/2",
    ]);
    prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,60}", 1 => "[0-9IVXivxaăđ.,;:()/%|*+ -]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_ends_and_keeps_the_invariants(text in "\\PC{0,400}") {
        run(&text);
    }

    #[test]
    fn lines_of_documents_in_any_order_keep_them(lines in prop::collection::vec(line(), 0..60), glue in prop::sample::select(vec!["\n", "\n\n", " ", "; "])) {
        run(&lines.join(glue));
    }
}

#[test]
fn texts_in_no_known_form_are_told_so() {
    for text in ["", "\n\n", "xin chào", "\u{c}\u{c}", "5", "|||||||"] {
        let d = run(text);
        assert!(d.diagnostics.iter().any(|x| x.code == "unknown_kind"), "{text:?}");
    }
}

#[test]
fn great_and_odd_texts_take_no_more_than_linear_time() {
    let timed = |name: &str, text: String| {
        let start = Instant::now();
        run(&text);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{name}: {took:?} for {} bytes", text.len());
    };
    timed("headings", (1..=100_000).map(|i| format!("{}. Mục số {i}\n", i % 90 + 1)).collect());
    timed(
        "nesting",
        (0..200).map(|i| format!("{}{}. Mục:\n", " ".repeat(i), vec!["1"; i + 1].join("."))).collect(),
    );
    timed("one line", "Sở Nội vụ chủ trì, phối hợp với Công an tỉnh rà soát 100% hồ sơ; ".repeat(40_000));
    timed("capitals", "BÁO CÁO TÌNH HÌNH THỰC HIỆN NHIỆM VỤ ".repeat(20_000));
    timed("commas", "các sở, ngành, ".repeat(60_000));
    timed("bars", "| 1 | a ".repeat(100_000));
    timed("bullets", "- Rà soát.\n".repeat(80_000));
}

#[test]
fn two_documents_in_one_lose_no_task() {
    let a = "KẾ HOẠCH\nMột\n\nI. NHIỆM VỤ\n1. Rà soát danh mục hồ sơ.\n2. Tập huấn cán bộ.\n";
    let b = "CHỈ THỊ\nHai\n\n1. Giao Sở Y tế kiểm tra các cơ sở.\n2. Yêu cầu các đơn vị báo cáo kết quả.\n";
    let both = run(&format!("{a}\n{b}"));
    assert_eq!(run(a).tasks.len() + run(b).tasks.len(), both.tasks.len());
}

#[test]
fn ids_of_tasks_stay_when_other_text_changes() {
    let a = run("KẾ HOẠCH\nMột\n\nI. NHIỆM VỤ\n1. Rà soát danh mục hồ sơ.\n");
    let b =
        run("KẾ HOẠCH\nMột và hai\n\nI. NHIỆM VỤ\n1. Lập danh sách đơn vị.\n2. Rà soát danh mục hồ sơ.\n");
    assert_eq!(a.tasks[0].id, b.tasks[1].id);
}

#[test]
fn facts_that_were_read_with_doubt_are_told_so() {
    let text = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG MÂY\nSố: 47/KH-UBND\n\nSông Mây, ngày 12 tháng 3 năm 2026\n\nKẾ HOẠCH\nCải tạo thư viện\n\n1. Giao Sở Thư viện rà soát phòng đọc.\n";
    let mut document = vanthu_model::Document::from_text(text);
    let doubts = |document: &vanthu_model::Document| -> Vec<String> {
        let found = structure_parser::parse(document).diagnostics;
        found.into_iter().filter(|d| d.code == "doubtful_field").map(|d| d.message).collect()
    };
    assert!(doubts(&document).is_empty());
    for word in document
        .pages
        .iter_mut()
        .flat_map(|p| &mut p.blocks)
        .flat_map(|b| &mut b.lines)
        .flat_map(|l| &mut l.words)
    {
        // A number written by hand.
        word.confidence = if word.text.starts_with("47") { 0.7 } else { 0.97 };
    }
    let told = doubts(&document);
    assert!(told.len() == 1 && told[0].ends_with("symbol"), "{told:?}");
}

#[test]
fn places_no_list_holds_and_places_that_are_no_more_are_told_once() {
    let text = |year: u32| {
        format!(
            "ỦY BAN NHÂN DÂN\nTỈNH LẠNG SƠN\nSố: 12/KH-UBND\nLạng Sơn, ngày 12 tháng 3 năm {year}\nKẾ HOẠCH\nSửa kho\n\nI. NHIỆM VỤ\n\
             1. Giao Ủy ban nhân dân huyện Chi Lăng kiểm kê kho.\n2. Giao Ủy ban nhân dân huyện Chi Lăng lập sổ.\n\
             3. Giao Ủy ban nhân dân xã Đồi Mây Tím báo cáo kết quả.\n"
        )
    };
    let codes = |year| {
        let found = run(&text(year)).diagnostics.into_iter().map(|d| d.code);
        found.filter(|c| c == "former_unit" || c == "unknown_unit").collect::<Vec<_>>()
    };
    assert_eq!(codes(2024), ["unknown_unit"]);
    assert_eq!(codes(2026), ["former_unit", "unknown_unit"]);
}
