//! The only source of chance: a ChaCha stream per subject.
//!
//! Only the cipher's words are used and never the distributions of a library,
//! so that an update of a dependency changes no byte of the generated files.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of chance; the same seed and stream always give the same draws.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of one subject. Streams are independent of each other,
    /// so an estate looks the same whatever was generated before it.
    pub(crate) fn new(seed: u64, stream: u64) -> Dice {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut cipher = ChaCha8Rng::from_seed(key);
        cipher.set_stream(stream);
        Dice(cipher)
    }

    /// A number below `bound`; 0 where the bound is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // The high word of the product: uniform to within 2^-64 × bound, and free of loops.
        let wide = u128::from(self.0.next_u64()) * u128::from(bound);
        (wide >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(u64::from(high.saturating_sub(low)) + 1) as u32
    }

    /// True in `per_mille` of 1,000 cases.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1_000) < u64::from(per_mille)
    }

    /// The place of one of `length` things.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// One character of a text of single characters.
    pub(crate) fn character(&mut self, text: &str) -> char {
        // The name lists hold three-byte characters only, so the place can be counted without decoding.
        let place = self.place(text.len() / 3) * 3;
        text[place..].chars().next().unwrap_or('一')
    }

    /// The place of one of the weights, with a probability in proportion to it.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        let mut rest = self.below(total);
        for (place, weight) in weights.iter().enumerate() {
            let weight = u64::from(*weight);
            if rest < weight {
                return place;
            }
            rest -= weight;
        }
        weights.len().saturating_sub(1)
    }
}
