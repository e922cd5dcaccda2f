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

/// All ownerships of a home: each ends on the day on which the next begins, and the last one lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Who owned it before, the oldest first; each has its end.
    pub past: Vec<Ownership>,
    /// Who owns it now.
    pub lasting: Ownership,
}

/// Why ownerships of one home are no history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryFault {
    /// An ownership does not end on the day on which the next begins.
    Broken {
        /// Which one, in the order of [`History::of`].
        index: usize,
        /// The day on which it has to end.
        next: NaiveDate,
    },
    /// The last one has ended: nobody would own the home.
    Ended {
        /// Which one.
        index: usize,
    },
}

impl Ownership {
    /// Its place among the ownerships of a home: by first day; of those that begin on one day, the one that another
    /// replaced on that very day comes before the one that goes on.
    pub fn order(&self) -> (NaiveDate, bool, Option<NaiveDate>) {
        (self.valid_from, self.valid_to.is_none(), self.valid_to)
    }
}

impl History {
    /// The history that ownerships of one home form, given in the order of [`Ownership::order`]; none where there are
    /// none.
    ///
    /// # Errors
    /// The first ownership that does not end where the next begins, or the last one where it has an end.
    pub fn of(mut ownerships: Vec<Ownership>) -> Result<Option<History>, HistoryFault> {
        let broken = ownerships.windows(2).enumerate().find_map(|(index, pair)| {
            let next = pair.get(1)?.valid_from;
            (pair.first()?.valid_to != Some(next)).then_some(HistoryFault::Broken { index, next })
        });
        if let Some(fault) = broken {
            return Err(fault);
        }
        match ownerships.pop() {
            Some(last) if last.valid_to.is_some() => Err(HistoryFault::Ended {
                index: ownerships.len(),
            }),
            Some(lasting) => Ok(Some(History {
                past: ownerships,
                lasting,
            })),
            None => Ok(None),
        }
    }

    /// All of them, the oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Ownership> {
        self.past.iter().chain(std::iter::once(&self.lasting))
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

    fn owned(owner: &str, from: &str, to: Option<&str>) -> Ownership {
        Ownership {
            valid_to: to.map(day),
            ..Ownership::since(HomeId::derive("h"), vec![OwnerId::derive(owner)], day(from))
        }
    }

    #[test]
    fn ownerships_that_follow_one_another_are_a_history() {
        assert_eq!(History::of(Vec::new()), Ok(None));
        let rows = vec![
            owned("a", "2012-06-30", Some("2020-05-01")),
            // Corrected on the very day.
            owned("b", "2020-05-01", Some("2020-05-01")),
            owned("c", "2020-05-01", None),
        ];
        let mut shuffled = vec![rows[2].clone(), rows[0].clone(), rows[1].clone()];
        shuffled.sort_by_key(Ownership::order);
        assert_eq!(shuffled, rows);
        let history = History::of(rows.clone()).unwrap().unwrap();
        assert_eq!(history.past, rows[..2]);
        assert_eq!(history.lasting, rows[2]);
        assert_eq!(history.all().cloned().collect::<Vec<_>>(), rows);
    }

    #[test]
    fn a_gap_an_overlap_two_that_last_and_an_ended_last_one_are_no_history() {
        let next = day("2020-05-01");
        for end in [Some("2020-04-30"), Some("2020-05-02"), None] {
            let rows = vec![owned("a", "2012-06-30", end), owned("b", "2020-05-01", None)];
            assert_eq!(
                History::of(rows),
                Err(HistoryFault::Broken { index: 0, next }),
                "{end:?}"
            );
        }
        let rows = vec![
            owned("a", "2012-06-30", Some("2020-05-01")),
            owned("b", "2020-05-01", Some("2026-01-01")),
        ];
        assert_eq!(History::of(rows), Err(HistoryFault::Ended { index: 1 }));
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
