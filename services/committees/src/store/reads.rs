//! What screens read: a ballot with its turnout, lists narrowed to what the caller may see, the caller's own votes.

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::{AreaId, BallotId, DivisionCode, DrawId, FirmId, OwnerId, PriceAdjustmentId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::ballots::{find, to_ballot};
use super::entity::{area, ballot, home_owner, roll_head, roll_owner, roll_voter};
use super::votes::{of_asker, turnouts};
use super::{ReadTx, Store};
use crate::domain::{Asker, Ballot, BallotState, OwnVote, Tally};

/// A ballot with who took part; what was said is in it only as the published result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotView {
    /// The ballot.
    pub ballot: Ballot,
    /// Who took part so far; none before the announcement.
    pub turnout: Option<Tally>,
}

/// Which ballots a caller may see: each that one of these lets through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// All in these divisions: the caller's own, and those that ended in it.
    pub divisions: Vec<DivisionCode>,
    /// All on whose roll this owner is or votes, and all of areas in which the owner has a home.
    pub owner_id: Option<OwnerId>,
    /// All of areas that this firm manages or built, and all on whose roll it has a head.
    pub firm_id: Option<FirmId>,
    /// All of this area.
    pub area_id: Option<AreaId>,
}

/// Which ballots are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BallotFilter {
    /// Only those of this area.
    pub area_id: Option<AreaId>,
    /// Only those in the state of this name.
    pub state: Option<&'static str>,
    /// Only the one of this draw.
    pub draw_id: Option<DrawId>,
    /// Only the one of this price adjustment.
    pub adjustment_id: Option<PriceAdjustmentId>,
    /// Only those after this one in the list: older, or as old with a lower id.
    pub after: Option<(DateTime<Utc>, BallotId)>,
}

impl Store {
    /// At most `limit` ballots that are asked for and visible, newest first.
    ///
    /// # Errors
    /// As the statements.
    pub async fn list_ballots(
        &self,
        visibility: &Visibility,
        filter: &BallotFilter,
        limit: u64,
    ) -> Result<Vec<BallotView>, StoreError> {
        let mut query = ballot::Entity::find().filter(visible(visibility));
        if let Some(area_id) = filter.area_id {
            query = query.filter(ballot::Column::AreaId.eq(area_id.as_uuid()));
        }
        if let Some(state) = filter.state {
            query = query.filter(ballot::Column::State.eq(state));
        }
        if let Some(draw_id) = filter.draw_id {
            query = query.filter(ballot::Column::DrawId.eq(draw_id.as_uuid()));
        }
        if let Some(adjustment_id) = filter.adjustment_id {
            query = query.filter(ballot::Column::AdjustmentId.eq(adjustment_id.as_uuid()));
        }
        if let Some((prepared_at, ballot_id)) = filter.after {
            let as_old = Condition::all()
                .add(ballot::Column::PreparedAt.eq(prepared_at))
                .add(ballot::Column::Id.lt(ballot_id.as_uuid()));
            let after = Condition::any()
                .add(ballot::Column::PreparedAt.lt(prepared_at))
                .add(as_old);
            query = query.filter(after);
        }
        let rows = query
            .order_by_desc(ballot::Column::PreparedAt)
            .order_by_desc(ballot::Column::Id)
            .limit(limit)
            .all(self.0.reader())
            .await?;
        let ballots = rows.into_iter().map(to_ballot).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<BallotId> = ballots
            .iter()
            .filter(|ballot| is_counting(ballot))
            .map(|it| it.id)
            .collect();
        let mut counted = match ids.is_empty() {
            true => Default::default(),
            false => turnouts(self.0.reader(), &ids).await?,
        };
        Ok(ballots
            .into_iter()
            .map(|ballot| {
                let votes = counted.remove(&ballot.id).unwrap_or_default();
                view(ballot, votes)
            })
            .collect())
    }
}

impl ReadTx {
    /// The ballot, as it stands.
    ///
    /// # Errors
    /// As the statement.
    pub async fn ballot(&self, ballot_id: BallotId) -> Result<Option<Ballot>, StoreError> {
        find(self.connection(), ballot_id).await
    }

    /// The ballot with its turnout.
    ///
    /// # Errors
    /// As the statement.
    pub async fn view(&self, ballot: Ballot) -> Result<BallotView, StoreError> {
        let votes = match is_counting(&ballot) {
            true => turnouts(self.connection(), &[ballot.id])
                .await?
                .remove(&ballot.id)
                .unwrap_or_default(),
            false => Tally::ZERO,
        };
        Ok(view(ballot, votes))
    }

    /// The heads that somebody belongs to or may vote for, each with what was cast for it.
    ///
    /// # Errors
    /// As the statements.
    pub async fn votes_of(&self, ballot_id: BallotId, asker: Asker) -> Result<Vec<OwnVote>, StoreError> {
        of_asker(self.connection(), ballot_id, asker).await
    }
}

/// True where the turnout has to be asked of the votes: a decided ballot carries it in its outcome.
fn is_counting(ballot: &Ballot) -> bool {
    match ballot.state {
        BallotState::Announced { .. } => true,
        BallotState::Withdrawn { announcement, .. } => announcement.is_some(),
        BallotState::Prepared | BallotState::Decided { .. } => false,
    }
}

fn view(ballot: Ballot, votes: Tally) -> BallotView {
    let turnout = match &ballot.state {
        BallotState::Prepared => None,
        BallotState::Announced { .. } => Some(votes),
        BallotState::Decided { outcome, .. } => Some(outcome.counts.took_part()),
        BallotState::Withdrawn { announcement, .. } => announcement.map(|_| votes),
    };
    BallotView { ballot, turnout }
}

/// Any of the caller's ways to see a ballot; nothing where there is none.
fn visible(visibility: &Visibility) -> Condition {
    let mut any = Condition::any();
    for division in &visibility.divisions {
        // The code has a fixed length at each level, so a prefix is never a part of another code.
        any = any.add(ballot::Column::Division.starts_with(division.to_string()));
    }
    if let Some(area_id) = visibility.area_id {
        any = any.add(ballot::Column::AreaId.eq(area_id.as_uuid()));
    }
    if let Some(owner_id) = visibility.owner_id {
        let rolls = roll_owner::Entity::find()
            .select_only()
            .column(roll_owner::Column::BallotId)
            .filter(roll_owner::Column::OwnerId.eq(owner_id.as_uuid()));
        let votes = roll_voter::Entity::find()
            .select_only()
            .column(roll_voter::Column::BallotId)
            .filter(roll_voter::Column::VoterId.eq(owner_id.as_uuid()));
        let areas = home_owner::Entity::find()
            .select_only()
            .column(home_owner::Column::AreaId)
            .filter(home_owner::Column::OwnerId.eq(owner_id.as_uuid()));
        any = any
            .add(ballot::Column::Id.in_subquery(rolls.into_query()))
            .add(ballot::Column::Id.in_subquery(votes.into_query()))
            .add(ballot::Column::AreaId.in_subquery(areas.into_query()));
    }
    if let Some(firm_id) = visibility.firm_id {
        let rolls = roll_head::Entity::find()
            .select_only()
            .column(roll_head::Column::BallotId)
            .filter(roll_head::Column::DeveloperId.eq(firm_id.as_uuid()));
        let of_firm = Condition::any()
            .add(area::Column::ManagerId.eq(firm_id.as_uuid()))
            .add(area::Column::DeveloperId.eq(firm_id.as_uuid()));
        let areas = area::Entity::find()
            .select_only()
            .column(area::Column::AreaId)
            .filter(of_firm);
        any = any
            .add(ballot::Column::Id.in_subquery(rolls.into_query()))
            .add(ballot::Column::AreaId.in_subquery(areas.into_query()));
    }
    match any.is_empty() {
        // An empty condition would let everything through.
        true => Condition::all().add(sea_orm::sea_query::Expr::cust("1 = 0")),
        false => any,
    }
}
