//! Strings as numbers, so that long texts are compared quickly.

use rustc_hash::FxHashMap;

/// Gives each different string a number of its own.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(FxHashMap<String, u32>);

impl Vocabulary {
    /// The number of a string.
    pub fn id(&mut self, text: &str) -> u32 {
        if let Some(id) = self.0.get(text) {
            return *id;
        }
        let id = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(text.to_owned(), id);
        id
    }

    /// The numbers of strings.
    pub fn ids<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Vec<u32> {
        texts.into_iter().map(|t| self.id(t)).collect()
    }
}

/// Sorts a list of numbers, which then is a bag.
pub(crate) fn bag(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

/// How many entries two bags have in common.
pub(crate) fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                i += 1;
                j += 1;
                n += 1;
            }
        }
    }
    n
}
