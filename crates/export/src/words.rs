//! Parts of a task in the words of a register.

use vanthu_model::{Comparator, Deadline, Direction, Directive, Role, Target, Task};

/// Between two entries of one cell.
pub(crate) const BETWEEN: &str = "; ";

/// The names of the units that have this part in the task, parted by "; ".
pub fn units(task: &Task, role: Role) -> String {
    let names: Vec<&str> = task.units.iter().filter(|u| u.role == role).map(|u| u.name.as_str()).collect();
    names.join(BETWEEN)
}

/// The deadlines of a task, parted by "; ".
pub fn deadlines(task: &Task) -> String {
    task.deadlines.iter().map(deadline).collect::<Vec<_>>().join(BETWEEN)
}

/// The targets of a task, parted by "; ".
pub fn targets(task: &Task, directive: &Directive) -> String {
    let targets = task.targets.iter().filter_map(|&i| directive.targets.get(i));
    targets.map(target).collect::<Vec<_>>().join(BETWEEN)
}

/// The last day of a task that has exactly one, ISO.
pub fn due(task: &Task) -> Option<&str> {
    match task.deadlines.as_slice() {
        [only] => only.date.as_deref(),
        _ => None,
    }
}

/// The day where there is one, else the words of the paper.
pub fn deadline(deadline: &Deadline) -> String {
    match (&deadline.date, &deadline.start, &deadline.end) {
        (Some(date), _, _) => date.clone(),
        (_, Some(start), Some(end)) => format!("{start} – {end}"),
        _ => deadline.text.clone(),
    }
}

/// Direction, comparison, value and unit: "↑ ≥ 5 %".
pub fn target(target: &Target) -> String {
    let comparator = match target.comparator {
        Comparator::Equal | Comparator::Range => "",
        Comparator::AtLeast => "≥ ",
        Comparator::AtMost => "≤ ",
        Comparator::More => "> ",
        Comparator::Less => "< ",
    };
    let direction = match target.direction {
        Direction::Reach => "",
        Direction::Increase => "↑ ",
        Direction::Decrease => "↓ ",
    };
    let high = target.value_high.map(|v| format!("–{v}")).unwrap_or_default();
    let unit = target.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    format!("{direction}{comparator}{}{high}{unit}", target.value)
}

/// Year, month and day of an ISO date that has all three.
pub(crate) fn day(date: &str) -> Option<(u16, u8, u8)> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = parts.next().is_none() && (year.len(), month.len(), day.len()) == (4, 2, 2);
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (sound && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// A share of one with two digits, so that a register shows no more than is known.
pub(crate) fn hundredths(share: f32) -> f64 {
    (f64::from(share) * 100.0).round() / 100.0
}
