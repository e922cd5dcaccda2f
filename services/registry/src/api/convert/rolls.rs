//! Messages about rolls, both ways.

use chrono::{DateTime, NaiveDate, Utc};
use proto::common::v1::VoterCapacity;
use proto::registry::v1 as pb;
use rpc::Page;
use rpc::field::{self, Invalid};

use super::{BUILDINGS_MAX, STAIRWELL_LENGTH_MAX, STAIRWELLS_MAX};
use crate::app::roll::check_readiness::{CheckReadiness, Item, Readiness};
use crate::app::roll::objections::{AnswerObjection, RaiseObjection};
use crate::app::roll::publish_roll::{PublishRoll, WithdrawRoll};
use crate::app::roll::stream_roll::StreamRoll;
use crate::domain::roll::objection::Objection;
use crate::domain::roll::publication::{PublishedRoll, RollLine, State};
use crate::domain::roll::{Capacity, HeadVoter, NotReady, RollEntry, Scope, Voter};

/// Most homes of a list of homes.
const HOMES_MAX: usize = 500;
/// Longest objection and answer.
const TEXT_LENGTH_MAX: usize = 1_000;

impl TryFrom<pb::StreamRollRequest> for StreamRoll {
    type Error = Invalid;

    fn try_from(request: pb::StreamRollRequest) -> Result<Self, Invalid> {
        let scope = request.scope.unwrap_or_default();
        Ok(StreamRoll {
            scope: Scope {
                area_id: field::id("scope.areaId", &scope.area_id)?,
                building_ids: field::id_list("scope.buildingIds", &scope.building_ids, BUILDINGS_MAX)?,
                stairwells: stairwells(&scope.stairwells)?,
                home_ids: field::id_list("homeIds", &request.home_ids, HOMES_MAX)?,
                count_parking: request.count_parking,
            },
            as_of: as_of(request.as_of)?,
        })
    }
}

impl TryFrom<pb::CheckReadinessRequest> for CheckReadiness {
    type Error = Invalid;

    fn try_from(request: pb::CheckReadinessRequest) -> Result<Self, Invalid> {
        Ok(CheckReadiness {
            scope: Scope {
                area_id: field::id("areaId", &request.area_id)?,
                building_ids: field::id_list("buildingIds", &request.building_ids, BUILDINGS_MAX)?,
                stairwells: stairwells(&request.stairwells)?,
                home_ids: field::id_list("homeIds", &request.home_ids, HOMES_MAX)?,
                count_parking: request.count_parking,
            },
            as_of: as_of(request.as_of)?,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

fn stairwells(texts: &[String]) -> Result<Vec<String>, Invalid> {
    if texts.len() > STAIRWELLS_MAX {
        return Err(Invalid::new(
            "scope.stairwells",
            "TOO_MANY_STAIRWELLS",
            format!("at most {STAIRWELLS_MAX} are taken"),
            format!("最多 {STAIRWELLS_MAX} 个"),
        ));
    }
    let mut stairwells = texts
        .iter()
        .map(|stairwell| field::optional_text("scope.stairwells", stairwell, STAIRWELL_LENGTH_MAX))
        .collect::<Result<Vec<_>, _>>()?;
    stairwells.sort_unstable();
    stairwells.dedup();
    Ok(stairwells)
}

fn as_of(at: Option<proto::Timestamp>) -> Result<Option<DateTime<Utc>>, Invalid> {
    at.map(|at| field::instant("asOf", Some((at.seconds, at.nanos))))
        .transpose()
}

impl TryFrom<pb::PublishRollRequest> for PublishRoll {
    type Error = Invalid;

    fn try_from(request: pb::PublishRollRequest) -> Result<Self, Invalid> {
        Ok(PublishRoll {
            area_id: field::id("areaId", &request.area_id)?,
            as_of: optional_day("asOfOn", &request.as_of_on)?,
            from: optional_day("fromOn", &request.from_on)?,
            until: optional_day("untilOn", &request.until_on)?,
            count_parking: request.count_parking,
        })
    }
}

fn optional_day(name: &'static str, value: &str) -> Result<Option<NaiveDate>, Invalid> {
    (!value.trim().is_empty())
        .then(|| field::date(name, value))
        .transpose()
}

impl TryFrom<pb::WithdrawRollRequest> for WithdrawRoll {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawRollRequest) -> Result<Self, Invalid> {
        Ok(WithdrawRoll {
            roll_id: field::id("rollId", &request.roll_id)?,
        })
    }
}

impl TryFrom<pb::RaiseObjectionRequest> for RaiseObjection {
    type Error = Invalid;

    fn try_from(request: pb::RaiseObjectionRequest) -> Result<Self, Invalid> {
        Ok(RaiseObjection {
            roll_id: field::id("rollId", &request.roll_id)?,
            text: field::text("text", &request.text, TEXT_LENGTH_MAX, "OBJECTION_TEXT_MISSING")?,
        })
    }
}

impl TryFrom<pb::AnswerObjectionRequest> for AnswerObjection {
    type Error = Invalid;

    fn try_from(request: pb::AnswerObjectionRequest) -> Result<Self, Invalid> {
        Ok(AnswerObjection {
            objection_id: field::id("objectionId", &request.objection_id)?,
            upheld: request.upheld,
            answer: field::text("answer", &request.answer, TEXT_LENGTH_MAX, "ANSWER_TEXT_MISSING")?,
        })
    }
}

impl From<RollEntry> for pb::RollEntry {
    fn from(entry: RollEntry) -> Self {
        let texts = |ids: Vec<ids::OwnerId>| ids.iter().map(ToString::to_string).collect();
        let (owner_ids, voters, developer_id) = match entry.voter {
            Voter::Owners { owner_ids, voters } => (texts(owner_ids), voters, String::new()),
            Voter::Developer(developer_id) => (Vec::new(), Vec::new(), developer_id.to_string()),
        };
        pb::RollEntry {
            home_id: entry.home_id.to_string(),
            building_id: entry.building_id.to_string(),
            head_key: entry.head_key.to_string(),
            exclusive_area: entry.exclusive_area.get(),
            owner_ids,
            developer_id,
            stairwell: entry.stairwell,
            room: entry.room,
            voter_ids: texts(voters.iter().map(|voter| voter.id).collect()),
            voters: voters.into_iter().map(pb::RollVoter::from).collect(),
        }
    }
}

impl From<HeadVoter> for pb::RollVoter {
    fn from(voter: HeadVoter) -> Self {
        let capacity = match voter.capacity {
            Capacity::Owner => VoterCapacity::Owner,
            Capacity::Representative => VoterCapacity::Representative,
            Capacity::Guardian => VoterCapacity::Guardian,
            Capacity::Authorised => VoterCapacity::Authorised,
        };
        pb::RollVoter {
            voter_id: voter.id.to_string(),
            capacity: capacity.into(),
        }
    }
}

impl From<NotReady> for pb::ReadinessCause {
    fn from(cause: NotReady) -> Self {
        match cause {
            NotReady::NoOwner => pb::ReadinessCause::NoOwner,
            NotReady::NoArea => pb::ReadinessCause::NoArea,
            NotReady::NoDeveloper => pb::ReadinessCause::NoDeveloper,
            NotReady::DoorTwice => pb::ReadinessCause::DoorTwice,
            NotReady::SharesNotWhole => pb::ReadinessCause::SharesNotWhole,
            NotReady::OwnerTwice => pb::ReadinessCause::OwnerTwice,
            NotReady::OwnerUnverified => pb::ReadinessCause::OwnerUnverified,
            NotReady::NoGuardian => pb::ReadinessCause::NoGuardian,
            NotReady::NoRepresentative => pb::ReadinessCause::NoRepresentative,
        }
    }
}

/// The report on an area.
pub(in crate::api) fn readiness(area_id: String, report: Readiness) -> pb::Readiness {
    let numbers = report.numbers;
    let item = |item: Item| pb::ReadinessItem {
        home_id: item.home_id.to_string(),
        building_id: item.building_id.to_string(),
        building_number: numbers.get(&item.building_id).cloned().unwrap_or_default(),
        stairwell: item.stairwell,
        room: item.room,
        cause: pb::ReadinessCause::from(item.cause).into(),
        blocks: item.blocks,
    };
    pb::Readiness {
        area_id,
        as_of_on: report.day.to_string(),
        ready: report.total.is_ready(),
        homes: report.total.homes,
        heads: report.total.heads(),
        area: report.total.area.get(),
        counts: report
            .counts
            .into_iter()
            .map(|(cause, blocks, homes)| pb::ReadinessCount {
                cause: pb::ReadinessCause::from(cause).into(),
                blocks,
                homes,
                message_zh: cause.zh().to_owned(),
                message_en: cause.en().to_owned(),
            })
            .collect(),
        buildings: report
            .buildings
            .into_iter()
            .map(|(id, number, tally)| pb::BuildingReadiness {
                building_id: id.to_string(),
                number,
                homes: tally.homes,
                heads: tally.heads(),
                area: tally.area.get(),
                blocked: tally.blocked,
                warned: tally.warned,
            })
            .collect(),
        items: report.items.into_iter().map(item).collect(),
        next_page_token: report.next,
    }
}

impl From<State> for pb::RollState {
    fn from(state: State) -> Self {
        match state {
            State::Published => pb::RollState::Published,
            State::Ended => pb::RollState::Ended,
            State::Withdrawn => pb::RollState::Withdrawn,
        }
    }
}

impl From<PublishedRoll> for pb::PublishedRoll {
    fn from(roll: PublishedRoll) -> Self {
        pb::PublishedRoll {
            roll_id: roll.id.to_string(),
            area_id: roll.area_id.to_string(),
            as_of_on: roll.period.as_of.to_string(),
            from_on: roll.period.from.to_string(),
            until_on: roll.period.until.to_string(),
            state: pb::RollState::from(roll.state).into(),
            homes: roll.totals.homes,
            heads: roll.totals.heads,
            area: roll.totals.area.get(),
            shows_rooms: roll.shows_rooms,
            article: roll.article,
            version: roll.version,
        }
    }
}

impl From<RollLine> for pb::RollLine {
    fn from(line: RollLine) -> Self {
        pb::RollLine {
            line: line.line,
            building_number: line.building_number,
            stairwell: line.stairwell,
            room: line.room,
            names: line.names,
            exclusive_area: line.exclusive_area.get(),
        }
    }
}

impl From<Objection> for pb::Objection {
    fn from(objection: Objection) -> Self {
        let answer = objection.answer;
        pb::Objection {
            objection_id: objection.id.to_string(),
            roll_id: objection.roll_id.to_string(),
            owner_id: objection.owner_id.to_string(),
            text: objection.text,
            raised_at: Some(objection.raised_at.into()),
            answered: answer.is_some(),
            upheld: answer.as_ref().is_some_and(|answer| answer.upheld),
            answered_at: answer.as_ref().map(|answer| answer.at.into()),
            answer: answer.map(|answer| answer.text).unwrap_or_default(),
        }
    }
}
