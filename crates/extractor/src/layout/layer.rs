//! The blocks of a text layer.

use crate::page::{line_of, push_line, word};
use crate::pdf::LayerLine;
use vanthu_model::{Block, Origin};

pub(crate) fn layer_blocks(lines: &[LayerLine], _size: (f32, f32)) -> Vec<Block> {
    let mut block = Block::default();
    for line in lines {
        let words = line.iter().map(|w| word(w.text.clone(), w.bbox, 1.0, Origin::TextLayer)).collect();
        push_line(&mut block, line_of(words));
    }
    vec![block]
}
