//! Which division stands for which on a day, after mergers (撤并). What is recorded under an old code keeps it, so every
//! service that keeps such codes asks here whose territory a record is today, and widens lists by the same answer.

use chrono::NaiveDate;

use crate::DivisionCode;

/// One division that ended in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merger {
    /// The one that ended.
    pub from: DivisionCode,
    /// The one that survived.
    pub into: DivisionCode,
    /// The first day without it.
    pub on: NaiveDate,
}

/// All mergers of the city: few, so they are read whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mergers(pub Vec<Merger>);

impl Mergers {
    /// The division that stands for `code` on the day: itself, or where the chain of mergers ends.
    pub fn successor(&self, code: DivisionCode, day: NaiveDate) -> DivisionCode {
        let mut present = code;
        // Each step takes another merger, so a chain is never longer than their number.
        for _ in 0..self.0.len() {
            let step = self
                .0
                .iter()
                .find(|merger| merger.from == present && merger.on <= day);
            match step {
                Some(merger) => present = merger.into,
                None => break,
            }
        }
        present
    }

    /// The divisions that took over `code`, or one above it, until the day: their officers act there as well.
    pub fn successors(&self, code: DivisionCode, day: NaiveDate) -> Vec<DivisionCode> {
        let mut found: Vec<DivisionCode> = Vec::new();
        let mut open = vec![code];
        while let Some(next) = open.pop() {
            for division in next.parents() {
                let taken = self.successor(division, day);
                if taken != division && !found.contains(&taken) {
                    found.push(taken);
                    open.push(taken);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The divisions that lie in `division` on the day only because of mergers.
    pub fn predecessors(&self, division: DivisionCode, day: NaiveDate) -> Vec<DivisionCode> {
        let mut found: Vec<DivisionCode> = self
            .0
            .iter()
            .filter(|merger| merger.on <= day)
            .filter(|merger| {
                let taken = self.successors(merger.from, day);
                taken.iter().any(|successor| division.contains(successor))
            })
            .map(|merger| merger.from)
            .collect();
        found.sort_unstable();
        found
    }

    /// The division and, after it, its predecessors: under which codes its records may have been made.
    pub fn territory(&self, division: DivisionCode, day: NaiveDate) -> Vec<DivisionCode> {
        let mut all = self.predecessors(division, day);
        all.insert(0, division);
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn mergers(list: &[(&str, &str, &str)]) -> Mergers {
        let one = |(from, into, on): &(&str, &str, &str)| Merger {
            from: code(from),
            into: code(into),
            on: day(on),
        };
        Mergers(list.iter().map(one).collect())
    }

    #[test]
    fn a_chain_of_mergers_ends_in_the_division_of_the_day() {
        let mergers = mergers(&[
            ("330783004016", "330783004015", "2026-04-01"),
            ("330783004015", "330783001002", "2026-06-01"),
        ]);
        let at = |on| mergers.successor(code("330783004016"), day(on));
        assert_eq!(at("2026-03-31"), code("330783004016"));
        assert_eq!(at("2026-04-01"), code("330783004015"));
        assert_eq!(at("2026-06-01"), code("330783001002"));
    }

    #[test]
    fn what_lies_in_a_merged_street_lies_in_the_street_that_took_it_over() {
        let mergers = mergers(&[("330783004", "330783001", "2026-04-01")]);
        let community = code("330783004015");
        assert_eq!(
            mergers.successors(community, day("2026-04-01")),
            [code("330783001")]
        );
        assert!(mergers.successors(community, day("2026-03-31")).is_empty());
        assert!(
            mergers
                .successors(code("330783001002"), day("2026-04-01"))
                .is_empty()
        );
        assert_eq!(
            mergers.predecessors(code("330783001"), day("2026-04-01")),
            [code("330783004")]
        );
        let territory = |on| mergers.territory(code("330783001"), day(on));
        assert_eq!(territory("2026-03-31"), [code("330783001")]);
        assert_eq!(territory("2026-04-01"), [code("330783001"), code("330783004")]);
    }

    #[test]
    fn a_community_that_went_to_another_street_is_found_by_both_levels_above() {
        let mergers = mergers(&[
            ("330783004016", "330783001002", "2026-04-01"),
            ("330783001", "330783002", "2026-05-01"),
        ]);
        let on = day("2026-05-01");
        assert_eq!(
            mergers.successors(code("330783004016"), on),
            [code("330783001002"), code("330783002")]
        );
        assert_eq!(
            mergers.predecessors(code("330783002"), on),
            [code("330783001"), code("330783004016")]
        );
        assert_eq!(
            mergers.predecessors(code("330783001002"), on),
            [code("330783004016")]
        );
    }
}
