//! How often someone may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most of those who ask that are remembered; who has not asked for long is forgotten first.
const MOST: usize = 10_000;

/// A bucket of turns for each of those who ask: it holds so many, and they come back one by one.
#[derive(Debug)]
pub struct Rates {
    /// Turns that a bucket holds.
    most: f64,
    /// Turns that come back in a second.
    a_second: f64,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rates {
    /// `most` turns at once, and `a_second` more each second.
    pub fn new(most: u32, a_second: f64) -> Self {
        Self { most: f64::from(most), a_second, buckets: Mutex::default() }
    }

    /// Takes a turn of `who`.
    ///
    /// # Errors
    /// How long it takes until there is one.
    pub fn take(&self, who: &str) -> Result<(), Duration> {
        self.take_at(who, Instant::now())
    }

    fn take_at(&self, who: &str, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(who) {
            let full = |(left, since): &(f64, Instant)| {
                left + now.saturating_duration_since(*since).as_secs_f64() * self.a_second >= self.most
            };
            buckets.retain(|_, bucket| !full(bucket));
            if buckets.len() >= MOST {
                // As many as this are one attack: it is met as one.
                return Err(Duration::from_secs(1));
            }
        }
        let (left, since) = buckets.entry(who.to_owned()).or_insert((self.most, now));
        *left = (*left + now.saturating_duration_since(*since).as_secs_f64() * self.a_second).min(self.most);
        *since = now;
        if *left >= 1.0 {
            *left -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - *left) / self.a_second.max(1e-6)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_run_out_and_come_back() {
        let rates = Rates::new(3, 0.5);
        let begin = Instant::now();
        for _ in 0..3 {
            assert!(rates.take_at("a", begin).is_ok());
        }
        let wait = rates.take_at("a", begin).unwrap_err();
        assert!((1.9..=2.1).contains(&wait.as_secs_f64()), "{wait:?}");
        assert!(rates.take_at("b", begin).is_ok(), "others have their own");
        assert!(rates.take_at("a", begin + Duration::from_secs(2)).is_ok());
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let rates = Rates::new(2, 1.0);
        let begin = Instant::now();
        for i in 0..MOST {
            assert!(rates.take_at(&i.to_string(), begin).is_ok());
        }
        assert!(rates.take_at("late", begin).is_err());
        assert!(rates.take_at("late", begin + Duration::from_secs(5)).is_ok());
        assert!(rates.buckets.lock().unwrap().len() < 10);
    }
}
