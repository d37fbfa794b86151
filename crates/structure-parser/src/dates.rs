//! Calendar arithmetic for deadlines.

/// The document's own date, as far as it is known: what a text leaves out is taken from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Anchor {
    /// Year.
    pub year: Option<i32>,
    /// Month and day.
    pub month_day: Option<(u32, u32)>,
}

impl Anchor {
    /// Reads "2026-06-18", "2026-06" or "2026".
    pub fn of(iso: &str) -> Self {
        let mut parts = iso.split('-');
        let year = parts.next().and_then(|y| y.parse().ok());
        let month = parts.next().and_then(|m| m.parse().ok());
        let day = parts.next().and_then(|d| d.parse().ok());
        Self { year, month_day: month.map(|m| (m, day.unwrap_or(1))) }
    }

    /// The year for a day and month without one: the document's year, or the next where the day lies before it.
    pub fn year_for(&self, month: u32, day: u32) -> Option<i32> {
        let year = self.year?;
        let before = self.month_day.is_some_and(|md| (month, day) < md);
        Some(if before { year + 1 } else { year })
    }

    /// The year for a quarter without one: the document's year, or the next where the quarter is over.
    pub fn year_for_quarter(&self, quarter: u32) -> Option<i32> {
        let last = quarter.checked_mul(3)?;
        self.year_for(last, days_in(self.year?, last))
    }
}

/// Days in a month.
pub fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// ISO form of a day that exists.
pub fn iso(year: i32, month: u32, day: u32) -> Option<String> {
    let real =
        (1900..2200).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
    real.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The last day of a month.
pub fn month_end(year: i32, month: u32) -> Option<String> {
    if !(1..=12).contains(&month) {
        return None;
    }
    iso(year, month, days_in(year, month))
}

/// First and last day of a quarter.
pub fn quarter(year: i32, quarter: u32) -> Option<(String, String)> {
    if !(1..=4).contains(&quarter) {
        return None;
    }
    Some((iso(year, quarter * 3 - 2, 1)?, month_end(year, quarter * 3)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_months_and_quarters() {
        assert_eq!(month_end(2024, 2).as_deref(), Some("2024-02-29"));
        assert_eq!(quarter(2026, 1), Some(("2026-01-01".into(), "2026-03-31".into())));
        assert_eq!(iso(2026, 2, 30), None);
        assert_eq!(quarter(2026, 5), None);
    }

    #[test]
    fn a_year_left_out_comes_from_the_document() {
        let a = Anchor::of("2025-11-25");
        assert_eq!((a.year_for(12, 5), a.year_for(3, 1)), (Some(2025), Some(2026)));
        assert_eq!(Anchor::of("").year_for(1, 1), None);
    }
}
