//! Requests to commands, and domain values to answers.

use proto::common::v1 as common;
use proto::funds::v1 as pb;
use rpc::{Invalid, Page, field};

use crate::app::{AcceptWork, CheckDraw, ListDraws, PayDraw, ProposeDraw, WithdrawDraw};
use crate::domain::allocation::{Allocation, Share};
use crate::domain::deposit::{DepositReport, RowError};
use crate::domain::draw::{Draw, DrawState, SharedPart};
use crate::domain::ledger::PostingKind;
use crate::domain::scope::Scope;
use crate::domain::statement::{Movement, Statement, TrialBalance};
use money::Fen;

/// Longest title.
const TITLE_LENGTH_MAX: usize = 100;
/// Longest proposal.
const TEXT_LENGTH_MAX: usize = 20_000;
/// Longest remark or reason.
const REASON_LENGTH_MAX: usize = 1_000;
/// Longest reference of a bank.
const REFERENCE_LENGTH_MAX: usize = 64;
/// Most buildings of a scope: larger areas have fewer.
const BUILDINGS_MAX: usize = 500;
/// Most stairwells of a scope.
const STAIRWELLS_MAX: usize = 50;
/// Longest name of a stairwell.
const STAIRWELL_LENGTH_MAX: usize = 20;

impl TryFrom<pb::ProposeDrawRequest> for ProposeDraw {
    type Error = Invalid;

    fn try_from(request: pb::ProposeDrawRequest) -> Result<Self, Invalid> {
        let part = request.part();
        Ok(ProposeDraw {
            scope: scope(request.scope.unwrap_or_default())?,
            part: shared_part(part)?,
            title: field::text("title", &request.title, TITLE_LENGTH_MAX, "TITLE_MISSING")?,
            text: field::optional_text("text", &request.text, TEXT_LENGTH_MAX)?,
            budget: Fen(request.budget_fen),
        })
    }
}

fn scope(scope: common::Scope) -> Result<Scope, Invalid> {
    let area_id = field::id("scope.areaId", &scope.area_id)?;
    let building_ids = field::id_list("scope.buildingIds", &scope.building_ids, BUILDINGS_MAX)?;
    if !scope.stairwells.is_empty() && building_ids.len() != 1 {
        return Err(Invalid::new(
            "scope.stairwells",
            "STAIRWELLS_WITHOUT_BUILDING",
            "stairwells narrow one building: name exactly one building with them",
            "按单元列支时，须且仅须指定一幢",
        ));
    }
    if scope.stairwells.len() > STAIRWELLS_MAX {
        return Err(Invalid::new(
            "scope.stairwells",
            "TOO_MANY_STAIRWELLS",
            format!("at most {STAIRWELLS_MAX} stairwells are taken"),
            format!("最多 {STAIRWELLS_MAX} 个单元"),
        ));
    }
    let stairwell = |text: &String| {
        field::text(
            "scope.stairwells",
            text,
            STAIRWELL_LENGTH_MAX,
            "STAIRWELL_MISSING",
        )
    };
    let mut stairwells = scope
        .stairwells
        .iter()
        .map(stairwell)
        .collect::<Result<Vec<_>, _>>()?;
    stairwells.sort_unstable();
    stairwells.dedup();
    Ok(Scope {
        area_id,
        building_ids,
        stairwells,
    })
}

fn shared_part(part: common::SharedPart) -> Result<SharedPart, Invalid> {
    use common::SharedPart as Wire;
    Ok(match part {
        Wire::Unspecified => {
            return Err(Invalid::new(
                "part",
                "PART_MISSING",
                "must be one of the listed values",
                "必须是所列取值之一",
            ));
        }
        Wire::RoofWaterproofing => SharedPart::RoofWaterproofing,
        Wire::Structure => SharedPart::Structure,
        Wire::Lift => SharedPart::Lift,
        Wire::WiringAndPipes => SharedPart::WiringAndPipes,
        Wire::FireEquipment => SharedPart::FireEquipment,
        Wire::Other => SharedPart::Other,
    })
}

impl TryFrom<pb::CheckDrawRequest> for CheckDraw {
    type Error = Invalid;

    fn try_from(request: pb::CheckDrawRequest) -> Result<Self, Invalid> {
        Ok(CheckDraw {
            draw_id: field::id("drawId", &request.draw_id)?,
            remark: field::optional_text("remark", &request.remark, REASON_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::WithdrawDrawRequest> for WithdrawDraw {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawDrawRequest) -> Result<Self, Invalid> {
        Ok(WithdrawDraw {
            draw_id: field::id("drawId", &request.draw_id)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
        })
    }
}

impl TryFrom<pb::AcceptWorkRequest> for AcceptWork {
    type Error = Invalid;

    fn try_from(request: pb::AcceptWorkRequest) -> Result<Self, Invalid> {
        Ok(AcceptWork {
            draw_id: field::id("drawId", &request.draw_id)?,
            settled: Fen(request.settled_fen),
        })
    }
}

impl TryFrom<pb::PayDrawRequest> for PayDraw {
    type Error = Invalid;

    fn try_from(request: pb::PayDrawRequest) -> Result<Self, Invalid> {
        Ok(PayDraw {
            draw_id: field::id("drawId", &request.draw_id)?,
            bank_reference: field::optional_text(
                "bankReference",
                &request.bank_reference,
                REFERENCE_LENGTH_MAX,
            )?,
        })
    }
}

impl TryFrom<pb::ListDrawsRequest> for ListDraws {
    type Error = Invalid;

    fn try_from(request: pb::ListDrawsRequest) -> Result<Self, Invalid> {
        use pb::DrawState as Wire;
        let state = match request.state() {
            Wire::Unspecified => None,
            Wire::Proposed => Some("proposed"),
            Wire::Voting => Some("voting"),
            Wire::Reserved => Some("reserved"),
            Wire::Accepted => Some("accepted"),
            Wire::Paid => Some("paid"),
            Wire::Rejected => Some("rejected"),
            Wire::Withdrawn => Some("withdrawn"),
        };
        Ok(ListDraws {
            area_id: field::optional_id("areaId", &request.area_id)?,
            state,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl From<&Draw> for pb::Draw {
    fn from(draw: &Draw) -> Self {
        use pb::DrawState as Wire;
        let mut message = pb::Draw {
            draw_id: draw.id.to_string(),
            scope: Some((&draw.scope).into()),
            division_code: draw.division.to_string(),
            part: common::SharedPart::from(draw.part).into(),
            title: draw.title.clone(),
            text: draw.text.clone(),
            budget_fen: draw.budget.0,
            proposer_id: draw.proposer.map(|id| id.to_string()).unwrap_or_default(),
            ballot_id: draw
                .state
                .ballot_id()
                .map(|id| id.to_string())
                .unwrap_or_default(),
            proposed_at: Some(draw.proposed_at.into()),
            version: draw.version,
            ..Default::default()
        };
        let state = match &draw.state {
            DrawState::Proposed => Wire::Proposed,
            DrawState::Voting { .. } => Wire::Voting,
            DrawState::Reserved { allocation, .. } => {
                message.allocation = Some((*allocation).into());
                Wire::Reserved
            }
            DrawState::Accepted {
                allocation, settled, ..
            } => {
                message.allocation = Some((*allocation).into());
                message.settled_fen = settled.0;
                Wire::Accepted
            }
            DrawState::Paid {
                allocation,
                settled,
                paid_at,
                ..
            } => {
                message.allocation = Some((*allocation).into());
                message.settled_fen = settled.0;
                message.paid_at = Some((*paid_at).into());
                Wire::Paid
            }
            DrawState::Rejected { reason, .. } => {
                message.outcome_reason.clone_from(reason);
                Wire::Rejected
            }
            DrawState::Withdrawn { reason, .. } => {
                message.outcome_reason.clone_from(reason);
                Wire::Withdrawn
            }
        };
        message.set_state(state);
        message
    }
}

impl From<Draw> for pb::Draw {
    fn from(draw: Draw) -> Self {
        (&draw).into()
    }
}

impl From<&Scope> for common::Scope {
    fn from(scope: &Scope) -> Self {
        common::Scope {
            area_id: scope.area_id.to_string(),
            building_ids: scope.building_ids.iter().map(ToString::to_string).collect(),
            stairwells: scope.stairwells.clone(),
        }
    }
}

impl From<SharedPart> for common::SharedPart {
    fn from(part: SharedPart) -> Self {
        match part {
            SharedPart::RoofWaterproofing => Self::RoofWaterproofing,
            SharedPart::Structure => Self::Structure,
            SharedPart::Lift => Self::Lift,
            SharedPart::WiringAndPipes => Self::WiringAndPipes,
            SharedPart::FireEquipment => Self::FireEquipment,
            SharedPart::Other => Self::Other,
        }
    }
}

impl From<Allocation> for pb::Allocation {
    fn from(allocation: Allocation) -> Self {
        pb::Allocation {
            fund_fen: allocation.fund.0,
            owners_due_fen: allocation.owners_due.0,
            developer_due_fen: allocation.developer_due.0,
            homes: allocation.homes,
        }
    }
}

impl From<Share> for pb::Share {
    fn from(share: Share) -> Self {
        pb::Share {
            home_id: share.home_id.to_string(),
            exclusive_area: share.area.0,
            share_fen: share.share.0,
            fund_fen: share.fund.0,
            owners_due_fen: share.owners_due.0,
            developer_due_fen: share.developer_due.0,
        }
    }
}

impl From<Statement> for pb::Statement {
    fn from(statement: Statement) -> Self {
        pb::Statement {
            home_id: statement.home_id.to_string(),
            unit_number: statement.unit_number,
            first_deposit_fen: statement.first_deposit.0,
            balance_fen: statement.available.0,
            reserved_fen: statement.reserved.0,
            replenishment_due: statement.replenishment_due,
            movements: statement.movements.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Movement> for pb::Movement {
    fn from(movement: Movement) -> Self {
        let kind = match movement.kind {
            PostingKind::Deposit => pb::MovementKind::Deposit,
            PostingKind::Reservation => pb::MovementKind::Reservation,
            PostingKind::Release => pb::MovementKind::Release,
            PostingKind::Payment => pb::MovementKind::Payment,
            PostingKind::Transfer => pb::MovementKind::Transfer,
        };
        pb::Movement {
            posted_at: Some(movement.posted_at.into()),
            kind: kind.into(),
            available_fen: movement.available.0,
            reserved_fen: movement.reserved.0,
            balance_fen: movement.balance.0,
            draw_id: movement.draw_id.map(|id| id.to_string()).unwrap_or_default(),
            ballot_id: movement.ballot_id.map(|id| id.to_string()).unwrap_or_default(),
            text: movement.text,
        }
    }
}

impl From<DepositReport> for pb::DepositReport {
    fn from(report: DepositReport) -> Self {
        pb::DepositReport {
            rows: count(report.rows),
            posted: count(report.posted),
            unchanged: count(report.unchanged),
            posted_fen: report.posted_fen.0,
            errors: report.errors.into_iter().map(Into::into).collect(),
            error_count: count(report.error_count),
        }
    }
}

impl From<RowError> for pb::DepositRowError {
    fn from(error: RowError) -> Self {
        pb::DepositRowError {
            line: i32::try_from(error.line).unwrap_or(i32::MAX),
            column: error.column,
            reason: error.reason,
            message_zh: error.zh,
            message_en: error.en,
        }
    }
}

/// Counts of rows, which the table's limit keeps far below 32 bits.
fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

impl From<TrialBalance> for pb::TrialBalance {
    fn from(balance: TrialBalance) -> Self {
        pb::TrialBalance {
            area_id: balance.area_id.to_string(),
            bank_fen: balance.bank.0,
            available_fen: balance.available.0,
            reserved_fen: balance.reserved.0,
            difference_fen: balance.difference.0,
            balanced: balance.is_balanced(),
            postings: balance.postings,
        }
    }
}
