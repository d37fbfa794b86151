use crate::fold::round;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// A confidence and whether what it was said of is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// 0 to 1.
    pub confidence: f32,
    /// Whether it is right.
    pub right: bool,
}

/// Edges of the bins: finer where nearly all confidences lie. A bin holds its lower edge, the last one its upper, too.
pub const EDGES: [f64; 14] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0];

/// How often things said with some confidence are right.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Calibration {
    /// In the order of [`EDGES`].
    pub bins: Vec<Bin>,
    /// Sum of the squared differences between confidence and truth (1 or 0).
    pub squares: f64,
}

/// What was said with a confidence between two edges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// How many.
    pub count: usize,
    /// How many of them are right.
    pub right: usize,
    /// Sum of their confidences.
    pub confidences: f64,
}

impl Bin {
    /// Mean confidence; none of nothing.
    pub fn confidence(&self) -> Option<f64> {
        (self.count > 0).then(|| self.confidences / self.count as f64)
    }

    /// Share that is right; none of nothing.
    pub fn accuracy(&self) -> Option<f64> {
        (self.count > 0).then(|| self.right as f64 / self.count as f64)
    }
}

impl FromIterator<Observation> for Calibration {
    fn from_iter<I: IntoIterator<Item = Observation>>(observations: I) -> Self {
        let mut all = Self::default();
        for observation in observations {
            all.add(observation);
        }
        all
    }
}

impl Calibration {
    fn add(&mut self, Observation { confidence, right }: Observation) {
        if self.bins.is_empty() {
            let edges = EDGES.iter().zip(EDGES.iter().skip(1));
            self.bins = edges.map(|(&from, &to)| Bin { from, to, ..Bin::default() }).collect();
        }
        let confidence = f64::from(confidence).clamp(0.0, 1.0);
        // What lies on an edge belongs above it, whatever its last bits as a shorter number.
        let at = self.bins.iter().rposition(|bin| confidence >= bin.from - 1e-6).unwrap_or(0);
        if let Some(bin) = self.bins.get_mut(at) {
            bin.count += 1;
            bin.right += usize::from(right);
            bin.confidences += confidence;
        }
        self.squares += (confidence - f64::from(u8::from(right))).powi(2);
    }

    /// How many observations there are.
    pub fn count(&self) -> usize {
        self.bins.iter().map(|b| b.count).sum()
    }

    /// Share that is right, 0 to 1; none of nothing.
    pub fn accuracy(&self) -> Option<f64> {
        let right: usize = self.bins.iter().map(|b| b.right).sum();
        (self.count() > 0).then(|| right as f64 / self.count() as f64)
    }

    /// Expected calibration error: the mean difference between confidence and share of the right, over the bins, each
    /// weighed by what it holds (Naeini et al. 2015); 0 to 1, none of nothing.
    pub fn ece(&self) -> Option<f64> {
        let apart = |b: &Bin| (b.confidences - b.right as f64).abs();
        let sum: f64 = self.bins.iter().map(apart).sum();
        (self.count() > 0).then(|| sum / self.count() as f64)
    }

    /// Mean squared difference between confidence and truth (Brier 1950), 0 to 1; none of nothing.
    pub fn brier(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.squares / self.count() as f64)
    }
}

impl std::ops::AddAssign<&Calibration> for Calibration {
    fn add_assign(&mut self, other: &Self) {
        if self.bins.is_empty() {
            self.bins.clone_from(&other.bins);
        } else {
            for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
                bin.count += more.count;
                bin.right += more.right;
                bin.confidences += more.confidences;
            }
        }
        self.squares += other.squares;
    }
}

impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let short = |value: Option<f64>| value.map(|v| round(v, 5));
        let mut out = serializer.serialize_struct("Calibration", 6)?;
        out.serialize_field("count", &self.count())?;
        out.serialize_field("accuracy", &short(self.accuracy()))?;
        out.serialize_field("ece", &short(self.ece()))?;
        out.serialize_field("brier", &short(self.brier()))?;
        out.serialize_field("squares", &self.squares)?;
        out.serialize_field("bins", &self.bins)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(confidence: f32, right: bool) -> Observation {
        Observation { confidence, right }
    }

    #[test]
    fn what_is_as_often_right_as_it_says_has_no_error() {
        let honest: Calibration = (0..100).map(|i| said(0.8, i % 5 != 0)).collect();
        assert!(honest.ece().unwrap() < 1e-6);
        assert!((honest.brier().unwrap() - 0.16).abs() < 1e-6);
        let boastful: Calibration = (0..100).map(|i| said(1.0, i % 2 == 0)).collect();
        assert_eq!(boastful.ece(), Some(0.5));
        assert_eq!(Calibration::default().ece(), None);
    }

    #[test]
    fn edges_belong_above_and_parts_add_up() {
        let low: Calibration = [said(0.9, true), said(0.95, false), said(1.0, true)].into_iter().collect();
        let counts: Vec<usize> = low.bins.iter().map(|b| b.count).collect();
        assert_eq!(counts, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1]);
        let mut sum = Calibration::default();
        sum += &low;
        sum += &low;
        assert_eq!(sum.count(), 6);
        assert_eq!(sum.ece(), low.ece());
    }
}
