//! What the assembly of tasks needs to know of the document, and what it would otherwise look up again and again.

use crate::attributes::{self, Attribute};
use crate::dates::Anchor;
use crate::field::Field;
use crate::labels::Family;
use crate::orders;
use crate::roles;
use crate::sections;
use crate::source::Source;
use crate::tree::Tree;
use crate::units::Found;
use std::cell::OnceCell;
use vanthu_model::{Role, UnitOrigin};

/// A unit that what stands below a node comes from it with: its name there, its part, how it came to it, the rule, a
/// confidence.
pub type Heir = (Found, Role, UnitOrigin, &'static str, f32);

/// What the assembly needs to know of the document.
pub struct Context<'a> {
    /// Paragraphs in their places.
    pub tree: &'a Tree,
    /// Pages and confidences.
    pub source: &'a Source,
    /// Under Kính gửi.
    pub addressees: &'a [Field],
    /// The document's date.
    pub anchor: Anchor,
    /// Whether the text is a news article.
    pub news: bool,
    /// Whether the document goes upwards (a report, a proposal), so that its addressees are not told what to do.
    pub upward: bool,
    /// The attribute line that each node is.
    pub attributes: Vec<Option<Attribute>>,
    /// First and last node with a label, by component.
    labelled: Vec<Option<(usize, usize)>>,
    heirs: Vec<OnceCell<Vec<Heir>>>,
    opening: Vec<OnceCell<Option<usize>>>,
}

impl<'a> Context<'a> {
    /// Looks the document over.
    pub fn new(
        tree: &'a Tree,
        source: &'a Source,
        addressees: &'a [Field],
        anchor: Anchor,
        news: bool,
        upward: bool,
    ) -> Self {
        let components = tree.nodes.last().map_or(0, |n| n.component + 1);
        let mut labelled = vec![None; components];
        for (i, n) in tree.nodes.iter().enumerate().filter(|(_, n)| n.label.is_some()) {
            if let Some(slot) = labelled.get_mut(n.component) {
                *slot = Some((slot.map_or(i, |(first, _)| first), i));
            }
        }
        Self {
            tree,
            source,
            addressees,
            anchor,
            news,
            upward,
            attributes: tree.nodes.iter().map(|n| attributes::line(&n.body)).collect(),
            labelled,
            heirs: vec![OnceCell::new(); tree.nodes.len()],
            opening: vec![OnceCell::new(); components],
        }
    }

    /// The attribute line that node `i` is.
    pub fn attribute(&self, i: usize) -> Option<Attribute> {
        self.attributes.get(i).copied().flatten()
    }

    /// First and last node with a label in a component.
    pub fn labelled(&self, component: usize) -> Option<(usize, usize)> {
        self.labelled.get(component).copied().flatten()
    }

    /// The units that lead what stands below node `i`: named in its title, or told to act in its lead-in words.
    pub fn heirs(&self, i: usize) -> &[Heir] {
        let Some(cell) = self.heirs.get(i) else { return &[] };
        cell.get_or_init(|| {
            let Some(n) = self.tree.nodes.get(i) else { return Vec::new() };
            // "Cơ quan chủ trì:" names a part, not a unit.
            if self.attribute(i).is_some() {
                return Vec::new();
            }
            if let Some(list) = sections::unit_title(&n.body) {
                let heading = |u| (u, Role::Lead, UnitOrigin::Heading, "unit_in_heading", 0.9);
                return list.units.into_iter().map(heading).collect();
            }
            // "Trách nhiệm của các bộ, ngành" over "6. Cơ sở giáo dục đại học": each title below names whose duties follow.
            let duties = n.parent.and_then(|q| self.tree.nodes.get(q));
            if n.heading
                && duties.is_some_and(|q| q.heading && q.body.low.starts_with("trách nhiệm của "))
                && roles::verb(&n.body, 0).is_none()
                && let Some(list) = sections::holder(&n.body, 0)
            {
                let heading = |u| (u, Role::Lead, UnitOrigin::Heading, "unit_in_heading", 0.7);
                return list.units.into_iter().map(heading).collect();
            }
            if n.heading && n.family().is_some_and(|f| f <= Family::Roman) {
                return Vec::new();
            }
            let cast = roles::read(&n.body);
            if !cast.leads() {
                return Vec::new();
            }
            // "Sở A chủ trì, phối hợp với Sở B thực hiện:" holds for each item below, with both.
            let told = |r: Role| r == Role::Lead || r == Role::Coordinate && n.opens();
            let heirs = cast.actors.iter().filter(|u| told(u.role));
            heirs.map(|u| (u.unit, u.role, UnitOrigin::LeadIn, "unit_in_lead_in", 0.82)).collect()
        })
    }

    /// The paragraph before a component's first item that orders what the items say: "... yêu cầu các sở thực hiện
    /// các nhiệm vụ sau:".
    pub fn opening(&self, component: usize) -> Option<usize> {
        *self.opening.get(component)?.get_or_init(|| {
            let nodes = self.tree.nodes.iter().enumerate();
            let mut before = nodes
                .filter(|(_, n)| n.component == component)
                .take_while(|(_, n)| n.label.is_none())
                .take(40);
            before.find(|(_, n)| n.opens() && orders::orders(&n.body)).map(|(i, _)| i)
        })
    }
}
