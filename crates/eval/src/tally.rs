use crate::fold::round;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// How many entries were to be found, were given, and were right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Tally {
    /// Entries of the annotation.
    pub gold: usize,
    /// Entries of the output.
    pub output: usize,
    /// Entries that both have.
    pub hit: usize,
}

impl Tally {
    /// A tally.
    pub fn new(hit: usize, gold: usize, output: usize) -> Self {
        Self { gold, output, hit }
    }

    /// Share of the output that is right, 0 to 1, rounded to four decimals; none where nothing was given.
    pub fn precision(&self) -> Option<f64> {
        (self.output > 0).then(|| round(self.hit as f64 / self.output as f64, 4))
    }

    /// Share of the annotation that was found, 0 to 1, rounded to four decimals; none where nothing was to be found.
    pub fn recall(&self) -> Option<f64> {
        (self.gold > 0).then(|| round(self.hit as f64 / self.gold as f64, 4))
    }

    /// Harmonic mean of precision and recall, 0 to 1, rounded to four decimals; none where there was nothing to find and
    /// nothing was given.
    pub fn f1(&self) -> Option<f64> {
        let all = self.gold + self.output;
        (all > 0).then(|| round((2 * self.hit) as f64 / all as f64, 4))
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.output += other.output;
        self.hit += other.hit;
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Tally", 6)?;
        out.serialize_field("gold", &self.gold)?;
        out.serialize_field("output", &self.output)?;
        out.serialize_field("hit", &self.hit)?;
        out.serialize_field("precision", &self.precision())?;
        out.serialize_field("recall", &self.recall())?;
        out.serialize_field("f1", &self.f1())?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_find_is_no_figure_and_nothing_found_is_zero() {
        assert_eq!(Tally::default().f1(), None);
        assert_eq!(Tally::new(0, 3, 0).f1(), Some(0.0));
        assert_eq!(Tally::new(0, 3, 0).precision(), None);
        assert_eq!(Tally::new(2, 3, 4).f1(), Some(0.5714));
    }
}
