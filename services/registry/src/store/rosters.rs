//! Members of rosters as rows: name and mobile number are sealed here, and never opened.

use chrono::NaiveDate;
use db::StoreError;
use ids::{CreditCode, DivisionCode, RosterMemberId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sealing::Sealer;

use super::entity::roster_member::{ActiveModel, Column, Entity, Model};
use super::firm_records::unsealable;
use super::staff::CONFLICT;
use super::versions::Order;
use super::{Tx, raced, text, versions};
use crate::domain::personal::Personal;
use crate::domain::roster::{RosterKind, RosterMember, Standing};

/// The seal of a name is bound to this field.
const NAME: &str = "roster_member.name";
/// The seal of a mobile number is bound to this field.
const MOBILE: &str = "roster_member.mobile";

/// The keyed hash of a mobile number, the same for whoever has it: equal ones are a tie, and nothing else is told.
pub fn conflict_token(sealer: &Sealer, mobile: &Personal) -> String {
    hex::encode(sealer.blind_index(CONFLICT, mobile.expose()))
}

/// What members to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Which roster.
    pub kind: RosterKind,
    /// Only those of this division or one below it.
    pub division: Option<DivisionCode>,
    /// Only those of the division, or one below it, that the caller may see; none for all.
    pub sight: Option<DivisionCode>,
    /// Only those of this profession; empty for all.
    pub profession: String,
    /// Only those whom this firm employs.
    pub employer: Option<CreditCode>,
    /// Only those who may be drawn or chosen on this day.
    pub usable_on: Option<NaiveDate>,
}

/// A page of members by id.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<RosterMemberId>,
    limit: u64,
) -> Result<Vec<RosterMember>, StoreError> {
    let mut select = Entity::find().filter(Column::Kind.eq(<&str>::from(filter.kind)));
    for division in [&filter.division, &filter.sight].into_iter().flatten() {
        select = select.filter(Column::DivisionCode.starts_with(division.to_string()));
    }
    if !filter.profession.is_empty() {
        select = select.filter(Column::Profession.eq(filter.profession.as_str()));
    }
    if let Some(employer) = &filter.employer {
        select = select.filter(Column::EmployerCreditCode.eq(employer.as_str()));
    }
    if let Some(day) = filter.usable_on {
        select = select
            .filter(Column::Standing.eq(<&str>::from(Standing::Active)))
            .filter(Column::ValidFrom.lte(day))
            .filter(Column::ValidUntil.gte(day));
    }
    let after = after.map(Into::into);
    let rows = versions::page(connection, select, Column::Id, Order::OldestFirst, after, limit).await?;
    rows.into_iter().map(from_row).collect()
}

/// The member, where there is one.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: RosterMemberId,
) -> Result<Option<RosterMember>, StoreError> {
    Entity::find_by_id(id.as_uuid())
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

impl Tx {
    /// Whether somebody with this mobile number is on the roster.
    ///
    /// # Errors
    /// As the statement.
    pub async fn knows_roster_member(&self, kind: RosterKind, token: &str) -> Result<bool, StoreError> {
        let known = Entity::find()
            .filter(Column::Kind.eq(<&str>::from(kind)))
            .filter(Column::MobileIndex.eq(token))
            .one(self.connection())
            .await?;
        Ok(known.is_some())
    }

    /// Records a new member with name and mobile number in clear, which are sealed.
    ///
    /// # Errors
    /// `Conflict` where the same person was enrolled at the same moment.
    pub async fn insert_roster_member(
        &self,
        sealer: &Sealer,
        member: &RosterMember,
        name: &Personal,
        mobile: &Personal,
    ) -> Result<(), StoreError> {
        let record = member.id.to_string();
        let seal = |field, text: &Personal| sealer.seal(field, &record, text.expose()).map_err(unsealable);
        let row = ActiveModel {
            id: Set(member.id.as_uuid()),
            kind: Set(<&str>::from(member.kind).to_owned()),
            name_sealed: Set(seal(NAME, name)?),
            name_masked: Set(member.name.clone()),
            profession: Set(member.profession.clone()),
            employer_credit_code: Set(member.employer.as_ref().map(ToString::to_string)),
            mobile_sealed: Set(seal(MOBILE, mobile)?),
            mobile_index: Set(member.conflict_token.clone()),
            mobile_masked: Set(member.mobile.clone()),
            division_code: Set(member.division.to_string()),
            valid_from: Set(member.valid_from),
            valid_until: Set(member.valid_until),
            standing: Set(<&str>::from(member.standing).to_owned()),
            standing_reason: Set(None),
            version: Set(member.version),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }

    /// Saves a member who was one version lower when read; a new mobile number in clear is sealed.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed the record since.
    pub async fn save_roster_member(
        &self,
        sealer: &Sealer,
        member: &RosterMember,
        mobile: Option<&Personal>,
        standing_reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut row = ActiveModel {
            profession: Set(member.profession.clone()),
            employer_credit_code: Set(member.employer.as_ref().map(ToString::to_string)),
            mobile_index: Set(member.conflict_token.clone()),
            mobile_masked: Set(member.mobile.clone()),
            valid_until: Set(member.valid_until),
            standing: Set(<&str>::from(member.standing).to_owned()),
            version: Set(member.version),
            ..Default::default()
        };
        if let Some(mobile) = mobile {
            let sealed = sealer
                .seal(MOBILE, &member.id.to_string(), mobile.expose())
                .map_err(unsealable)?;
            row.mobile_sealed = Set(sealed);
        }
        if let Some(reason) = standing_reason {
            row.standing_reason = Set(Some(reason.to_owned()));
        }
        versions::save(
            self.connection(),
            row,
            (Column::Id, member.id.as_uuid()),
            (Column::Version, member.version),
        )
        .await
        .map_err(raced)
    }
}

fn from_row(row: Model) -> Result<RosterMember, StoreError> {
    let code = row.employer_credit_code.as_deref();
    Ok(RosterMember {
        id: RosterMemberId::from_uuid(row.id),
        kind: text::read("roster_members", &row.kind)?,
        name: row.name_masked,
        profession: row.profession,
        employer: code.map(|code| text::read("roster_members", code)).transpose()?,
        mobile: row.mobile_masked,
        conflict_token: row.mobile_index,
        division: text::read("roster_members", &row.division_code)?,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        standing: text::read("roster_members", &row.standing)?,
        version: row.version,
    })
}
