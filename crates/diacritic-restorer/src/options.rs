//! What may be set for a repair.

use crate::regime::Regime;

/// Which lines are repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gate {
    /// Each line by what it looks like and where it comes from: good and foreign lines stay byte for byte.
    #[default]
    Auto,
    /// Lines that look good are mended too, where the models are all but certain; foreign lines stay. For what a Vietnamese
    /// OCR engine gave, `As(Regime::Recognised)` mends more.
    Open,
    /// All lines are taken for this kind of damage, whatever they look like.
    As(Regime),
}

impl Gate {
    /// What becomes of a line in which the gate saw `found`.
    pub(crate) fn regime(self, found: Regime) -> Regime {
        match self {
            Gate::Auto => found,
            Gate::Open if found == Regime::Good => Regime::Recognised,
            Gate::Open => found,
            Gate::As(regime) => regime,
        }
    }
}

/// What may be set for a repair.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Options {
    /// Repairs less sure than this (0 to 1) are not made: the raw word stays and is flagged doubtful.
    pub threshold: f32,
    /// Which lines are repaired.
    pub gate: Gate,
    /// How many readings of each word are told with their probabilities, the chosen one among them; 0 for none.
    pub alternatives: usize,
}
