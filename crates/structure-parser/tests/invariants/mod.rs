//! What holds for every directive: spans lie in the text and read back their entry, ids are unique, parents first.
//! Used by the property tests, the example `hammer` and the fuzz target.

use std::collections::HashSet;
use vanthu_model::{CharIndex, Directive, Document, Span};

fn squeezed(s: &str) -> String {
    s.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks the invariants of a directive against its document; panics where one is broken.
pub fn check(doc: &Document, d: &Directive) {
    let ix = CharIndex::new(&doc.text);
    let read = |spans: &[Span]| spans.iter().map(|s| ix.slice(&doc.text, *s)).collect::<String>();
    let inside = |spans: &[Span]| {
        for s in spans {
            assert!(s.start < s.end && s.end <= ix.chars(), "span {s:?} of {}", ix.chars());
        }
    };
    let same = |text: &str, spans: &[Span]| {
        inside(spans);
        assert_eq!(squeezed(text), squeezed(&read(spans)), "{spans:?}");
    };
    let mut ids = HashSet::new();
    for t in &d.tasks {
        assert!(ids.insert(&t.id), "task id {} twice", t.id);
        same(&t.text, &t.evidence.spans);
        for u in &t.units {
            same(&u.name, &u.evidence.spans);
            assert!(d.units.iter().any(|k| k.id == u.unit_id && k.forms.contains(&u.name)));
        }
        for w in &t.deadlines {
            same(&w.text, &w.evidence.spans);
        }
        assert!(t.targets.iter().all(|i| *i < d.targets.len()));
    }
    for t in &d.targets {
        same(&t.text, &t.evidence.spans);
    }
    for o in &d.objectives {
        same(&o.text, &o.evidence.spans);
    }
    for r in &d.results {
        same(&r.text, &r.evidence.spans);
    }
    for a in &d.annexes {
        inside(&a.evidence.spans);
        assert!(a.tasks.iter().all(|id| ids.contains(id)), "annex {} names an unknown task", a.id);
    }
    let mut ids = HashSet::new();
    for o in &d.outline {
        assert!(o.parent.as_ref().is_none_or(|p| ids.contains(p)), "parent of {} not before it", o.id);
        assert!(ids.insert(o.id.clone()), "outline id {} twice", o.id);
        inside(&o.evidence.spans);
        if !o.title.is_empty() {
            same(&o.title, &o.evidence.spans);
        }
    }
    for r in &d.references {
        inside(&r.evidence.spans);
    }
    let mut ids = HashSet::new();
    assert!(d.units.iter().all(|u| ids.insert(&u.id)));
    for (name, f) in &d.metadata.evidence {
        inside(&f.evidence.spans);
        assert!((0.0..=1.0).contains(&f.evidence.confidence), "{name}");
    }
}
