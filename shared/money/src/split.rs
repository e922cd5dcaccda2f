//! Sharing a cost by area without losing or inventing a fen (165号令 article 20; Civil Code 283).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::amount::Fen;
use crate::area::Area;

/// Splits `total` in proportion to the weights by the method of the largest remainder.
///
/// Each share is first rounded down; the fen left over go, one each, to the largest remainders,
/// equal remainders in the order of the keys. The shares come back in the order of the weights,
/// add up to `total` exactly, are each within one fen of the exact share, and do not depend on the order given.
/// A weight of zero gets nothing. Refuses per [`SplitError`].
pub fn split_by_largest_remainder<K: Ord + Copy>(
    total: Fen,
    weights: &[(K, Area)],
) -> Result<Vec<(K, Fen)>, SplitError> {
    check(total, weights)?;
    // Exact: each weight fits 63 bits, and memory cannot hold 2^64 of them.
    let whole: i128 = weights.iter().map(|(_, area)| i128::from(area.0)).sum();
    if whole == 0 {
        return Err(SplitError::WeightsAllZero);
    }
    let exact = |area: Area| i128::from(total.0) * i128::from(area.0);

    let mut shares = Vec::with_capacity(weights.len());
    let mut given = 0_i64;
    for &(key, area) in weights {
        // A share is never above the total, so it fits and so does their sum.
        let floor = i64::try_from(exact(area) / whole).map_err(|_| SplitError::TotalTooLarge)?;
        given += floor;
        shares.push((key, Fen(floor)));
    }

    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_unstable_by_key(|&index| {
        let (key, area) = weights[index];
        (Reverse(exact(area) % whole), key)
    });
    // Fewer fen are left than there are remainders above zero: nobody gets two, and a zero weight none.
    let left = usize::try_from(total.0 - given).map_err(|_| SplitError::TotalTooLarge)?;
    for &index in by_remainder.iter().take(left) {
        shares[index].1.0 += 1;
    }
    Ok(shares)
}

fn check<K: Ord + Copy>(total: Fen, weights: &[(K, Area)]) -> Result<(), SplitError> {
    if total.is_negative() {
        return Err(SplitError::TotalNegative);
    }
    if weights.is_empty() {
        return Err(SplitError::WeightsEmpty);
    }
    if weights.iter().any(|(_, area)| area.0 < 0) {
        return Err(SplitError::WeightNegative);
    }
    // Two equal keys would make the order of ties, and so the result, a matter of chance.
    let keys: BTreeSet<K> = weights.iter().map(|&(key, _)| key).collect();
    if keys.len() != weights.len() {
        return Err(SplitError::WeightRepeated);
    }
    Ok(())
}

/// Why a total cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A total below zero.
    #[error("the total to split is negative")]
    TotalNegative,
    /// Nobody to split among.
    #[error("there is nobody to split among")]
    WeightsEmpty,
    /// Areas that are all zero.
    #[error("the areas add up to zero")]
    WeightsAllZero,
    /// An area below zero.
    #[error("an area is negative")]
    WeightNegative,
    /// The same key twice.
    #[error("a key occurs twice")]
    WeightRepeated,
    /// Beyond 64 bits; no input can cause it.
    #[error("the total is too large")]
    TotalTooLarge,
}

impl SplitError {
    /// Stable reason for clients.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TotalNegative => "SPLIT_TOTAL_NEGATIVE",
            Self::WeightsEmpty => "SPLIT_WEIGHTS_EMPTY",
            Self::WeightsAllZero => "SPLIT_WEIGHTS_ALL_ZERO",
            Self::WeightNegative => "SPLIT_WEIGHT_NEGATIVE",
            Self::WeightRepeated => "SPLIT_WEIGHT_REPEATED",
            Self::TotalTooLarge => "SPLIT_TOTAL_TOO_LARGE",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::TotalNegative => "待分摊总额不得为负",
            Self::WeightsEmpty => "没有可分摊的房屋",
            Self::WeightsAllZero => "分摊面积合计为零",
            Self::WeightNegative => "分摊面积不得为负",
            Self::WeightRepeated => "同一房屋重复参与分摊",
            Self::TotalTooLarge => "待分摊总额过大",
        }
    }
}
