//! Dossiers of areas are taken over from another registry: recorded in the state that they had, told, and their clocks set.

use calendar::{end_of_day, start_of_day};
use chrono::NaiveDate;
use rpc::CallContext;

use super::App;
use super::contract::look_at_contract::LOOK_AT_CONTRACT;
use super::delineation::overdue::DELINEATION_OVERDUE;
use super::price::look_at_adjustment::LOOK_AT_ADJUSTMENT;
use crate::domain::area::Area;
use crate::domain::contract::{ContractEvent, Event as ContractsEvent, What};
use crate::domain::delineation::Stage;
use crate::domain::delineation::event::{DelineationEvent, Step};
use crate::domain::dossier::{Dossier, ManagerTerm};
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::management_mode::ManagementMode;
use crate::domain::price;
use crate::domain::set_up::{Condition, SetUp};
use crate::error::AppError;
use crate::store::{Tx, homes, management_modes};

impl App {
    /// Records dossiers of held areas that have nothing of their subjects. What is told of each has the version that it
    /// had where it comes from.
    ///
    /// # Errors
    /// `CONFLICT` where one of the records is there already.
    pub(super) async fn take_over(
        &self,
        tx: &mut Tx,
        ctx: &CallContext,
        dossiers: Vec<(Area, Dossier)>,
    ) -> Result<(), AppError> {
        for (mut area, dossier) in dossiers {
            tx.insert_dossier(&area, &dossier).await?;
            let happened = match dossier {
                Dossier::Managers(terms) => take_managers(tx, area, &terms).await?,
                Dossier::SetUps(found) => self.take_set_ups(tx, &mut area, &found).await?,
                other => {
                    self.set_clocks(tx, ctx, &other).await?;
                    told(tx, &area, other).await?
                }
            };
            tx.publish(ctx, &happened).await?;
        }
        Ok(())
    }

    async fn take_set_ups(
        &self,
        tx: &Tx,
        area: &mut Area,
        found: &[(Condition, NaiveDate)],
    ) -> Result<Vec<Happened>, AppError> {
        let article = self.set_up_rules()?.article;
        let mut happened = Vec::new();
        for (condition, due_on) in found {
            tx.insert_set_up(area.id, *condition, *due_on).await?;
            // Managers of the same file may have given it other versions.
            if let Some(present) = tx.hold_area(area.id).await? {
                *area = present;
            }
            area.version += 1;
            tx.save_area_version(area).await?;
            happened.push(Happened {
                division: area.division,
                version: area.version,
                event: RegistryEvent::SetUpDue(SetUp {
                    area_id: area.id,
                    progress: homes::progress(tx.connection(), area.id).await?,
                    due: Some((*condition, *due_on)),
                    article: article.clone(),
                }),
            });
        }
        Ok(happened)
    }

    /// Sets the deadlines of what is not over.
    async fn set_clocks(&self, tx: &mut Tx, ctx: &CallContext, dossier: &Dossier) -> Result<(), AppError> {
        match dossier {
            Dossier::Contracts(contracts) => {
                let rules = self.contract_rules()?;
                for contract in contracts {
                    if contract.pass(self.today(), None, &rules).is_some() {
                        // What became due on the way is looked at as soon as all of the file is here.
                        tx.schedule(ctx, LOOK_AT_CONTRACT, contract.id, self.clock.now())
                            .await?;
                    } else {
                        self.reschedule(tx, ctx, contract, &rules).await?;
                    }
                }
            }
            Dossier::PriceAdjustments(adjustments) => {
                for adjustment in adjustments {
                    if let Some(day) = adjustment.next_on() {
                        let at = start_of_day(day);
                        tx.schedule(ctx, LOOK_AT_ADJUSTMENT, adjustment.id, at).await?;
                    }
                }
            }
            Dossier::Delineations(delineations) => {
                for delineation in delineations {
                    if let Some(day) = delineation.due_by() {
                        let at = end_of_day(day);
                        tx.schedule(ctx, DELINEATION_OVERDUE, delineation.id, at).await?;
                    }
                }
            }
            Dossier::Boundaries(_)
            | Dossier::ServiceRooms(_)
            | Dossier::Managers(_)
            | Dossier::SetUps(_)
            | Dossier::Ballots(_)
            | Dossier::ManagementModes(_)
            | Dossier::FeeStandards(_)
            | Dossier::Satisfactions(_) => {}
        }
        Ok(())
    }
}

/// Who managed the area before.
async fn take_managers(tx: &Tx, area: Area, terms: &[ManagerTerm]) -> Result<Vec<Happened>, AppError> {
    let pairs = terms.iter().zip(terms.iter().skip(1)).zip(2..);
    let happened = pairs.filter_map(|((before, after), version)| {
        let event = ContractsEvent::AreaManagerChanged {
            area_id: area.id,
            manager_id: after.manager_id,
            previous_manager_id: before.manager_id,
            since: after.since?,
        };
        Some(Happened {
            division: area.division,
            version,
            event: RegistryEvent::Contract(event),
        })
    });
    let happened = happened.collect();
    tx.save_manager_terms(area, terms).await?;
    Ok(happened)
}

/// What is told of the records of a dossier that was recorded.
async fn told(tx: &Tx, area: &Area, dossier: Dossier) -> Result<Vec<Happened>, AppError> {
    let happened = |version: i64, event: RegistryEvent| Happened {
        division: area.division,
        version,
        event,
    };
    Ok(match dossier {
        Dossier::Delineations(records) => {
            let told = records.into_iter().map(|delineation| {
                let step = match delineation.stage {
                    Stage::Consulting => Step::Consulted,
                    Stage::Advised => Step::Answered,
                    Stage::Applied { .. } => Step::AppliedFor,
                    Stage::Approved { .. } => Step::Approved,
                    Stage::Refused { .. } => Step::Refused,
                };
                let version = delineation.version;
                let event = DelineationEvent { step, delineation };
                happened(version, RegistryEvent::Delineation(Box::new(event)))
            });
            told.collect()
        }
        Dossier::Boundaries(records) => {
            let told = records.into_iter();
            told.map(|boundary| happened(boundary.version, RegistryEvent::BoundarySet(boundary)))
                .collect()
        }
        Dossier::ServiceRooms(records) => {
            let told = records.into_iter();
            told.map(|rooms| happened(rooms.version, RegistryEvent::ServiceRoomsChecked(rooms)))
                .collect()
        }
        Dossier::Contracts(records) => {
            let told = records.into_iter().map(|contract| {
                let version = contract.version;
                let event = ContractEvent {
                    what: What::Recorded,
                    contract,
                };
                let event = ContractsEvent::Contract(Box::new(event));
                happened(version, RegistryEvent::Contract(event))
            });
            told.collect()
        }
        Dossier::ManagementModes(records) => {
            let all = management_modes::of_area(tx.connection(), area).await?;
            let told = (1..=records.len()).map(|count| {
                let mode = ManagementMode {
                    decisions: records.iter().take(count).copied().collect(),
                    ..all.clone()
                };
                let event = ContractsEvent::ManagementModeChanged(mode.clone());
                happened(mode.version(), RegistryEvent::Contract(event))
            });
            told.collect()
        }
        Dossier::FeeStandards(records) => {
            let told = records.into_iter().map(|standard| {
                let event = price::Event::StandardRecorded(standard.clone());
                happened(standard.version, RegistryEvent::Price(event))
            });
            told.collect()
        }
        Dossier::PriceAdjustments(records) => {
            let told = records.into_iter().map(|adjustment| {
                let version = adjustment.version;
                let event = price::Event::Adjustment(price::What::Proposed, Box::new(adjustment));
                happened(version, RegistryEvent::Price(event))
            });
            told.collect()
        }
        Dossier::Satisfactions(records) => {
            let told = records.into_iter().map(|score| {
                let version = score.version;
                happened(
                    version,
                    RegistryEvent::Price(price::Event::SatisfactionRecorded(score)),
                )
            });
            told.collect()
        }
        // Ballots are told by the service that counted them.
        Dossier::Ballots(_) | Dossier::Managers(_) | Dossier::SetUps(_) => Vec::new(),
    })
}
