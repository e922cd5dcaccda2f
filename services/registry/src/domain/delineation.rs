//! Delineation (物业管理区域划分): the property authority is asked at design review, the developer applies, street and
//! community are heard, the authority decides, and the area is filed (浙江省物业管理条例, article 7).

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use ids::{AreaId, DelineationId, DivisionCode, FirmId};
use money::Area;
use serde::{Deserialize, Serialize};

use application::{Application, Opinion, OpinionGiver};
use event::{DelineationEvent, Step};
use refusal::Refusal;

pub mod application;
pub mod event;
pub mod refusal;
#[cfg(test)]
mod tests;

/// The periods of a delineation, as they hold on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// Working days in which the property authority answers at design review.
    pub answer_working_days: u32,
    /// Where that is written.
    pub answer_article: String,
    /// Days after the planning permit in which the developer applies.
    pub application_days: u32,
    /// Working days in which the authority decides.
    pub decision_working_days: u32,
}

/// What the planning authority asked at design review, and the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Day of the question.
    pub asked_on: NaiveDate,
    /// Above-ground area planned.
    pub above_ground: Area,
    /// True where nothing in it is a dwelling.
    pub all_non_residential: bool,
    /// The service rooms that the law asks for.
    pub rooms_required: Area,
    /// What was asked.
    pub text: String,
    /// The last day for the answer.
    pub answer_by: NaiveDate,
    /// Where the period is written.
    pub article: String,
    /// True where that day passed without an answer.
    pub overdue: bool,
    /// The answer; none before.
    pub answer: Option<Answer>,
}

/// The property authority's answer at design review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Day.
    pub on: NaiveDate,
    /// What it says.
    pub text: String,
}

/// How far a delineation is, with what is known only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// The planning authority has asked (征求意见中).
    Consulting,
    /// The property authority has answered (已答复).
    Advised,
    /// The developer has applied (已申请).
    Applied {
        /// For what.
        application: Application,
        /// Street's and community's.
        opinions: Vec<Opinion>,
    },
    /// Delineated, filed and registered (已划定).
    Approved {
        /// What was applied for.
        application: Application,
        /// Street's and community's.
        opinions: Vec<Opinion>,
        /// Day of the decision.
        on: NaiveDate,
        /// Remarks; may be empty.
        remarks: String,
        /// The area.
        area_id: AreaId,
        /// Its filing number.
        number: String,
    },
    /// Refused (不予划定).
    Refused {
        /// What was applied for.
        application: Application,
        /// Street's and community's.
        opinions: Vec<Opinion>,
        /// Day of the decision.
        on: NaiveDate,
        /// Why.
        reasons: String,
    },
}

impl Stage {
    /// The state in a word, as columns and messages have it.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// A delineation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delineation {
    /// Its id.
    pub id: DelineationId,
    /// One higher with every change.
    pub version: i64,
    /// The project (建设项目).
    pub project: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// The developer.
    pub developer_id: FirmId,
    /// The consultation at design review; none where there was none.
    pub consultation: Option<Consultation>,
    /// How far it is.
    pub stage: Stage,
}

/// A delineation after a change, with what happened.
pub type Decided = (Delineation, DelineationEvent);

impl Delineation {
    fn then(mut self, step: Step, stage: Stage) -> Decided {
        self.version += 1;
        self.stage = stage;
        let event = DelineationEvent {
            step,
            delineation: self.clone(),
        };
        (self, event)
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::DelineationWrongState {
            state: self.stage.name(),
        }
    }

    /// The planning authority asks about a project: a new delineation. The period for the answer begins.
    pub fn consult(
        id: DelineationId,
        project: Project,
        question: Question,
        clocks: &Clocks,
        holidays: &Holidays,
        today: NaiveDate,
    ) -> Decided {
        let period = Period::WorkingDays(clocks.answer_working_days);
        let consultation = Consultation {
            asked_on: today,
            above_ground: question.above_ground,
            all_non_residential: question.all_non_residential,
            rooms_required: question.rooms_required,
            text: question.text,
            answer_by: deadline(today, period, Roll::NextWorkingDay, holidays),
            article: clocks.answer_article.clone(),
            overdue: false,
            answer: None,
        };
        let new = Delineation {
            id,
            version: 0,
            project: project.name,
            division: project.division,
            developer_id: project.developer_id,
            consultation: Some(consultation),
            stage: Stage::Consulting,
        };
        new.then(Step::Consulted, Stage::Consulting)
    }

    /// The property authority answers at design review. A late answer is better than none.
    ///
    /// # Errors
    /// `DELINEATION_WRONG_STATE` unless the question is open.
    pub fn answer(mut self, text: String, today: NaiveDate) -> Result<Decided, Refusal> {
        match (&self.stage, self.consultation.as_mut()) {
            (Stage::Consulting, Some(consultation)) => {
                consultation.answer = Some(Answer { on: today, text });
                Ok(self.then(Step::Answered, Stage::Advised))
            }
            (
                Stage::Consulting
                | Stage::Advised
                | Stage::Applied { .. }
                | Stage::Approved { .. }
                | Stage::Refused { .. },
                _,
            ) => Err(self.wrong_state()),
        }
    }

    /// The developer applies for a project that was never before the design review.
    pub fn apply_new(id: DelineationId, project: Project, application: Application) -> Decided {
        let new = Delineation {
            id,
            version: 0,
            project: project.name,
            division: project.division,
            developer_id: project.developer_id,
            consultation: None,
            stage: Stage::Advised,
        };
        let opinions = Vec::new();
        new.then(
            Step::AppliedFor,
            Stage::Applied {
                application,
                opinions,
            },
        )
    }

    /// The developer applies after the design review, or again after a refusal. Opinions are asked for anew.
    ///
    /// # Errors
    /// `DELINEATION_WRONG_STATE` while the question at design review is open, while an application is, and once approved;
    /// `DEVELOPER_DIFFERS` where another developer's project it is.
    pub fn apply(
        mut self,
        developer_id: FirmId,
        project: Option<String>,
        division: DivisionCode,
        application: Application,
    ) -> Result<Decided, Refusal> {
        if self.developer_id != developer_id {
            return Err(Refusal::DeveloperDiffers);
        }
        match &self.stage {
            Stage::Advised | Stage::Refused { .. } => {
                self.project = project.unwrap_or(self.project);
                self.division = division;
                let opinions = Vec::new();
                Ok(self.then(
                    Step::AppliedFor,
                    Stage::Applied {
                        application,
                        opinions,
                    },
                ))
            }
            Stage::Consulting | Stage::Applied { .. } | Stage::Approved { .. } => Err(self.wrong_state()),
        }
    }

    /// Street or community gives its opinion, in place of an earlier one.
    ///
    /// # Errors
    /// `DELINEATION_WRONG_STATE` unless an application is open.
    pub fn hear(self, opinion: Opinion) -> Result<Decided, Refusal> {
        match self.stage.clone() {
            Stage::Applied {
                application,
                mut opinions,
            } => {
                opinions.retain(|earlier| earlier.giver != opinion.giver);
                opinions.push(opinion);
                opinions.sort_by_key(|opinion| opinion.giver);
                Ok(self.then(
                    Step::OpinionGiven,
                    Stage::Applied {
                        application,
                        opinions,
                    },
                ))
            }
            Stage::Consulting | Stage::Advised | Stage::Approved { .. } | Stage::Refused { .. } => {
                Err(self.wrong_state())
            }
        }
    }

    /// The authority delineates the area as applied for, under `number` where it is another than proposed. The caller
    /// registers the area that the answer names.
    ///
    /// # Errors
    /// `DELINEATION_WRONG_STATE` unless an application is open; `STREET_NOT_HEARD`, `COMMUNITY_NOT_HEARD`;
    /// `STREET_DISAGREES`, because authority and street delineate together.
    pub fn approve(
        self,
        number: Option<String>,
        remarks: String,
        today: NaiveDate,
    ) -> Result<Decided, Refusal> {
        match self.stage.clone() {
            Stage::Applied {
                application,
                opinions,
            } => {
                let of = |giver| opinions.iter().find(|opinion| opinion.giver == giver);
                let street = of(OpinionGiver::Street).ok_or(Refusal::StreetNotHeard)?;
                if !street.agrees {
                    return Err(Refusal::StreetDisagrees);
                }
                of(OpinionGiver::Community).ok_or(Refusal::CommunityNotHeard)?;
                let number = number.unwrap_or_else(|| application.number.clone());
                let stage = Stage::Approved {
                    application,
                    opinions,
                    on: today,
                    remarks,
                    area_id: crate::domain::area::Area::id_of(&number),
                    number,
                };
                Ok(self.then(Step::Approved, stage))
            }
            Stage::Consulting | Stage::Advised | Stage::Approved { .. } | Stage::Refused { .. } => {
                Err(self.wrong_state())
            }
        }
    }

    /// The authority refuses the application; the developer may apply again. Nobody need be heard for that.
    ///
    /// # Errors
    /// `DELINEATION_WRONG_STATE` unless an application is open; `REFUSAL_REASONS_MISSING`.
    pub fn refuse(self, reasons: String, today: NaiveDate) -> Result<Decided, Refusal> {
        match self.stage.clone() {
            Stage::Applied { .. } if reasons.is_empty() => Err(Refusal::RefusalReasonsMissing),
            Stage::Applied {
                application,
                opinions,
            } => Ok(self.then(
                Step::Refused,
                Stage::Refused {
                    application,
                    opinions,
                    on: today,
                    reasons,
                },
            )),
            Stage::Consulting | Stage::Advised | Stage::Approved { .. } | Stage::Refused { .. } => {
                Err(self.wrong_state())
            }
        }
    }

    /// The last day on which the authority is to act; none where nothing waits for it.
    pub fn due_by(&self) -> Option<NaiveDate> {
        match &self.stage {
            Stage::Consulting => self.consultation.as_ref().map(|asked| asked.answer_by),
            Stage::Applied { application, .. } => Some(application.decide_by),
            Stage::Advised | Stage::Approved { .. } | Stage::Refused { .. } => None,
        }
    }

    /// Notes that the day for the answer or the decision has passed; none where it has not, or was noted before.
    pub fn note_overdue(mut self, today: NaiveDate) -> Option<Decided> {
        if self.due_by().is_none_or(|due_by| due_by >= today) {
            return None;
        }
        match (self.stage.clone(), self.consultation.as_mut()) {
            (Stage::Consulting, Some(consultation)) if !consultation.overdue => {
                consultation.overdue = true;
                Some(self.then(Step::Overdue, Stage::Consulting))
            }
            (
                Stage::Applied {
                    mut application,
                    opinions,
                },
                _,
            ) if !application.overdue => {
                application.overdue = true;
                Some(self.then(
                    Step::Overdue,
                    Stage::Applied {
                        application,
                        opinions,
                    },
                ))
            }
            (
                Stage::Consulting
                | Stage::Advised
                | Stage::Applied { .. }
                | Stage::Approved { .. }
                | Stage::Refused { .. },
                _,
            ) => None,
        }
    }
}

/// A building project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// Its developer.
    pub developer_id: FirmId,
}

/// What the planning authority asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Above-ground area planned.
    pub above_ground: Area,
    /// True where nothing in it is a dwelling.
    pub all_non_residential: bool,
    /// The service rooms that the law asks for.
    pub rooms_required: Area,
    /// What is asked.
    pub text: String,
}
