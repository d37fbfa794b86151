use std::collections::BTreeMap;

/// Puts what arrives in any order back into the order of the inputs.
///
/// Each input arrives exactly once, with or without something to hand on. Only what is ahead of its turn is held.
#[derive(Debug)]
pub struct Order<T> {
    next: usize,
    ahead: BTreeMap<usize, Option<T>>,
}

impl<T> Default for Order<T> {
    fn default() -> Self {
        Self { next: 0, ahead: BTreeMap::new() }
    }
}

impl<T> Order<T> {
    /// Input `index` is finished; it hands on `item` unless it failed.
    pub fn arrive(&mut self, index: usize, item: Option<T>) {
        self.ahead.insert(index, item);
    }

    /// Whether all before `index` have been taken.
    pub fn is_next(&self, index: usize) -> bool {
        self.next == index
    }

    /// The next item whose turn it is.
    pub fn take(&mut self) -> Option<T> {
        while let Some(item) = self.ahead.remove(&self.next) {
            self.next += 1;
            if item.is_some() {
                return item;
            }
        }
        None
    }

    /// The items that wait for others, in order: for when those will never arrive.
    pub fn rest(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.ahead).into_values().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_out_in_the_order_of_the_inputs() {
        let mut order = Order::default();
        let mut out = Vec::new();
        for (index, item) in [(2, Some('c')), (0, Some('a')), (1, None), (4, Some('e')), (5, Some('f'))] {
            order.arrive(index, item);
            while let Some(item) = order.take() {
                out.push(item);
            }
        }
        assert_eq!(out, ['a', 'c']);
        assert_eq!(order.rest().collect::<Vec<_>>(), ['e', 'f']);
    }
}
