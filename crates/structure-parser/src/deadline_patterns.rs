//! How deadlines are written.

use regex::Regex;
use std::sync::LazyLock;

/// The patterns, over lower-case text.
pub struct Patterns {
    /// "trước ngày 10/3/2026", "chậm nhất 30/6".
    pub day: Regex,
    /// "trong tháng 6/2026".
    pub month: Regex,
    /// "trong quý II/2026".
    pub quarter: Regex,
    /// "đến năm 2030".
    pub year: Regex,
    /// "từ ngày 28/4 đến ngày 03/5/2026".
    pub day_range: Regex,
    /// "từ tháng 3 đến tháng 6/2026", "tháng 6 - 8/2026".
    pub month_range: Regex,
    /// "giai đoạn 2026-2030".
    pub span_years: Regex,
    /// "hằng tuần".
    pub repeated: Regex,
    /// "định kỳ (quý I, 06 tháng, ...)", "6 tháng/lần".
    pub rounds: Regex,
    /// "trước ngày 15 hằng tháng".
    pub repeated_day: Regex,
    /// "trong tháng 4 hằng năm".
    pub repeated_month: Regex,
    /// "ngay sau khi ...".
    pub event: Regex,
    /// "trong vòng 10 ngày kể từ ...".
    pub within: Regex,
    /// "01/2026" in an attribute.
    pub bare_month: Regex,
    /// "2026", "2025-2030" in an attribute.
    pub bare_year: Regex,
}

/// The patterns, compiled once.
pub static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let re = |s: &str| Regex::new(s).ok();
    Some(Patterns {
        day: re(
            r"(?P<pre>(?:(?:hoàn thành |xong |báo cáo )?(?:trước|chậm nhất(?: là| vào)?|muộn nhất(?: là| vào)?|đến hết|đến|hết|trong|vào|không quá|từ|kể từ)|xong|là) )?(?:(?:lúc )?[0-9]{1,2}\s?(?:h|giờ|:)\s?[0-9]{0,2}\s?(?:phút)?,? ?)?(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật),? ?\(?)?(?P<ngay>ngày )?(?:(?P<d>[0-9]{1,2})\s?[/.]\s?(?P<m>[0-9]{1,2})(?:\s?[/.]\s?(?P<y>[0-9]{4}))?|(?P<d2>[0-9]{1,2}) tháng (?P<m2>[0-9]{1,2})(?:(?: năm |/)(?P<y2>[0-9]{4}))?)",
        )?,
        month: re(
            r"(?P<pre>(?:hoàn thành )?(?:xong )?(?:trong|trước|đến hết|đến|hết|cuối|vào|từ|chậm nhất(?: là)?(?: trong)?) |trong (?:kỳ|phiên|buổi)(?: \p{L}+){1,3} |hoàn thành |xong )?(?:cuối )?tháng (?P<m>[0-9]{1,2})\s?(?:/| năm |-)\s?(?P<y>[0-9]{4})",
        )?,
        quarter: re(
            r"(?P<pre>(?:hoàn thành )?(?:xong )?(?:trong|trước|đến hết|đến|hết|cuối|vào|từ) |hoàn thành |xong )?(?:cuối )?qu[ýí] (?P<q>iv|i{1,3}|1{2,3}|[1-4])(?:\s?(?:-|–|và|đến)\s?(?:quý )?(?P<q2>iv|i{1,3}))?(?:\s?(?:/|-|–|,| năm |năm | )\s?(?P<y>[0-9]{4}))?(?P<on> và (?:các năm|những năm)(?: tiếp theo| sau)?)?",
        )?,
        year: re(
            r"(?P<pre>(?:trong|vào cuối|vào|đến hết|đến cuối|đến|hết|trước|cuối|hoàn thành|xong|từ) )(?:cuối )?năm (?P<y>(?:19|20)[0-9]{2})(?P<on> và (?:các|những) năm (?:tiếp theo|sau))?",
        )?,
        day_range: re(
            r"từ (?:ngày )?(?P<d>[0-9]{1,2})(?:/| tháng )(?P<m>[0-9]{1,2})(?:(?:/| năm )(?P<y>20[0-9]{2}))? (?:đến|tới|-|–)(?: hết)? (?:ngày )?(?P<e>[0-9]{1,2})(?:/| tháng )(?P<n>[0-9]{1,2})(?:(?:/| năm )(?P<z>20[0-9]{2}))?",
        )?,
        month_range: re(
            r"(?P<pre>từ )?tháng (?P<m>[0-9]{1,2})(?:/(?P<y>20[0-9]{2}))?\s?(?:-|–|đến)\s?(?:hết )?(?:tháng )?(?P<n>[0-9]{1,2})\s?(?:/| năm )\s?(?P<z>20[0-9]{2})",
        )?,
        span_years: re(
            r"(?P<pre>trong )?(?:giai đoạn|từ năm) (?P<a>20[0-9]{2})\s?(?:-|–|đến năm|đến)\s?(?P<b>20[0-9]{2})",
        )?,
        repeated: re(
            r"(?P<dk>(?:theo )?định kỳ )?(?:(?:trước |vào |chậm nhất )?(?:cuối )?(?:sáng |chiều |ngày )?(?:(?P<more>(?:(?:các )?(?:ngày )?thứ (?:hai|ba|tư|năm|sáu|bảy)(?:,| và|, và) )*)thứ (?P<wd>hai|ba|tư|năm|sáu|bảy)|(?P<sun>chủ nhật)) (?:của )?)?(?P<h>hàng|hằng|mỗi) (?P<u>ngày|tuần|tháng|quý|năm)",
        )?,
        rounds: re(
            r"định kỳ \(?(?:(?:báo cáo )?(?:quý (?:iv|i{1,3})|hàng quý|hằng quý|quý|0?6 tháng|0?9 tháng|0?3 tháng|0?1 tháng|năm|tháng|tuần)(?: một lần|/lần|/ lần)?(?:,| và)? ?)+\)?|0?(?P<n>[136]) tháng\s?/\s?(?:một )?lần|mỗi 0?(?P<n2>[136]) tháng|(?:0?[136]|ba|sáu|một) tháng (?:một|01|1) lần",
        )?,
        repeated_day: re(
            r"(?P<pre>(?:trước|chậm nhất|muộn nhất|vào|định kỳ|từ)(?: là| vào)? )(?P<list>(?:ngày [0-9]{1,2}(?:/[0-9]{1,2}| tháng [0-9]{1,2})?|[0-9]{1,2}(?:/| tháng )[0-9]{1,2})(?:(?:,| và|, và) (?:ngày )?[0-9]{1,2}(?:/[0-9]{1,2}| tháng [0-9]{1,2})?)*) (?:(?:của )?(?:hàng|hằng|mỗi)|của) (?P<u>tháng cuối quý|tháng|quý|năm)",
        )?,
        repeated_month: re(
            r"(?:(?:trong|vào|trước|chậm nhất(?: là)?(?: trong)?|cuối) )?tháng (?P<m>[0-9]{1,2}) (?:hàng|hằng|mỗi) năm",
        )?,
        event: re(
            r"(?:ngay (?:sau khi|khi|trong quá trình|sau)|theo tiến độ (?:xây dựng|được giao|của)|sau khi) [^,;.:()]+|tại (?:các )?kỳ họp [^,;.:()]{2,60}|trước tết [^,;.:()]{2,40}|trước(?: cho| khi)?(?: \p{L}+){0,6}? (?:ít nhất|tối thiểu) [0-9]{1,2} (?:ngày|giờ|tuần)(?: làm việc)?|ngay trong (?:ngày|tuần|tháng)(?: này)?",
        )?,
        within: re(
            r"(?:chậm nhất |không quá )?(?:trong (?:vòng|thời hạn|thời gian) )?[0-9]{1,3}(?: \([^)]*\))? (?:ngày|giờ|phút|tháng)(?: làm việc)?,? (?:kể )?từ (?:ngày|khi|lúc|thời điểm) [^,;.:()]+|(?:chậm nhất(?: là)?|muộn nhất(?: là)?|trong vòng|trong thời hạn)(?: không quá)? [0-9]{1,3} (?:ngày|giờ|phút)(?: làm việc)?",
        )?,
        bare_month: re(r"(?P<m>[0-9]{1,2})/(?P<y>20[0-9]{2})")?,
        bare_year: re(
            r"(?:năm )?(?P<y>20[0-9]{2})(?:\s?(?:-|–)\s?(?P<b>20[0-9]{2}))?(?P<on> và (?:các|những) năm (?:tiếp theo|sau))?",
        )?,
    })
});

/// The number that group `name` matched.
pub fn number(c: &regex::Captures<'_>, name: &str) -> Option<u32> {
    c.name(name)?.as_str().parse().ok()
}

/// The RFC 5545 rule of "hằng ngày", "hằng tuần", ...
pub fn frequency(unit: &str) -> &'static str {
    match unit {
        "ngày" => "FREQ=DAILY",
        "tuần" => "FREQ=WEEKLY",
        "tháng" => "FREQ=MONTHLY",
        "quý" => "FREQ=MONTHLY;INTERVAL=3",
        _ => "FREQ=YEARLY",
    }
}
