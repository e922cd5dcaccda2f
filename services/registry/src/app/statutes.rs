//! What the use cases read of the dated rules and of the calendar.

use std::sync::LazyLock;

use calendar::{Holidays, HolidaysError};
use money::Area;
use rpc::General;
use rules::RuleError;

use super::App;
use crate::domain::delineation::Clocks;
use crate::domain::service_rooms::RoomRules;
use crate::error::AppError;

static HOLIDAYS: LazyLock<Result<Holidays, HolidaysError>> = LazyLock::new(Holidays::embedded);

/// The working days that were announced.
///
/// # Errors
/// `INTERNAL` where the file does not hold, which a test keeps from happening.
pub(super) fn holidays() -> Result<&'static Holidays, AppError> {
    HOLIDAYS.as_ref().map_err(|error| {
        General::Internal {
            source: error.to_string().into(),
        }
        .into()
    })
}

impl App {
    /// The periods of a delineation that begins today.
    pub(super) fn delineation_clocks(&self) -> Result<Clocks, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let days =
                |name| Ok::<u32, RuleError>(u32::try_from(rules.parameter(name)?.value).unwrap_or(u32::MAX));
            Ok::<_, RuleError>(Clocks {
                answer_working_days: days("design_answer_working_days")?,
                answer_article: rules.parameter("design_answer_working_days")?.article.clone(),
                application_days: days("area_application_days")?,
                decision_working_days: days("area_decision_working_days")?,
            })
        };
        read().map_err(missing)
    }

    /// What the law asks of service rooms today.
    pub(super) fn room_rules(&self) -> Result<RoomRules, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let share = rules.parameter("service_rooms_per_thousand")?;
            let least = rules.parameter("service_rooms_min_m2")?.value;
            Ok::<_, RuleError>(RoomRules {
                per_thousand: share.value,
                non_residential_per_thousand: rules
                    .parameter("service_rooms_non_residential_per_thousand")?
                    .value,
                // Square metres in the file, hundredths here.
                min: Area(least.saturating_mul(100)),
                article: share.article.clone(),
            })
        };
        read().map_err(missing)
    }
}

fn missing(error: RuleError) -> AppError {
    General::Internal {
        source: Box::new(error),
    }
    .into()
}
