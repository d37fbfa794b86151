//! Writes a pruned model in the layout of `diacritic_restorer::lm`.

use super::context;
use super::estimate::Level;
use crate::corpus::Text;
use crate::lm::counts::Vocabulary;
use diacritic_restorer::lm::{BLOCK, MAGIC, VERSION, quantise_bow, quantise_p};

/// The bytes of the model file.
pub fn pack(levels: &[Level], text: &Text, vocabulary: &Vocabulary) -> Vec<u8> {
    let [l1, l2, l3, l4] = levels else { panic!("the layout holds four orders") };
    let size = 4 + vocabulary.words.len();
    let mut words = String::from("<s>\n<unk>\n<num>\n<sym>\n");
    for &w in &vocabulary.words {
        words.push_str(&text.words[w as usize]);
        words.push('\n');
    }
    // A triple holds at most 255 children: the least likely go.
    let quads = capped_quads(l3, l4);
    let mut out = MAGIC.to_vec();
    let sizes = [size, l2.p.len(), l3.p.len(), quads.len()];
    for v in [VERSION as usize].iter().chain(&sizes).chain(&[words.len()]) {
        out.extend((*v as u32).to_le_bytes());
    }
    out.extend(words.as_bytes());
    for id in 0..size {
        let case = id.checked_sub(4).map(|i| text.cases[vocabulary.words[i] as usize]).unwrap_or_default();
        // One case of each kind is added to a hundred small ones, so that nothing is impossible.
        let share = |n: u32| ((f64::from(n) + 0.02) / (f64::from(case.all) + 1.0) * 255.0).round() as u8;
        out.extend([share(case.title), share(case.upper)]);
    }
    order1(&mut out, size, l1, l2);
    let last = |k: u64| (k as u16).to_le_bytes();
    out.extend(l2.table.keys.iter().flat_map(|&k| last(k)));
    out.extend(l2.p.iter().map(|&p| quantise_p(p)));
    out.extend(l2.bow.iter().map(|&b| quantise_bow(b)));
    for start in first_children(l2, l3) {
        out.extend(start.to_le_bytes());
    }
    out.extend(l3.table.keys.iter().flat_map(|&k| last(k)));
    out.extend(l3.p.iter().map(|&p| quantise_p(p)));
    out.extend(l3.bow.iter().map(|&b| quantise_bow(b)));
    order3_children(&mut out, l3, l4, &quads);
    out.extend(quads.iter().flat_map(|&i| last(l4.table.keys[i])));
    out.extend(quads.iter().map(|&i| quantise_p(l4.p[i])));
    out
}

fn order1(out: &mut Vec<u8>, size: usize, l1: &Level, l2: &Level) {
    let mut p = vec![1e-9f32; size];
    let mut bow = vec![1f32; size];
    for (i, &k) in l1.table.keys.iter().enumerate() {
        p[k as usize] = l1.p[i];
        bow[k as usize] = l1.bow[i];
    }
    out.extend(p.iter().flat_map(|v| v.to_le_bytes()));
    out.extend(bow.iter().flat_map(|v| v.to_le_bytes()));
    let mut at = 0;
    for id in 0..=size as u64 {
        while at < l2.table.keys.len() && context(l2.table.keys[at]) < id {
            at += 1;
        }
        out.extend((at as u32).to_le_bytes());
    }
}

/// For each entry of `level`, and one past the end, the position of its first child in `above`.
fn first_children(level: &Level, above: &Level) -> Vec<u32> {
    let mut at = 0;
    let mut out = Vec::with_capacity(level.table.keys.len() + 1);
    for &k in &level.table.keys {
        while at < above.table.keys.len() && context(above.table.keys[at]) < k {
            at += 1;
        }
        out.push(at as u32);
    }
    out.push(above.table.keys.len() as u32);
    out
}

/// Positions of the 4-grams that are kept when each triple holds 255 at the most.
fn capped_quads(l3: &Level, l4: &Level) -> Vec<usize> {
    let mut out = Vec::with_capacity(l4.p.len());
    for g in l4.table.groups() {
        if l3.table.find(context(l4.table.keys[g.start])).is_none() {
            continue;
        }
        let mut best: Vec<usize> = g.collect();
        if best.len() > 255 {
            best.sort_by(|&a, &b| l4.p[b].total_cmp(&l4.p[a]));
            best.truncate(255);
            best.sort_unstable();
        }
        out.extend(best);
    }
    out
}

fn order3_children(out: &mut Vec<u8>, l3: &Level, l4: &Level, quads: &[usize]) {
    let mut at = 0;
    let mut blocks = Vec::new();
    for (i, &k) in l3.table.keys.iter().enumerate() {
        if i % BLOCK == 0 {
            blocks.push(at as u32);
        }
        let start = at;
        while at < quads.len() && context(l4.table.keys[quads[at]]) == k {
            at += 1;
        }
        out.push((at - start) as u8);
    }
    if l3.table.keys.len().is_multiple_of(BLOCK) {
        blocks.push(at as u32);
    }
    out.extend(blocks.iter().flat_map(|b| b.to_le_bytes()));
}
