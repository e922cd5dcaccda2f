//! What the service refuses, and why: part of the contract.

use chrono::{DateTime, FixedOffset, Utc};
use ids::{AreaId, BallotId, BuildingId, HomeId};

/// A refusal. `Display` is the English message for the client, `zh` the Chinese one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// There is no such area, or the caller may not know of it.
    #[error("There is no area {area_id} that you may see.")]
    AreaNotFound {
        /// The area asked for.
        area_id: AreaId,
    },
    /// A building of the scope belongs to another area, or to none.
    #[error("The building {building_id} does not belong to the area {area_id}.")]
    BuildingNotInArea {
        /// The building.
        building_id: BuildingId,
        /// The area of the scope.
        area_id: AreaId,
    },
    /// There is no such ballot, or the caller may not know of it.
    #[error("There is no ballot {ballot_id} that you may see.")]
    BallotNotFound {
        /// The ballot asked for.
        ballot_id: BallotId,
    },
    /// The ballot's state does not allow it.
    #[error("The ballot {ballot_id} is {state}; this cannot be done now. Read it and decide again.")]
    BallotWrongState {
        /// The ballot.
        ballot_id: BallotId,
        /// The state it is in: `prepared`, `announced`, `decided`, `withdrawn`.
        state: &'static str,
    },
    /// Too few full days between the announcement and the first vote (物业管理条例 article 14).
    #[error("Votes may be taken {days} full days after the announcement at the earliest: from {earliest}.")]
    NoticeTooShort {
        /// Full days that must lie between.
        days: u32,
        /// The first instant that would do.
        earliest: DateTime<Utc>,
    },
    /// Votes would be taken for too short a time.
    #[error("Votes must be taken for at least {days} days: until {earliest} or later.")]
    WindowTooShort {
        /// Days at least.
        days: u32,
        /// The earliest closing that would do.
        earliest: DateTime<Utc>,
    },
    /// Votes would be taken for too long a time.
    #[error("Votes may be taken for at most {days} days: until {latest} or earlier.")]
    WindowTooLong {
        /// Days at most.
        days: u32,
        /// The latest closing that would do.
        latest: DateTime<Utc>,
    },
    /// Nobody is on the roll of the scope.
    #[error("Nobody is on the roll of this scope; check its buildings and stairwells.")]
    RollEmpty,
    /// Votes are not taken yet.
    #[error("Votes are taken from {opens_at}.")]
    VotingNotOpen {
        /// From when.
        opens_at: DateTime<Utc>,
    },
    /// Votes are no longer taken.
    #[error("Voting closed at {closes_at}.")]
    VotingClosed {
        /// Since when.
        closes_at: DateTime<Utc>,
    },
    /// The head of this home has voted.
    #[error("The vote for the home {home_id} was cast already; each head votes once, and a vote stands.")]
    AlreadyVoted {
        /// The home named.
        home_id: HomeId,
    },
    /// The home is not on the roll, or it is not the caller's: one answer for both.
    #[error("You have no vote for the home {home_id} in this ballot.")]
    NotOnRoll {
        /// The home named.
        home_id: HomeId,
    },
    /// The home is the caller's, and on this roll somebody else casts its vote (业主大会和业主委员会指导规则 article 25).
    #[error(
        "The vote for the home {home_id} is cast by whoever acts for you: your guardian, your authorised person, or the \
         representative whom its owners chose."
    )]
    CastByAnother {
        /// The home named.
        home_id: HomeId,
    },
}

impl Refusal {
    /// `BALLOT_WRONG_STATE`.
    pub fn wrong_state(ballot_id: BallotId, state: &'static str) -> Self {
        Refusal::BallotWrongState { ballot_id, state }
    }

    /// The message in Chinese; times as clocks in China show them.
    pub fn message_zh(&self) -> String {
        match self {
            Refusal::AreaNotFound { area_id } => format!("未找到物业管理区域 {area_id}。"),
            Refusal::BuildingNotInArea { building_id, area_id } => {
                format!("楼幢 {building_id} 不属于物业管理区域 {area_id}。")
            }
            Refusal::BallotNotFound { ballot_id } => format!("未找到表决 {ballot_id}。"),
            Refusal::BallotWrongState { ballot_id, state } => {
                format!(
                    "表决 {ballot_id} {}，当前不能进行此操作，请查看后再定。",
                    state_zh(state)
                )
            }
            Refusal::NoticeTooShort { days, earliest } => {
                format!("公示满 {days} 日后方可开始投票，最早为 {}。", in_china(*earliest))
            }
            Refusal::WindowTooShort { days, earliest } => {
                format!(
                    "投票时间不得少于 {days} 日，截止时间最早为 {}。",
                    in_china(*earliest)
                )
            }
            Refusal::WindowTooLong { days, latest } => {
                format!(
                    "投票时间不得超过 {days} 日，截止时间最晚为 {}。",
                    in_china(*latest)
                )
            }
            Refusal::RollEmpty => "该范围内没有可表决的业主，请核对楼幢和单元。".into(),
            Refusal::VotingNotOpen { opens_at } => format!("投票于 {} 开始。", in_china(*opens_at)),
            Refusal::VotingClosed { closes_at } => format!("投票已于 {} 截止。", in_china(*closes_at)),
            Refusal::AlreadyVoted { home_id } => {
                format!("房屋 {home_id} 已投票；每一业主只投一次，投出后不能更改。")
            }
            Refusal::NotOnRoll { home_id } => format!("您在本次表决中没有房屋 {home_id} 的投票权。"),
            Refusal::CastByAnother { home_id } => {
                format!("房屋 {home_id} 由您的监护人、被授权人或者共有人推选的代表投票，您不能自行投票。")
            }
        }
    }
}

fn state_zh(state: &str) -> &str {
    match state {
        "prepared" => "尚未公示",
        "announced" => "已公示",
        "decided" => "已计票",
        "withdrawn" => "已撤回",
        other => other,
    }
}

/// A time as clocks in China show it.
fn in_china(at: DateTime<Utc>) -> String {
    // China has one time zone, eight hours ahead; the offset is always in range.
    let local = FixedOffset::east_opt(8 * 3600).map(|zone| at.with_timezone(&zone).naive_local());
    local
        .unwrap_or(at.naive_utc())
        .format("%Y年%-m月%-d日 %H:%M:%S")
        .to_string()
}
