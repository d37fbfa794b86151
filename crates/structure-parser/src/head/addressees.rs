//! Whom a document goes to: the list under "Kính gửi", beside stamps and over lines.

use super::Reader;
use crate::field::{Field, piece, trimmed_end, trimmed_start};
use crate::fold;
use crate::labels;
use crate::lines::Line;
use crate::passage::Passage;
use crate::unit_lists;

/// "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH điện:": where the addressees begin.
pub(super) fn telegraphs(text: &str) -> Option<usize> {
    let low = fold::lower(text);
    let at = low.find("điện:").filter(|at| {
        low.chars().count() < 110 && (*at == 0 || low.get(..*at).is_some_and(|b| b.ends_with(' ')))
    })?;
    Some(at + "điện:".len())
}

impl Reader<'_, '_> {
    /// Whether line `i` begins with the name of a body.
    pub(super) fn names_body(&self, i: usize) -> bool {
        self.lines.get(i).is_some_and(|l| {
            let p = piece(l, 0, l.text.len());
            !fold::is_caps(l.text) && unit_lists::list_at(&p, 0).is_some_and(|u| u.next > 1)
        })
    }

    /// Whether a list of bodies begins in the few lines below line `i`.
    pub(super) fn listed_below(&self, i: usize) -> bool {
        let below = self.lines.iter().enumerate().skip(i + 1).take(4).take_while(|(_, l)| l.len < 100);
        below.into_iter().any(|(k, l)| {
            labels::find(l.text).is_some_and(|l| l.family.is_bullet())
                || self.names_body(k) && l.text.ends_with([';', '.', ','])
        })
    }

    pub(super) fn address(&mut self, line: &Line<'_>, from: usize) {
        let p = piece(line, from, line.text.len());
        // "- A; - B;" run together on one line.
        let mut start = 0;
        for (i, _) in p.text.match_indices(';') {
            let rest = p.text.get(i + 1..).unwrap_or("").trim_start();
            if rest.starts_with(['-', '–']) || rest.is_empty() || rest.starts_with(char::is_uppercase) {
                self.push_address(&p, start, i);
                start = i + 1;
            }
        }
        self.push_address(&p, start, p.text.len());
    }

    pub(super) fn push_address(&mut self, p: &Passage, a: usize, b: usize) {
        let raw = p.slice(a, b);
        let skip = raw.len() - trimmed_start(raw).len();
        let end = a + trimmed_end(raw).len();
        if end > a + skip
            && let Some(f) = Field::of(p, a + skip, end, "addressee", 0.95)
        {
            self.head.addressees.push(f);
        }
    }

    pub(super) fn address_more(&mut self, line: &Line<'_>) {
        let p = piece(line, 0, line.text.len());
        let Some(more) = Field::entry(&p, "addressee", 0.9) else { return };
        match self.head.addressees.pop() {
            Some(f) if line.text.starts_with(char::is_lowercase) => self.head.addressees.push(f.join(&more)),
            last => {
                self.head.addressees.extend(last);
                self.head.addressees.push(more);
            }
        }
    }
}
