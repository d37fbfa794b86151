//! What units must do, and by when.

use super::App;
use super::extract::{Asked, At};
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use crate::fold::words;
use crate::store::{DueTask, UnitCount, UnitTask};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// Units on their page.
const UNITS: usize = 300;

#[derive(Template)]
#[template(path = "units.html")]
struct Units<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    q: &'a str,
    units: Vec<UnitCount>,
}

#[derive(Template)]
#[template(path = "unit.html")]
struct Unit<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    name: &'a str,
    roles: Vec<(&'static str, Vec<&'a UnitTask>)>,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct Calendar<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    month: &'a Month,
    weeks: Vec<Vec<Option<Day<'a>>>>,
    before: Option<String>,
    behind: Option<String>,
    months: Vec<(String, String, u32)>,
    tasks: &'a [DueTask],
}

/// A day of a month with what is due.
struct Day<'a> {
    number: u32,
    iso: String,
    tasks: Vec<&'a DueTask>,
}

/// What to search for.
#[derive(Debug, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// `GET /units`
pub async fn list(
    State(app): State<Arc<App>>,
    reader: Reader,
    Asked(search): Asked<Search>,
) -> Result<Response, Problem> {
    let id = words(&search.q).join("-");
    let units = app.run(move |archive| Ok(archive.store().units(&id, UNITS)?)).await?;
    html(&Units { t: reader.t, reader: &reader, here: "units", q: &search.q, units })
}

/// `GET /units/{id}`
pub async fn one(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<String>,
) -> Result<Response, Problem> {
    let unit = words(&id).join("-");
    let asked = unit.clone();
    let (units, tasks) = app
        .run(move |archive| Ok((archive.store().units(&unit, UNITS)?, archive.store().unit_tasks(&unit)?)))
        .await?;
    let found = units.iter().find(|u| u.id == asked).ok_or_else(|| Problem::not_found("unit"))?;
    let of = |role: &'static str| (role, tasks.iter().filter(|t| t.role == role).collect::<Vec<_>>());
    let roles = ["lead", "coordinate", "recipient"].map(of).into_iter().filter(|(_, t)| !t.is_empty());
    html(&Unit { t: reader.t, reader: &reader, here: "units", name: &found.name, roles: roles.collect() })
}

/// Which month.
#[derive(Debug, Deserialize)]
pub struct AskedMonth {
    #[serde(default)]
    month: String,
}

/// `GET /calendar`
pub async fn calendar(
    State(app): State<Arc<App>>,
    reader: Reader,
    Asked(asked): Asked<AskedMonth>,
) -> Result<Response, Problem> {
    let months = app.run(|archive| Ok(archive.store().due_months()?)).await?;
    let now = Month::now();
    // Without being asked, the first month that is not over and has something due; in old archives the last.
    let month = Month::of(&asked.month).unwrap_or_else(|| {
        let coming = months.iter().find(|(m, _)| *m >= now.iso());
        coming.or(months.last()).and_then(|(m, _)| Month::of(m)).unwrap_or(now)
    });
    let (from, to) = (format!("{}-01", month.iso()), format!("{}-31", month.iso()));
    let tasks = app.run(move |archive| Ok(archive.store().due(&from, &to)?)).await?;
    let mut cells: Vec<Option<Day<'_>>> = (1..month.weekday()).map(|_| None).collect();
    for number in 1..=month.days() {
        let iso = format!("{}-{number:02}", month.iso());
        let tasks = tasks.iter().filter(|t| t.due.as_deref() == Some(&iso)).collect();
        cells.push(Some(Day { number, iso, tasks }));
    }
    let mut weeks = Vec::new();
    let mut cells = cells.into_iter().peekable();
    while cells.peek().is_some() {
        let mut week: Vec<Option<Day<'_>>> = cells.by_ref().take(7).collect();
        week.resize_with(7, || None);
        weeks.push(week);
    }
    let page = Calendar {
        t: reader.t,
        reader: &reader,
        here: "calendar",
        weeks,
        before: months.iter().rev().find(|(m, _)| *m < month.iso()).map(|(m, _)| m.clone()),
        behind: months.iter().find(|(m, _)| *m > month.iso()).map(|(m, _)| m.clone()),
        months: months.iter().map(|(m, n)| (m.clone(), reader.t.day(m), *n)).collect(),
        month: &month,
        tasks: &tasks,
    };
    html(&page)
}

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month {
    year: i64,
    /// From 1.
    month: i64,
}

impl Month {
    fn of(iso: &str) -> Option<Self> {
        let (year, month) = iso.split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1900..=2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    fn now() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let days = since.map_or(0, |d| i64::try_from(d.as_secs() / 86_400).unwrap_or(0));
        Self::of_day(days)
    }

    /// The month of a day, counted from 1 January 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    fn of_day(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day = z.rem_euclid(146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let of_year = day - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self { year: year + era * 400 + i64::from(month <= 2), month }
    }

    fn iso(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    fn days(&self) -> u32 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// The day of the week of its first day; 1 is Monday.
    fn weekday(&self) -> u32 {
        // Sakamoto's method.
        let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        let index = usize::try_from(self.month - 1).unwrap_or(0);
        let sunday_based =
            (year + year / 4 - year / 100 + year / 400 + shift.get(index).copied().unwrap_or(0) + 1)
                .rem_euclid(7);
        u32::try_from((sunday_based + 6) % 7 + 1).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_know_their_days() {
        let month = |iso: &str| Month::of(iso).unwrap();
        assert_eq!((month("2026-11").weekday(), month("2026-11").days()), (7, 30));
        assert_eq!((month("2024-02").weekday(), month("2024-02").days()), (4, 29));
        assert_eq!((month("2025-09").weekday(), month("1900-02").days()), (1, 28));
        assert_eq!(Month::of_day(20_414), month("2025-11"));
        assert_eq!(Month::of_day(0), month("1970-01"));
        assert_eq!(Month::of("2025-13"), None);
    }
}
