//! Messages to commands: every id typed, every text bounded. Domain types to messages.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use ids::{AreaId, BallotId};
use proto::Timestamp;
use proto::committees::v1 as pb;
use proto::common::v1 as common;
use rpc::{Invalid, Page, field};

use crate::app::{AnnounceBallot, BallotView, CastVote, ListBallots, PrepareBallot, WithdrawBallot};
use crate::domain::{
    Ballot, BallotState, Capacity, Choice, Counts, Matter, Outcome, OwnVote, Scope, Tally, Vote,
};

/// Longest title of a ballot, in characters.
const TITLE_LENGTH_MAX: usize = 100;
/// Longest proposal, in characters.
const TEXT_LENGTH_MAX: usize = 20_000;
/// Longest reason of a withdrawal, in characters.
const REASON_LENGTH_MAX: usize = 1_000;
/// Most buildings of a scope.
const BUILDINGS_MAX: usize = 500;
/// Most stairwells of a scope.
const STAIRWELLS_MAX: usize = 50;
/// Longest name of a stairwell, in characters.
const STAIRWELL_LENGTH_MAX: usize = 20;
/// The last year that RFC 3339 and protobuf's JSON can write.
const YEAR_MAX: i32 = 9999;

impl TryFrom<pb::PrepareBallotRequest> for PrepareBallot {
    type Error = Invalid;

    fn try_from(request: pb::PrepareBallotRequest) -> Result<Self, Invalid> {
        let matter = pb::Matter::try_from(request.matter).ok();
        let matter = field::choice("matter", matter, pb::Matter::Unspecified, "MATTER_MISSING")?;
        Ok(PrepareBallot {
            scope: scope(request.scope.unwrap_or_default())?,
            matter: matter_of(matter)
                .ok_or_else(|| Invalid::new("matter", "MATTER_MISSING", "must be said", "必须填写"))?,
            title: field::text("title", &request.title, TITLE_LENGTH_MAX, "TITLE_MISSING")?,
            text: field::optional_text("text", &request.text, TEXT_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::AnnounceBallotRequest> for AnnounceBallot {
    type Error = Invalid;

    fn try_from(request: pb::AnnounceBallotRequest) -> Result<Self, Invalid> {
        Ok(AnnounceBallot {
            ballot_id: field::id("ballotId", &request.ballot_id)?,
            opens_at: instant("opensAt", request.opens_at)?,
            closes_at: instant("closesAt", request.closes_at)?,
        })
    }
}

impl TryFrom<pb::CastVoteRequest> for CastVote {
    type Error = Invalid;

    fn try_from(request: pb::CastVoteRequest) -> Result<Self, Invalid> {
        let choice = pb::Choice::try_from(request.choice).ok();
        let choice = field::choice("choice", choice, pb::Choice::Unspecified, "CHOICE_MISSING")?;
        Ok(CastVote {
            ballot_id: field::id("ballotId", &request.ballot_id)?,
            home_id: field::id("homeId", &request.home_id)?,
            choice: match choice {
                pb::Choice::For => Choice::For,
                pb::Choice::Against => Choice::Against,
                pb::Choice::Abstain => Choice::Abstain,
                pb::Choice::Unspecified => {
                    return Err(Invalid::new(
                        "choice",
                        "CHOICE_MISSING",
                        "must be said",
                        "必须填写",
                    ));
                }
            },
        })
    }
}

impl TryFrom<pb::WithdrawBallotRequest> for WithdrawBallot {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawBallotRequest) -> Result<Self, Invalid> {
        Ok(WithdrawBallot {
            ballot_id: field::id("ballotId", &request.ballot_id)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
        })
    }
}

impl TryFrom<pb::ListBallotsRequest> for ListBallots {
    type Error = Invalid;

    fn try_from(request: pb::ListBallotsRequest) -> Result<Self, Invalid> {
        let state = match pb::BallotState::try_from(request.state) {
            Ok(pb::BallotState::Unspecified) => None,
            Ok(pb::BallotState::Prepared) => Some("prepared"),
            Ok(pb::BallotState::Announced) => Some("announced"),
            Ok(pb::BallotState::Decided) => Some("decided"),
            Ok(pb::BallotState::Withdrawn) => Some("withdrawn"),
            Err(_) => {
                let (en, zh) = ("must be one of the listed values", "必须是所列取值之一");
                return Err(Invalid::new("state", "STATE_UNKNOWN", en, zh));
            }
        };
        Ok(ListBallots {
            area_id: field::optional_id("areaId", &request.area_id)?,
            state,
            draw_id: field::optional_id("drawId", &request.draw_id)?,
            adjustment_id: field::optional_id("adjustmentId", &request.adjustment_id)?,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

/// Reads a scope; refuses with `STAIRWELLS_WITHOUT_BUILDING` where stairwells are named without their one building.
pub(super) fn scope(message: common::Scope) -> Result<Scope, Invalid> {
    let area_id: AreaId = field::id("scope.areaId", &message.area_id)?;
    let building_ids = field::id_list("scope.buildingIds", &message.building_ids, BUILDINGS_MAX)?;
    if message.stairwells.len() > STAIRWELLS_MAX {
        return Err(Invalid::new(
            "scope.stairwells",
            "TOO_MANY_STAIRWELLS",
            format!("at most {STAIRWELLS_MAX} are taken"),
            format!("最多 {STAIRWELLS_MAX} 个"),
        ));
    }
    let mut stairwells = message
        .stairwells
        .iter()
        .map(|name| {
            field::text(
                "scope.stairwells",
                name,
                STAIRWELL_LENGTH_MAX,
                "STAIRWELL_MISSING",
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    stairwells.sort_unstable();
    stairwells.dedup();
    if !stairwells.is_empty() && building_ids.len() != 1 {
        return Err(Invalid::new(
            "scope.stairwells",
            "STAIRWELLS_WITHOUT_BUILDING",
            "need exactly one building to be named",
            "指定单元时须指定且只能指定一幢楼",
        ));
    }
    Ok(Scope {
        area_id,
        building_ids,
        stairwells,
    })
}

/// Reads a time that must be there, in whole microseconds, which is what every store keeps.
fn instant(name: &'static str, value: Option<Timestamp>) -> Result<DateTime<Utc>, Invalid> {
    let at = field::instant(name, value.map(|at| (at.seconds, at.nanos)))?;
    if !(0..=YEAR_MAX).contains(&at.year()) {
        return Err(Invalid::new(name, "TIME_MALFORMED", "is not a time", "时间无效"));
    }
    Ok(at.trunc_subsecs(6))
}

fn matter_of(matter: pb::Matter) -> Option<Matter> {
    Some(match matter {
        pb::Matter::Unspecified => return None,
        pb::Matter::RulesOfProcedure => Matter::RulesOfProcedure,
        pb::Matter::Covenant => Matter::Covenant,
        pb::Matter::CommitteeElection => Matter::CommitteeElection,
        pb::Matter::PropertyFirm => Matter::PropertyFirm,
        pb::Matter::FundUse => Matter::FundUse,
        pb::Matter::FundRaising => Matter::FundRaising,
        pb::Matter::Rebuilding => Matter::Rebuilding,
        pb::Matter::SharedPartsUse => Matter::SharedPartsUse,
        pb::Matter::Other => Matter::Other,
    })
}

impl From<Matter> for pb::Matter {
    fn from(matter: Matter) -> Self {
        match matter {
            Matter::RulesOfProcedure => pb::Matter::RulesOfProcedure,
            Matter::Covenant => pb::Matter::Covenant,
            Matter::CommitteeElection => pb::Matter::CommitteeElection,
            Matter::PropertyFirm => pb::Matter::PropertyFirm,
            Matter::FundUse => pb::Matter::FundUse,
            Matter::FundRaising => pb::Matter::FundRaising,
            Matter::Rebuilding => pb::Matter::Rebuilding,
            Matter::SharedPartsUse => pb::Matter::SharedPartsUse,
            Matter::Other => pb::Matter::Other,
        }
    }
}

impl From<Choice> for pb::Choice {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::For => pb::Choice::For,
            Choice::Against => pb::Choice::Against,
            Choice::Abstain => pb::Choice::Abstain,
        }
    }
}

impl From<Tally> for pb::Tally {
    fn from(tally: Tally) -> Self {
        pb::Tally {
            heads: tally.heads,
            area: tally.area.0,
        }
    }
}

impl From<Scope> for common::Scope {
    fn from(scope: Scope) -> Self {
        common::Scope {
            area_id: scope.area_id.to_string(),
            building_ids: scope.building_ids.iter().map(ToString::to_string).collect(),
            stairwells: scope.stairwells,
        }
    }
}

impl From<&Ballot> for pb::Ballot {
    /// The ballot right after a change: nobody has voted on one that was just announced.
    fn from(ballot: &Ballot) -> Self {
        let turnout = match &ballot.state {
            BallotState::Announced { .. } => Some(Tally::ZERO),
            BallotState::Decided { outcome, .. } => Some(outcome.counts.took_part()),
            BallotState::Prepared | BallotState::Withdrawn { .. } => None,
        };
        pb::Ballot::from(BallotView {
            ballot: ballot.clone(),
            turnout,
        })
    }
}

impl From<BallotView> for pb::Ballot {
    fn from(BallotView { ballot, turnout }: BallotView) -> Self {
        let announcement = ballot.announcement();
        let (state, result, withdrawal_reason) = match ballot.state {
            BallotState::Prepared => (pb::BallotState::Prepared, None, String::new()),
            BallotState::Announced { .. } => (pb::BallotState::Announced, None, String::new()),
            BallotState::Decided {
                outcome, decided_at, ..
            } => (
                pb::BallotState::Decided,
                Some(result(outcome, decided_at)),
                String::new(),
            ),
            BallotState::Withdrawn { reason, .. } => (pb::BallotState::Withdrawn, None, reason),
        };
        pb::Ballot {
            ballot_id: ballot.id.to_string(),
            scope: Some(ballot.scope.into()),
            division_code: ballot.division.to_string(),
            matter: pb::Matter::from(ballot.matter).into(),
            title: ballot.title,
            text: ballot.text,
            draw_id: ballot.draw_id.map(|id| id.to_string()).unwrap_or_default(),
            state: state.into(),
            announced_at: announcement.map(|it| it.announced_at.into()),
            opens_at: announcement.map(|it| it.opens_at.into()),
            closes_at: announcement.map(|it| it.closes_at.into()),
            roll: announcement.map(|it| it.roll.into()),
            turnout: turnout.map(Into::into),
            result,
            version: ballot.version,
            withdrawal_reason,
            adjustment_id: ballot.adjustment_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

fn result(outcome: Outcome, decided_at: DateTime<Utc>) -> pb::Result {
    let Counts {
        agreed,
        against,
        abstained,
    } = outcome.counts;
    let fraction = |it: money::Fraction| pb::Fraction {
        numerator: it.numerator(),
        denominator: it.denominator(),
    };
    pb::Result {
        r#for: Some(agreed.into()),
        against: Some(against.into()),
        abstained: Some(abstained.into()),
        enough_took_part: outcome.enough_took_part,
        passed: outcome.passed,
        participation_required: Some(fraction(outcome.requirement.participation)),
        approval_required: Some(fraction(outcome.requirement.approval)),
        approval_strict: outcome.requirement.approval_strict,
        article: outcome.requirement.article,
        decided_at: Some(decided_at.into()),
    }
}

impl From<Capacity> for common::VoterCapacity {
    fn from(capacity: Capacity) -> Self {
        match capacity {
            Capacity::Owner => common::VoterCapacity::Owner,
            Capacity::Representative => common::VoterCapacity::Representative,
            Capacity::Guardian => common::VoterCapacity::Guardian,
            Capacity::Authorised => common::VoterCapacity::Authorised,
            Capacity::Developer => common::VoterCapacity::Developer,
        }
    }
}

/// The capacity of a vote; not said while there is none.
fn capacity(capacity: Option<Capacity>) -> i32 {
    capacity
        .map_or(common::VoterCapacity::Unspecified, Into::into)
        .into()
}

impl From<Vote> for pb::Vote {
    /// As it answers whoever just cast it.
    fn from(vote: Vote) -> Self {
        pb::Vote {
            vote_id: vote.id.to_string(),
            ballot_id: vote.ballot_id.to_string(),
            home_ids: vote.home_ids.iter().map(ToString::to_string).collect(),
            area: vote.area.0,
            choice: pb::Choice::from(vote.choice).into(),
            cast_at: Some(vote.cast_at.into()),
            head_key: vote.head_key,
            capacity: capacity(vote.capacity),
            may_cast: true,
        }
    }
}

/// A line of the caller's own votes: without a vote where none was cast, without a choice where somebody else cast it.
pub(super) fn own_vote(ballot_id: BallotId, own: OwnVote) -> pb::Vote {
    let OwnVote { head, may_cast, cast } = own;
    let choice = cast
        .as_ref()
        .and_then(|cast| cast.choice)
        .map_or(pb::Choice::Unspecified, Into::into);
    pb::Vote {
        vote_id: cast.as_ref().map(|cast| cast.id.to_string()).unwrap_or_default(),
        ballot_id: ballot_id.to_string(),
        home_ids: head.home_ids.iter().map(ToString::to_string).collect(),
        area: head.area.0,
        choice: choice.into(),
        capacity: capacity(cast.as_ref().map(|cast| cast.capacity)),
        cast_at: cast.map(|cast| cast.cast_at.into()),
        head_key: head.key,
        may_cast,
    }
}
