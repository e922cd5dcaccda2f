//! What the developer applies for, and the opinions on it.

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use money::Area;
use serde::{Deserialize, Serialize};

use super::Clocks;
use super::refusal::Refusal;

/// A phase (期) of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Its above-ground area.
    pub above_ground: Area,
}

/// What the developer proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The number proposed for the area.
    pub number: String,
    /// The name proposed for the area.
    pub name: String,
    /// Number of the planning permit (建设工程规划许可证).
    pub permit_number: String,
    /// Day of the planning permit.
    pub permitted_on: NaiveDate,
    /// Above-ground area in the planning permit.
    pub above_ground: Area,
    /// True where nothing in it is a dwelling.
    pub all_non_residential: bool,
    /// The phases, which form one area; empty for one phase.
    pub phases: Vec<Phase>,
    /// Facilities that the whole area shares.
    pub shared_facilities: Vec<String>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Day.
    pub applied_on: NaiveDate,
    /// The number proposed for the area.
    pub number: String,
    /// The name proposed for the area.
    pub name: String,
    /// Number of the planning permit.
    pub permit_number: String,
    /// Day of the planning permit.
    pub permitted_on: NaiveDate,
    /// The last day on which the application is in time.
    pub apply_by: NaiveDate,
    /// True where it came later.
    pub late: bool,
    /// Above-ground area in the planning permit.
    pub above_ground: Area,
    /// True where nothing in it is a dwelling.
    pub all_non_residential: bool,
    /// The service rooms that the law asks for.
    pub rooms_required: Area,
    /// The phases, which form one area.
    pub phases: Vec<Phase>,
    /// Facilities that the whole area shares.
    pub shared_facilities: Vec<String>,
    /// The last day for the decision.
    pub decide_by: NaiveDate,
    /// True where that day passed without a decision.
    pub overdue: bool,
}

impl Application {
    /// The application that a proposal makes today. The period for the decision begins.
    ///
    /// # Errors
    /// `PERMIT_IN_THE_FUTURE`; `PHASES_DO_NOT_SUM` where the phases do not make up the whole.
    pub fn of(
        proposal: Proposal,
        rooms_required: Area,
        clocks: &Clocks,
        holidays: &Holidays,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        if proposal.permitted_on > today {
            return Err(Refusal::PermitInTheFuture {
                on: proposal.permitted_on,
                today,
            });
        }
        let phases = Area::try_sum(proposal.phases.iter().map(|phase| phase.above_ground));
        let whole = proposal.above_ground;
        if !proposal.phases.is_empty() && phases.as_ref() != Ok(&whole) {
            return Err(Refusal::PhasesDoNotSum {
                phases: phases.unwrap_or_default(),
                whole,
            });
        }
        let apply_by = deadline(
            proposal.permitted_on,
            Period::Days(clocks.application_days),
            Roll::NextWorkingDay,
            holidays,
        );
        let decision = Period::WorkingDays(clocks.decision_working_days);
        Ok(Application {
            applied_on: today,
            number: proposal.number,
            name: proposal.name,
            permit_number: proposal.permit_number,
            permitted_on: proposal.permitted_on,
            apply_by,
            late: today > apply_by,
            above_ground: whole,
            all_non_residential: proposal.all_non_residential,
            rooms_required,
            phases: proposal.phases,
            shared_facilities: proposal.shared_facilities,
            decide_by: deadline(today, decision, Roll::NextWorkingDay, holidays),
            overdue: false,
        })
    }
}

/// Who gives an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpinionGiver {
    /// Street or town (街道办事处、镇乡人民政府).
    Street,
    /// Residents' or villagers' committee (居民委员会、村民委员会).
    Community,
}

/// What street or community thinks of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Who.
    pub giver: OpinionGiver,
    /// Whether it agrees.
    pub agrees: bool,
    /// What it says.
    pub text: String,
    /// Day.
    pub on: NaiveDate,
}
