//! Who owns a home, valid in time, and how a home passes on (过户).

use chrono::NaiveDate;
use ids::{HomeId, OwnerId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// The owners of a home over a span of days: from `valid_from` up to, not including, `valid_to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The home.
    pub home_id: HomeId,
    /// The owners, each once, in the order of their ids.
    pub owner_ids: Vec<OwnerId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which others own it; none while they still do.
    pub valid_to: Option<NaiveDate>,
}

impl Ownership {
    /// An ownership that still lasts; puts the owners into their order.
    pub fn since(home_id: HomeId, mut owner_ids: Vec<OwnerId>, valid_from: NaiveDate) -> Self {
        owner_ids.sort_unstable();
        owner_ids.dedup();
        Ownership {
            home_id,
            owner_ids,
            valid_from,
            valid_to: None,
        }
    }

    /// Whether they own the home on this day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// A home that passes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Who owned it, with the day on which that ended.
    pub before: Ownership,
    /// Who owns it from then on.
    pub after: Ownership,
}

impl Transfer {
    /// Decides that `owner_ids` own a home from the day `on`; `current` is who owns it now and `today` is in China.
    ///
    /// # Errors
    /// `TRANSFER_IN_THE_FUTURE` after today; `TRANSFER_BEFORE_OWNERSHIP` before the present owners', or where nobody
    /// but the developer has owned it yet; `OWNERS_UNCHANGED` to the same set of owners.
    pub fn decide(
        current: Option<&Ownership>,
        owner_ids: Vec<OwnerId>,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        if on > today {
            return Err(Refusal::TransferInTheFuture { on, today });
        }
        let Some(current) = current else {
            return Err(Refusal::TransferBeforeOwnership { since: None });
        };
        if on < current.valid_from {
            return Err(Refusal::TransferBeforeOwnership {
                since: Some(current.valid_from),
            });
        }
        let after = Ownership::since(current.home_id, owner_ids, on);
        if after.owner_ids == current.owner_ids {
            return Err(Refusal::OwnersUnchanged);
        }
        Ok(Transfer {
            before: Ownership {
                valid_to: Some(on),
                ..current.clone()
            },
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn current() -> Ownership {
        Ownership::since(
            HomeId::derive("h"),
            vec![OwnerId::derive("a"), OwnerId::derive("b")],
            day("2020-05-01"),
        )
    }

    #[test]
    fn a_home_is_owned_without_gap_and_without_overlap_around_a_transfer() {
        let transfer = Transfer::decide(
            Some(&current()),
            vec![OwnerId::derive("c")],
            day("2026-11-22"),
            day("2026-11-22"),
        )
        .unwrap();
        for text in [
            "2020-04-30",
            "2020-05-01",
            "2026-11-21",
            "2026-11-22",
            "2030-01-01",
        ] {
            let on = day(text);
            assert_eq!(
                transfer.before.covers(on),
                on >= day("2020-05-01") && on < day("2026-11-22"),
                "{text}"
            );
            assert_eq!(transfer.after.covers(on), on >= day("2026-11-22"), "{text}");
        }
    }

    #[test]
    fn the_same_owners_in_another_order_or_twice_are_no_transfer() {
        let same = vec![OwnerId::derive("b"), OwnerId::derive("a"), OwnerId::derive("b")];
        let refused =
            Transfer::decide(Some(&current()), same, day("2026-01-01"), day("2026-11-22")).unwrap_err();
        assert_eq!(<&str>::from(&refused), "OWNERS_UNCHANGED");
    }

    #[test]
    fn a_transfer_is_refused_in_the_future_before_the_ownership_and_from_the_developer() {
        let to = || vec![OwnerId::derive("c")];
        let today = day("2026-11-22");
        let refused = |current: Option<&Ownership>, on: &str| {
            let refusal = Transfer::decide(current, to(), day(on), today).unwrap_err();
            <&'static str>::from(&refusal)
        };
        assert_eq!(refused(Some(&current()), "2026-11-23"), "TRANSFER_IN_THE_FUTURE");
        assert_eq!(
            refused(Some(&current()), "2020-04-30"),
            "TRANSFER_BEFORE_OWNERSHIP"
        );
        assert_eq!(refused(None, "2026-11-22"), "TRANSFER_BEFORE_OWNERSHIP");
    }
}
