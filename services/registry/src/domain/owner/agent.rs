//! Who acts for an owner: the guardian (监护人) of a minor or of somebody without capacity, the authorised person of a
//! legal person. 业主大会和业主委员会指导规则 article 25; Civil Code articles 17, 27, 28, 34.

use chrono::{Datelike, NaiveDate};
use ids::OwnerId;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Why somebody acts for an owner.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ground {
    /// The owner is under age: until the owner is of full age.
    Minor,
    /// The owner lacks capacity.
    Incapacity,
    /// The owner is a legal person.
    LegalPerson,
}

/// Who acts for an owner over a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Who acts, known as owners are.
    pub agent_id: OwnerId,
    /// Name, masked.
    pub name: String,
    /// Why.
    pub ground: Ground,
    /// First day.
    pub from_on: NaiveDate,
    /// First day on which it is over; none while that is not known.
    pub until_on: Option<NaiveDate>,
    /// SHA-256 of the paper, in hexadecimal; empty where none was filed.
    pub document_digest: String,
}

impl Agent {
    /// Whether it lasts on this day, age left aside.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.until_on.is_none_or(|end| day < end)
    }
}

/// What is known of the persons when an agent is named. Computed from documents, and never told to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Persons {
    /// The owner.
    pub owner_id: OwnerId,
    /// Whether the owner is a legal person.
    pub legal_person: bool,
    /// Whether the owner is under age on the first day.
    pub owner_under_age: bool,
    /// Whether the agent is under age on the first day.
    pub agent_under_age: bool,
}

/// The day on which somebody born on this day is of full age: the birthday (Civil Code article 17).
pub fn full_age_on(born_on: NaiveDate, years: i32) -> NaiveDate {
    let year = born_on.year().saturating_add(years);
    // Born on a leap day: of full age on the day after the last of February.
    NaiveDate::from_ymd_opt(year, born_on.month(), born_on.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// Decides that `new` acts for an owner: whoever was named before ends on its first day. Answers all agents.
///
/// # Errors
/// `AGENT_GROUND_OF_OTHER_OWNER`, `AGENT_IS_OWNER`, `AGENT_UNDER_AGE`, `OWNER_OF_FULL_AGE`, `AGENT_SPAN_INVALID`,
/// `AGENT_BEFORE_LAST`.
pub fn name(mut agents: Vec<Agent>, persons: &Persons, new: Agent) -> Result<Vec<Agent>, Refusal> {
    let fits = match new.ground {
        Ground::Minor | Ground::Incapacity => !persons.legal_person,
        Ground::LegalPerson => persons.legal_person,
    };
    if !fits {
        return Err(Refusal::AgentGroundOfOtherOwner);
    }
    if new.agent_id == persons.owner_id {
        return Err(Refusal::AgentIsOwner);
    }
    if persons.agent_under_age {
        return Err(Refusal::AgentUnderAge);
    }
    match new.ground {
        Ground::Minor if !persons.owner_under_age => return Err(Refusal::OwnerOfFullAge),
        Ground::Minor | Ground::Incapacity | Ground::LegalPerson => {}
    }
    if new.until_on.is_some_and(|until| until <= new.from_on) {
        return Err(Refusal::AgentSpanInvalid { from: new.from_on });
    }
    if let Some(last) = agents.last_mut() {
        if new.from_on <= last.from_on {
            return Err(Refusal::AgentBeforeLast { last: last.from_on });
        }
        if last.covers(new.from_on) {
            last.until_on = Some(new.from_on);
        }
    }
    agents.push(new);
    Ok(agents)
}

/// Decides that nobody acts for an owner from the day `until` on. Answers all agents, and who was the last.
///
/// # Errors
/// `AGENT_NOT_NAMED` where nobody acts then; `AGENT_SPAN_INVALID` before the agency began.
pub fn end(mut agents: Vec<Agent>, until: NaiveDate) -> Result<(Vec<Agent>, OwnerId), Refusal> {
    let last = agents
        .last_mut()
        .filter(|agent| agent.until_on.is_none_or(|end| end > until))
        .ok_or(Refusal::AgentNotNamed)?;
    if until <= last.from_on {
        return Err(Refusal::AgentSpanInvalid { from: last.from_on });
    }
    last.until_on = Some(until);
    let agent_id = last.agent_id;
    Ok((agents, agent_id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn agent(who: &str, ground: Ground, from: &str) -> Agent {
        Agent {
            agent_id: OwnerId::derive(who),
            name: "李*".into(),
            ground,
            from_on: day(from),
            until_on: None,
            document_digest: String::new(),
        }
    }

    fn minor() -> Persons {
        Persons {
            owner_id: OwnerId::derive("child"),
            legal_person: false,
            owner_under_age: true,
            agent_under_age: false,
        }
    }

    fn reason(answer: Result<Vec<Agent>, Refusal>) -> &'static str {
        answer.unwrap_err().into()
    }

    #[test]
    fn full_age_begins_on_the_eighteenth_birthday() {
        assert_eq!(full_age_on(day("2008-03-02"), 18), day("2026-03-02"));
        assert_eq!(full_age_on(day("2008-02-29"), 18), day("2026-03-01"));
    }

    #[test]
    fn a_new_guardian_ends_the_one_before_without_gap() {
        let first = name(Vec::new(), &minor(), agent("mother", Ground::Minor, "2026-01-01")).unwrap();
        let both = name(first, &minor(), agent("father", Ground::Minor, "2026-02-01")).unwrap();
        assert_eq!(both[0].until_on, Some(day("2026-02-01")));
        assert!(both[0].covers(day("2026-01-31")) && !both[0].covers(day("2026-02-01")));
        assert!(both[1].covers(day("2026-02-01")));
        let same_day = agent("aunt", Ground::Minor, "2026-02-01");
        assert_eq!(
            reason(name(both.clone(), &minor(), same_day)),
            "AGENT_BEFORE_LAST"
        );

        let (ended, who) = end(both, day("2026-05-01")).unwrap();
        assert_eq!(who, OwnerId::derive("father"));
        assert!(!ended[1].covers(day("2026-05-01")));
        assert_eq!(end(ended, day("2026-05-01")).unwrap_err(), Refusal::AgentNotNamed);
    }

    #[test]
    fn each_agency_that_cannot_be_is_refused() {
        let none = Vec::new;
        let company = Persons {
            legal_person: true,
            owner_under_age: false,
            ..minor()
        };
        let guardian = || agent("mother", Ground::Minor, "2026-01-01");
        assert_eq!(
            reason(name(none(), &company, guardian())),
            "AGENT_GROUND_OF_OTHER_OWNER"
        );
        let authorised = agent("mother", Ground::LegalPerson, "2026-01-01");
        assert_eq!(
            reason(name(none(), &minor(), authorised.clone())),
            "AGENT_GROUND_OF_OTHER_OWNER"
        );
        assert!(name(none(), &company, authorised).is_ok());
        assert_eq!(
            reason(name(
                none(),
                &minor(),
                agent("child", Ground::Minor, "2026-01-01")
            )),
            "AGENT_IS_OWNER"
        );
        let young = Persons {
            agent_under_age: true,
            ..minor()
        };
        assert_eq!(reason(name(none(), &young, guardian())), "AGENT_UNDER_AGE");
        let grown = Persons {
            owner_under_age: false,
            ..minor()
        };
        assert_eq!(reason(name(none(), &grown, guardian())), "OWNER_OF_FULL_AGE");
        assert!(name(none(), &grown, agent("mother", Ground::Incapacity, "2026-01-01")).is_ok());
        let backwards = Agent {
            until_on: Some(day("2026-01-01")),
            ..guardian()
        };
        assert_eq!(reason(name(none(), &minor(), backwards)), "AGENT_SPAN_INVALID");
        assert_eq!(
            end(none(), day("2026-01-01")).unwrap_err(),
            Refusal::AgentNotNamed
        );
    }
}
