//! The rules of today by which equipment that tables bring is watched.

use calendar::end_of_day;
use chrono::{DateTime, NaiveDate, Utc};
use ids::EquipmentId;
use strum::IntoEnumIterator;

use crate::app::App;
use crate::app::part::equipment::{NOTICE_DAYS, deadlines};
use crate::domain::part::equipment::{Equipment, EquipmentKind};
use crate::error::AppError;

/// A deadline of equipment: which, whose, and when.
pub(super) type Alarm = (&'static str, EquipmentId, DateTime<Utc>);

/// After how many months each kind is inspected again, and how many days before that it is told.
pub(super) struct Periods {
    /// The day.
    pub(super) today: NaiveDate,
    months: Vec<(EquipmentKind, u32)>,
    notice_days: u32,
}

impl Periods {
    /// Of today, which is this day.
    ///
    /// # Errors
    /// `INTERNAL` where the rules do not say.
    pub(super) fn on(app: &App, today: NaiveDate) -> Result<Self, AppError> {
        let months = EquipmentKind::iter()
            .map(|kind| Ok((kind, app.number_of_today(kind.period_parameter())?)))
            .collect::<Result<_, AppError>>()?;
        let notice_days = app.number_of_today(NOTICE_DAYS)?;
        Ok(Periods {
            today,
            months,
            notice_days,
        })
    }

    /// The period of a kind.
    pub(super) fn months(&self, kind: EquipmentKind) -> u32 {
        let found = self.months.iter().find(|(own, _)| *own == kind);
        // There is one of every kind.
        found.map_or(0, |(_, months)| *months)
    }

    /// When the clock tells of equipment in use, as calls set it; none of what is out of use.
    ///
    /// Not before tomorrow: equipment comes before its inspections, and in portions, and would be told as overdue to
    /// everybody while the table that tells of its last inspection is still to be loaded.
    pub(super) fn alarms(&self, equipment: &Equipment) -> impl Iterator<Item = Alarm> + use<> {
        let (id, tomorrow) = (equipment.id, end_of_day(self.today));
        deadlines(equipment, self.notice_days)
            .into_iter()
            .map(move |(kind, at)| (kind, id, at.max(tomorrow)))
    }
}
