//! How measurable aims are written, over lower-case text.

use crate::data::DATA;
use regex::Regex;
use std::sync::LazyLock;

pub(crate) static PERCENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?P<a>[0-9]{1,3}(?:[.,][0-9]{1,3})?)\s?%?(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{1,3}(?:[.,][0-9]{1,3})?))?\s?%").ok()
});
pub(crate) static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<cmp>ít nhất|tối thiểu|không quá|không vượt quá|tối đa|không dưới|đạt trên|phấn đấu đạt|phấn đấu có|phấn đấu|đạt từ|đạt|≥|≤|phủ sóng|hơn) (?P<a>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+(?:,[0-9]+)?)(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+(?:,[0-9]+)?))? (?P<unit>nghìn tỷ đồng|tỷ đồng|triệu đồng|triệu usd|tỷ usd|đồng|ngày làm việc|[\p{L}]+)",
    )
    .ok()
});
/// "mở 02 lớp", "lắp đặt 06 trạm": a count of things to be made or served, with no comparing word.
pub(crate) static MADE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let verbs = DATA.list("counted_verb").join("|");
    Regex::new(&format!(
        r"(?:^|[^\p{{L}}])(?:{verbs}) (?:mới |thêm |xong |dứt điểm |hoàn thành |được |khoảng |từ |trên |hơn |thành công )*(?P<a>[0-9]{{1,3}}(?:\.[0-9]{{3}})+|[0-9]+)(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{{1,3}}(?:\.[0-9]{{3}})+|[0-9]+))? (?P<unit>[\p{{L}}]+)"
    ))
    .ok()
});
/// "chạy thử phần mềm tại 03 bệnh viện": a count of places where something is put to use.
pub(crate) static TRIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let verbs = DATA.list("tried_verb").join("|");
    Regex::new(&format!(
        r"(?:^|[^\p{{L}}])(?:{verbs})(?:,? \p{{L}}+){{0,12}} tại (?P<a>[0-9]{{1,3}})(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{{1,3}}))? (?P<unit>\p{{L}}+)"
    ))
    .ok()
});
/// "bố trí kinh phí số hóa 6,2 tỷ đồng": an amount of money that an order names.
pub(crate) static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:bố trí|hỗ trợ|cấp|nộp|thu hồi|huy động|giải ngân|bổ sung|tiết kiệm|truy thu|thu ngân sách|số tiền|thu phí|đạt)(?: [\p{L}]+){0,14}? (?:khoảng |là |thêm |đạt )?(?P<a>[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?)(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+(?:,[0-9]+)?))? (?P<unit>nghìn tỷ đồng|tỷ đồng|triệu đồng|đồng)",
    )
    .ok()
});
/// "tăng từ 1,8 đến 2,0 lần", "tăng 03 bậc": a change told by a number that is no per cent.
pub(crate) static CHANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:tăng|giảm|gấp|rút ngắn)(?: bình quân| thêm| ít nhất| tối thiểu| trên| từ| khoảng| được| còn)* (?P<a>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+(?:,[0-9]+)?)(?:\s?(?:-|–|đến)\s?(?P<b>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+(?:,[0-9]+)?))? (?P<unit>lần|bậc|điểm|hạng|ngày làm việc|ngày|giờ|phút|thủ tục|đầu mối|phòng|đơn vị|hộ|người|ha|vụ)",
    )
    .ok()
});
/// Where words of time begin that set a limit and are no part of the thing measured.
pub(crate) static LIMIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r",? (?:hoàn thành |xong )?(?:trước|chậm nhất|muộn nhất|trong|đến hết|đến|hết|vào|xong)(?: là)? (?:[0-9]{1,2} (?:giờ|h)[0-9 ]*)?(?:ngày [0-9]|tháng [0-9]|quý [iv0-9]+|năm [0-9]{4}|năm (?:học|nay)|giai đoạn|mùa)|, (?:hoàn thành|xong|bàn giao|đưa vào|trong đó)(?: |$)",
    )
    .ok()
});
pub(crate) static BASELINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"so với (?:cùng kỳ |kế hoạch |bình quân |mùa \p{L}+ |vụ \p{L}+ )?(?:giai đoạn [0-9]{4}\s?[-–]\s?[0-9]{4}|năm [0-9]{4}(?:\s?[-–]\s?[0-9]{4})?|năm trước|cùng kỳ(?: năm trước)?|thực hiện năm [0-9]{4})").ok()
});
pub(crate) static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?:đến hết|đến cuối|đến|hết|trong|trước) năm|^năm) (?P<y>20[0-9]{2})").ok()
});
pub(crate) static TITLE_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:mục tiêu|chỉ tiêu)[^0-9]{0,40})?(?:đến (?:hết |cuối )?)?năm (?P<y>20[0-9]{2})\s?:?$")
        .ok()
});
pub(crate) static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:người|hồ sơ|lớp|thủ tục|dự án|doanh nghiệp|sản phẩm|mô hình|cuộc|hội nghị|thôn|xã|phường|km|ha|tấn|giờ|ngày|điểm|thuê bao|lao động|hộ|trường|cơ sở|công trình|căn|nhiệm vụ|văn bản|lượt|đơn vị|tổ|nhóm|đồng|tỷ|triệu|nghìn|đề tài|bậc|lần)").ok()
});
