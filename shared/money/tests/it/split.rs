//! The split by largest remainder: E6 and E7, and what must hold for any numbers.

use money::{Area, Fen, SplitError, split_by_largest_remainder};
use proptest::prelude::*;

fn shares(total: i64, areas: &[i64]) -> Vec<i64> {
    let weights: Vec<(usize, Area)> = areas.iter().map(|area| Area(*area)).enumerate().collect();
    split_by_largest_remainder(Fen(total), &weights)
        .unwrap()
        .into_iter()
        .map(|(_, fen)| fen.0)
        .collect()
}

#[test]
fn three_homes_share_ten_thousand_yuan_without_an_extra_fen() {
    assert_eq!(
        shares(1_000_000, &[8937, 8937, 12_654]),
        [292_748, 292_747, 414_505]
    );
}

#[test]
fn six_equal_homes_share_the_odd_fen_by_key() {
    assert_eq!(
        shares(1_000_000, &[10_000; 6]),
        [166_667, 166_667, 166_667, 166_667, 166_666, 166_666]
    );
}

#[test]
fn no_fen_is_lost_where_rounding_half_up_would_lose_one() {
    assert_eq!(
        shares(4_567_890, &[8861, 8861, 11_902, 13_976]),
        [928_351, 928_350, 1_246_950, 1_464_239]
    );
}

#[test]
fn the_developer_bears_the_share_of_unsold_homes() {
    // E7: sold 9,000 m², unsold 1,000 m².
    let weights = [("fund", Area(900_000)), ("developer", Area(100_000))];
    let split = split_by_largest_remainder(Fen(1_000_000), &weights).unwrap();
    assert_eq!(split, [("fund", Fen(900_000)), ("developer", Fen(100_000))]);
}

#[test]
fn a_home_without_area_pays_nothing() {
    assert_eq!(shares(100, &[0, 3, 0]), [0, 100, 0]);
    assert_eq!(shares(1, &[0, 1, 1]), [0, 1, 0]);
}

#[test]
fn nothing_splits_into_nothing() {
    assert_eq!(shares(0, &[1, 2]), [0, 0]);
}

#[test]
fn the_largest_numbers_split_exactly() {
    let split = shares(i64::MAX, &[i64::MAX, i64::MAX, i64::MAX]);
    assert_eq!(
        split.iter().map(|fen| i128::from(*fen)).sum::<i128>(),
        i128::from(i64::MAX)
    );
}

#[test]
fn what_cannot_be_split_is_refused() {
    let split = |total, weights: &[(u8, Area)]| split_by_largest_remainder(Fen(total), weights);
    assert_eq!(split(-1, &[(1, Area(1))]), Err(SplitError::TotalNegative));
    assert_eq!(split(1, &[]), Err(SplitError::WeightsEmpty));
    assert_eq!(split(1, &[(1, Area(0))]), Err(SplitError::WeightsAllZero));
    assert_eq!(
        split(1, &[(1, Area(-1)), (2, Area(5))]),
        Err(SplitError::WeightNegative)
    );
    let refusal = split(1, &[(1, Area(1)), (1, Area(2))]).unwrap_err();
    assert_eq!(refusal, SplitError::WeightRepeated);
    assert_eq!(refusal.reason(), "SPLIT_WEIGHT_REPEATED");
    assert!(!refusal.zh().is_empty());
}

fn weights() -> impl Strategy<Value = Vec<(u32, Area)>> {
    let areas = prop_oneof![Just(0), 1..20_000_i64, Just(8937_i64), Just(i64::MAX)];
    proptest::collection::btree_map(any::<u32>(), areas.prop_map(Area), 1..60)
        .prop_map(|map| map.into_iter().collect::<Vec<_>>())
        .prop_filter("some area", |weights| weights.iter().any(|(_, area)| area.0 > 0))
}

proptest! {
    #[test]
    fn shares_add_up_and_stay_within_a_fen(total in 0..=i64::MAX, weights in weights()) {
        let split = split_by_largest_remainder(Fen(total), &weights).unwrap();
        prop_assert_eq!(Fen::try_sum(split.iter().map(|(_, fen)| *fen)), Ok(Fen(total)));
        let whole: i128 = weights.iter().map(|(_, area)| i128::from(area.0)).sum();
        for ((key, area), (same_key, share)) in weights.iter().zip(&split) {
            prop_assert_eq!(key, same_key);
            // Within one fen of total * area / whole, exactly: both sides times the whole.
            let exact = i128::from(total) * i128::from(area.0);
            let floor = exact / whole;
            let share = i128::from(share.0);
            prop_assert!(share == floor || (share == floor + 1 && exact % whole > 0));
        }
    }

    #[test]
    fn the_order_given_does_not_matter(
        (total, sorted, shuffled) in (0..1_000_000_000_i64, weights()).prop_flat_map(|(total, weights)| {
            (Just(total), Just(weights.clone()), Just(weights).prop_shuffle())
        }),
    ) {
        let sorted = split_by_largest_remainder(Fen(total), &sorted).unwrap();
        let mut shuffled = split_by_largest_remainder(Fen(total), &shuffled).unwrap();
        shuffled.sort_unstable();
        prop_assert_eq!(sorted, shuffled);
    }

    #[test]
    fn more_area_never_pays_less(total in 0..1_000_000_000_i64, weights in weights()) {
        let split = split_by_largest_remainder(Fen(total), &weights).unwrap();
        let mut by_area: Vec<_> = weights.iter().map(|(_, area)| *area).zip(split).collect();
        by_area.sort_unstable_by_key(|(area, _)| *area);
        for pair in by_area.windows(2) {
            let ((smaller, (_, less)), (larger, (_, more))) = (pair[0], pair[1]);
            prop_assert!(smaller == larger || less <= more);
        }
    }
}
