//! The worked examples of the law, and what must hold for every count.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::NaiveDate;
use proptest::prelude::*;
use rules::{RuleSet, VoteRules};

use super::*;

fn rules() -> VoteRules {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    RuleSet::embedded("330783").unwrap().at(day).unwrap().vote
}

fn ordinary() -> Requirement {
    Requirement::of(Matter::FundUse, &rules())
}

fn special() -> Requirement {
    Requirement::of(Matter::FundRaising, &rules())
}

/// The roll of the worked example: 100 homes of 100.00 m²; 15 of the developer are one head, 3 of owner A are one.
const ROLL: Tally = Tally::new(84, 1_000_000);
const DEVELOPER: Tally = Tally::new(1, 150_000);
const A: Tally = Tally::new(1, 30_000);

fn singles(heads: i64) -> Tally {
    Tally::new(heads, heads * 10_000)
}

/// Developer, A and 54 single homes vote; these of them are for, the others against.
fn vote(agreed: Tally) -> Counts {
    let all = DEVELOPER.and(A).and(singles(54));
    assert_eq!(all, Tally::new(56, 720_000));
    let against = Tally {
        heads: all.heads - agreed.heads,
        area: Area(all.area.0 - agreed.area.0),
    };
    Counts {
        agreed,
        against,
        abstained: Tally::ZERO,
    }
}

fn passes(counts: Counts, requirement: Requirement) -> bool {
    count(ROLL, counts, requirement).passed
}

#[test]
fn participation_is_reached_by_exactly_two_thirds_of_the_heads() {
    let outcome = count(ROLL, vote(singles(30)), ordinary());
    assert!(outcome.enough_took_part, "56 of 84 heads is exactly two thirds");
}

#[test]
fn participation_needs_two_thirds_of_the_area_to_the_last_hundredth() {
    let with_area = |area| {
        let agreed = Tally::new(60, area);
        count(
            ROLL,
            Counts {
                agreed,
                ..Counts::default()
            },
            ordinary(),
        )
        .enough_took_part
    };
    assert!(
        !with_area(666_666),
        "6,666.66 m² of 10,000.00 m² is less than two thirds"
    );
    assert!(with_area(666_667));
}

#[test]
fn the_denominator_is_heads_not_homes() {
    // Wrong version: 56 of 100 homes would be less than two thirds.
    let homes = Tally::new(100, 1_000_000);
    assert!(!count(homes, vote(singles(30)), ordinary()).enough_took_part);
    assert!(count(ROLL, vote(singles(30)), ordinary()).enough_took_part);
}

#[test]
fn an_ordinary_matter_fails_at_exactly_half() {
    // 20 heads and 3,600.00 m² of 7,200.00 m²: exactly half of the area, less than half of the heads.
    assert!(!passes(vote(singles(18).and(A).and(DEVELOPER)), ordinary()));
    // 28 of 56 heads: exactly half, whatever the area.
    assert!(!passes(vote(singles(27).and(A)), ordinary()));
    // 29 heads, 4,500.00 m².
    assert!(passes(vote(singles(27).and(A).and(DEVELOPER)), ordinary()));
}

#[test]
fn half_must_be_exceeded_where_a_weak_comparison_would_pass() {
    let counts = vote(Tally::new(28, 360_000));
    let wrong = Requirement {
        approval_strict: false,
        ..ordinary()
    };
    assert!(
        passes(counts, wrong),
        "`>=` in place of `>` passes at exactly half"
    );
    assert!(!passes(counts, ordinary()));
}

#[test]
fn a_special_matter_needs_three_quarters_of_both_weights() {
    // 42 heads are exactly three quarters, 4,400.00 m² are not.
    assert!(!passes(vote(singles(41).and(A)), special()));
    // 5,400.00 m² is exactly three quarters, 38 heads are not.
    assert!(!passes(vote(singles(36).and(A).and(DEVELOPER)), special()));
    // 43 heads, 5,900.00 m².
    assert!(passes(vote(singles(41).and(A).and(DEVELOPER)), special()));
    // Exactly three quarters of both is enough: 以上 includes it.
    assert!(passes(vote(Tally::new(42, 540_000)), special()));
    let wrong = Requirement {
        approval_strict: true,
        ..special()
    };
    assert!(
        !passes(vote(Tally::new(42, 540_000)), wrong),
        "`>` in place of `>=` fails at exactly three quarters"
    );
}

#[test]
fn the_pass_mark_is_of_those_who_took_part_not_of_all_owners() {
    // 29 heads and 4,500.00 m²: more than half of those who took part, less than half of all owners, and far from the
    // two thirds of all that stood in the law before the Civil Code.
    let outcome = count(ROLL, vote(singles(27).and(A).and(DEVELOPER)), ordinary());
    let agreed = outcome.counts.agreed;
    assert!(outcome.passed);
    assert!(agreed.heads * 2 < ROLL.heads && agreed.area.0 * 2 < ROLL.area.0);
    assert!(
        agreed.heads * 3 < ROLL.heads * 2,
        "two thirds of all is superseded"
    );
}

#[test]
fn the_class_of_a_matter_decides_its_share() {
    let share = |matter| {
        let requirement = Requirement::of(matter, &rules());
        (requirement.approval.to_string(), requirement.approval_strict)
    };
    let half = ("1/2".to_owned(), true);
    let quarters = ("3/4".to_owned(), false);
    assert_eq!(share(Matter::RulesOfProcedure), half);
    assert_eq!(share(Matter::Covenant), half);
    assert_eq!(share(Matter::CommitteeElection), half);
    assert_eq!(share(Matter::PropertyFirm), half, "changing the firm is item 4");
    assert_eq!(share(Matter::FundUse), half, "using the fund is item 5");
    assert_eq!(
        share(Matter::FundRaising),
        quarters,
        "collecting 20 yuan/m² more is item 6"
    );
    assert_eq!(share(Matter::Rebuilding), quarters);
    assert_eq!(
        share(Matter::SharedPartsUse),
        quarters,
        "letting the lobby for parcel lockers is item 8"
    );
    assert_eq!(share(Matter::Other), half);
    assert_eq!(ordinary().article, "民法典第278条第2款");
    assert_eq!(ordinary().participation.to_string(), "2/3");
}

/// 84 heads, 60 ballots returned: 30 for, 20 against, 10 abstained, every home 100.00 m².
fn silent_and_abstaining() -> (Tally, Counts) {
    (
        singles(84),
        Counts {
            agreed: singles(30),
            against: singles(20),
            abstained: singles(10),
        },
    )
}

#[test]
fn who_abstains_takes_part_and_does_not_agree() {
    let (roll, counts) = silent_and_abstaining();
    let outcome = count(roll, counts, ordinary());
    assert_eq!(outcome.counts.took_part(), singles(60));
    assert!(outcome.enough_took_part);
    assert!(!outcome.passed, "30 of 60 is exactly half");
    // Wrong version: without the abstainers 30 of 50 would pass.
    let dropped = Counts {
        abstained: Tally::ZERO,
        ..counts
    };
    assert!(ordinary().is_approved(dropped.agreed, dropped.took_part()));
    // And without them too few take part at all.
    assert!(!count(roll, dropped, ordinary()).enough_took_part);
}

#[test]
fn the_silent_are_never_counted_with_the_majority() {
    let (roll, counts) = silent_and_abstaining();
    // Wrong version: 24 silent owners added to the majority would be 54 of 84.
    let added = Counts {
        agreed: counts.agreed.and(singles(24)),
        ..counts
    };
    assert!(count(roll, added, ordinary()).passed);
    assert!(!count(roll, counts, ordinary()).passed);
}

#[test]
fn exactly_half_fails_by_area_as_by_heads() {
    let (roll, counts) = silent_and_abstaining();
    // 31 of 60 heads, and still exactly half of the area that took part.
    let agreed = Tally {
        heads: 31,
        ..counts.agreed
    };
    let against = Tally {
        heads: 19,
        ..counts.against
    };
    let by_area = Counts {
        agreed,
        against,
        ..counts
    };
    assert!(!count(roll, by_area, ordinary()).passed);
    let more = Tally {
        area: Area(agreed.area.0 + 1),
        ..agreed
    };
    let less = Tally {
        area: Area(against.area.0 - 1),
        ..against
    };
    assert!(
        count(
            roll,
            Counts {
                agreed: more,
                against: less,
                ..counts
            },
            ordinary()
        )
        .passed
    );
}

#[test]
fn nobody_never_decides_anything() {
    for requirement in [ordinary(), special()] {
        assert!(!count(Tally::ZERO, Counts::default(), requirement.clone()).passed);
        assert!(!count(ROLL, Counts::default(), requirement).passed);
    }
}

#[test]
fn a_vote_against_can_carry_a_matter_over_the_participation_gate() {
    // Not a fault of ours: the law asks for two thirds to take part, and who votes against takes part.
    let roll = singles(84);
    let short = Counts {
        agreed: singles(55),
        ..Counts::default()
    };
    let with_one_against = Counts {
        against: singles(1),
        ..short
    };
    assert!(!count(roll, short, ordinary()).passed);
    assert!(count(roll, with_one_against, ordinary()).passed);
}

/// A head that said something, or nothing.
#[derive(Clone, Copy, Debug)]
struct Ballot {
    area: i64,
    said: u8,
}

fn tally(ballots: &[Ballot]) -> (Tally, Counts) {
    let of = |said: u8| {
        let cast = ballots.iter().filter(move |ballot| ballot.said == said);
        cast.fold(Tally::ZERO, |sum, ballot| sum.and(Tally::new(1, ballot.area)))
    };
    let counts = Counts {
        agreed: of(1),
        against: of(2),
        abstained: of(3),
    };
    (of(0).and(counts.took_part()), counts)
}

fn ballots() -> impl Strategy<Value = Vec<Ballot>> {
    // Areas from a cupboard to a tower, so that both weights decide in turn.
    let ballot = (prop_oneof![1_i64..20_000, Just(9_000_000)], 0_u8..4);
    prop::collection::vec(ballot.prop_map(|(area, said)| Ballot { area, said }), 1..40)
}

proptest! {
    #[test]
    fn the_order_of_votes_does_not_matter(before in ballots(), turn in 0_usize..40) {
        let mut after = before.clone();
        after.reverse();
        let len = after.len();
        after.rotate_left(turn % len);
        let ((roll, counts), (other_roll, other_counts)) = (tally(&before), tally(&after));
        prop_assert_eq!(count(roll, counts, ordinary()), count(other_roll, other_counts, ordinary()));
    }

    #[test]
    fn one_more_for_never_turns_passed_into_failed(mut ballots in ballots(), pick in any::<prop::sample::Index>()) {
        // Silent, against or abstaining before: saying "for" instead never harms the matter.
        let (roll, before) = tally(&ballots);
        let picked = pick.index(ballots.len());
        ballots[picked].said = 1;
        let (_, after) = tally(&ballots);
        for requirement in [ordinary(), special()] {
            if count(roll, before, requirement.clone()).passed {
                prop_assert!(count(roll, after, requirement).passed);
            }
        }
    }

    #[test]
    fn turning_for_into_anything_else_never_turns_failed_into_passed(
        mut ballots in ballots(), pick in any::<prop::sample::Index>(), said in 0_u8..4,
    ) {
        let picked = pick.index(ballots.len());
        ballots[picked].said = 1;
        let (roll, before) = tally(&ballots);
        ballots[picked].said = said;
        let (_, after) = tally(&ballots);
        for requirement in [ordinary(), special()] {
            if !count(roll, before, requirement.clone()).passed {
                prop_assert!(!count(roll, after, requirement).passed);
            }
        }
    }

    #[test]
    fn a_special_matter_that_passes_would_pass_as_ordinary(ballots in ballots()) {
        let (roll, counts) = tally(&ballots);
        if count(roll, counts, special()).passed {
            prop_assert!(count(roll, counts, ordinary()).passed);
        }
    }

    #[test]
    fn against_and_abstaining_weigh_the_same(mut ballots in ballots()) {
        let (roll, before) = tally(&ballots);
        for ballot in &mut ballots {
            ballot.said = match ballot.said { 2 => 3, 3 => 2, said => said };
        }
        let (_, after) = tally(&ballots);
        prop_assert_eq!(count(roll, before, ordinary()).passed, count(roll, after, ordinary()).passed);
    }

    #[test]
    fn passed_means_both_gates_by_both_weights(ballots in ballots()) {
        let (roll, counts) = tally(&ballots);
        let took = counts.took_part();
        let by_hand = 3 * took.heads >= 2 * roll.heads
            && 3 * took.area.0 >= 2 * roll.area.0
            && 2 * counts.agreed.heads > took.heads
            && 2 * counts.agreed.area.0 > took.area.0;
        prop_assert_eq!(count(roll, counts, ordinary()).passed, by_hand);
    }
}
