//! Shared equipment (共用设施设备) and the clock that watches its inspections (检验、检测).

use chrono::{Days, Months, NaiveDate};
use ids::{AreaId, BuildingId, EquipmentId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Kinds of shared equipment.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EquipmentKind {
    /// Lift (电梯).
    Lift,
    /// Fire equipment (消防设施).
    Fire,
    /// Secondary water supply (二次供水).
    WaterSupply,
    /// Power distribution (配电).
    Power,
    /// Surveillance (监控).
    Surveillance,
    /// Whatever else.
    Other,
}

impl EquipmentKind {
    /// The parameter that says after how many months it is inspected again.
    pub fn period_parameter(self) -> &'static str {
        match self {
            EquipmentKind::Lift => "equipment_lift_inspection_months",
            EquipmentKind::Fire => "equipment_fire_inspection_months",
            EquipmentKind::WaterSupply => "equipment_water_supply_inspection_months",
            EquipmentKind::Power => "equipment_power_inspection_months",
            EquipmentKind::Surveillance => "equipment_surveillance_inspection_months",
            EquipmentKind::Other => "equipment_other_inspection_months",
        }
    }
}

/// What an inspection found.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InspectionResult {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

/// An inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The day.
    pub on: NaiveDate,
    /// Who inspected.
    pub inspector: String,
    /// What was found.
    pub result: InspectionResult,
    /// Until when the report holds; none where it failed.
    pub valid_until: Option<NaiveDate>,
}

/// A piece of equipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    /// Made when recorded.
    pub id: EquipmentId,
    /// The area.
    pub area_id: AreaId,
    /// The building; none where it serves the whole area.
    pub building_id: Option<BuildingId>,
    /// What it is.
    pub kind: EquipmentKind,
    /// Its number.
    pub code: String,
    /// Where it stands.
    pub location: String,
    /// Day of its installation.
    pub installed_on: NaiveDate,
    /// Day by which it is to be inspected next.
    pub next_inspection_on: NaiveDate,
    /// The last inspection: its day and what was found; none before the first.
    pub last: Option<(NaiveDate, InspectionResult)>,
    /// Day on which it went out of use for good; none while it is in use.
    pub retired_on: Option<NaiveDate>,
    /// One higher with every change and with everything that the clock told.
    pub version: i64,
}

/// The same day so many months later, or the month's last.
fn after(on: NaiveDate, months: u32) -> NaiveDate {
    on.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

impl Equipment {
    /// New equipment is inspected one period after its installation; `months` is the period of its kind.
    ///
    /// # Errors
    /// `DAY_IN_THE_FUTURE`.
    pub fn watched(mut self, months: u32, today: NaiveDate) -> Result<Self, Refusal> {
        let on = self.installed_on;
        if on > today {
            return Err(Refusal::DayInTheFuture { on, today });
        }
        self.next_inspection_on = after(on, months);
        Ok(self)
    }

    /// The equipment at the end of a day, after the inspections of that day and before, the oldest first; none before its
    /// installation. `months` is the period of its kind. What failed then leaves the day of the next as it was.
    #[must_use]
    pub fn as_of(self, day: NaiveDate, inspections: &[Inspection], months: u32) -> Option<Self> {
        if self.installed_on > day {
            return None;
        }
        let passed = inspections
            .iter()
            .rev()
            .find_map(|inspection| inspection.valid_until);
        Some(Equipment {
            next_inspection_on: passed.unwrap_or_else(|| after(self.installed_on, months)),
            last: inspections
                .last()
                .map(|inspection| (inspection.on, inspection.result)),
            retired_on: self.retired_on.filter(|on| *on <= day),
            ..self
        })
    }

    /// Whether it should have been inspected by now, or failed when it last was.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        let failed = match self.last {
            Some((_, InspectionResult::Failed)) => true,
            Some((_, InspectionResult::Passed)) | None => false,
        };
        self.retired_on.is_none() && (failed || self.next_inspection_on < today)
    }

    /// The day on which it is told that the next inspection comes near, `days` before it.
    pub fn due_on(&self, days: u32) -> NaiveDate {
        self.next_inspection_on
            .checked_sub_days(Days::new(u64::from(days)))
            .unwrap_or(self.next_inspection_on)
    }

    /// Records an inspection. One that is passed sets the next: by its own validity, else by the period of its kind.
    /// One that failed leaves the day of the next as it is.
    ///
    /// # Errors
    /// `EQUIPMENT_RETIRED`, `DAY_IN_THE_FUTURE`, `INSPECTION_TOO_EARLY`, `VALIDITY_REVERSED`.
    pub fn inspect(
        self,
        inspection: Inspection,
        months: u32,
        today: NaiveDate,
    ) -> Result<(Self, Inspection), Refusal> {
        self.is_in_use()?;
        self.inspected(inspection, months, today)
    }

    /// Records an inspection that a register tells of: as [`Equipment::inspect`], and of equipment out of use what was
    /// inspected up to its last day.
    ///
    /// Equipment comes with its retirement before its inspections, for these name it, and no row of theirs is known to be
    /// the last: so it is not the retirement that waits. Nothing is inspected in hindsight but what was written down then.
    ///
    /// # Errors
    /// As [`Equipment::inspect`]; `EQUIPMENT_RETIRED` for a later day only.
    pub fn recall(
        self,
        inspection: Inspection,
        months: u32,
        today: NaiveDate,
    ) -> Result<(Self, Inspection), Refusal> {
        match self.retired_on {
            Some(on) if on < inspection.on => Err(Refusal::EquipmentRetired { on }),
            Some(_) | None => self.inspected(inspection, months, today),
        }
    }

    fn inspected(
        mut self,
        mut inspection: Inspection,
        months: u32,
        today: NaiveDate,
    ) -> Result<(Self, Inspection), Refusal> {
        let on = inspection.on;
        if on > today {
            return Err(Refusal::DayInTheFuture { on, today });
        }
        let earliest = self.known_until();
        if on < earliest {
            return Err(Refusal::InspectionTooEarly { earliest });
        }
        match inspection.result {
            InspectionResult::Passed => {
                let until = inspection.valid_until.unwrap_or_else(|| after(on, months));
                if until <= on {
                    return Err(Refusal::ValidityReversed { from: on, until });
                }
                inspection.valid_until = Some(until);
                self.next_inspection_on = until;
            }
            InspectionResult::Failed => inspection.valid_until = None,
        }
        self.last = Some((on, inspection.result));
        Ok((self.next(), inspection))
    }

    /// Puts it out of use for good: not before it was installed or last inspected, for then it was in use.
    ///
    /// # Errors
    /// `EQUIPMENT_RETIRED`, `DAY_IN_THE_FUTURE`, `RETIREMENT_TOO_EARLY`.
    pub fn retire(mut self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        self.is_in_use()?;
        if on > today {
            return Err(Refusal::DayInTheFuture { on, today });
        }
        let earliest = self.known_until();
        if on < earliest {
            return Err(Refusal::RetirementTooEarly { earliest });
        }
        self.retired_on = Some(on);
        Ok(self.next())
    }

    /// What the clock tells `days` before the next inspection; none where that is not so, or not so any more.
    pub fn due(self, days: u32, today: NaiveDate) -> Option<Self> {
        let near = self.due_on(days) <= today && today <= self.next_inspection_on;
        (self.retired_on.is_none() && near).then(|| self.next())
    }

    /// What the clock tells when the day of the next inspection is over; none where that is not so any more.
    pub fn overdue(self, today: NaiveDate) -> Option<Self> {
        (self.retired_on.is_none() && self.next_inspection_on < today).then(|| self.next())
    }

    /// The last day that is recorded of it: of its installation or of its last inspection.
    fn known_until(&self) -> NaiveDate {
        self.last
            .map_or(self.installed_on, |(last, _)| last.max(self.installed_on))
    }

    fn is_in_use(&self) -> Result<(), Refusal> {
        match self.retired_on {
            Some(on) => Err(Refusal::EquipmentRetired { on }),
            None => Ok(()),
        }
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn lift() -> Equipment {
        Equipment {
            id: EquipmentId::derive("l"),
            area_id: AreaId::derive("a"),
            building_id: None,
            kind: EquipmentKind::Lift,
            code: "1".into(),
            location: "3幢".into(),
            installed_on: day("2025-05-31"),
            next_inspection_on: NaiveDate::MIN,
            last: None,
            retired_on: None,
            version: 1,
        }
        .watched(12, day("2026-03-02"))
        .unwrap()
    }

    fn inspection(on: &str, result: InspectionResult) -> Inspection {
        Inspection {
            on: day(on),
            inspector: "检测院".into(),
            result,
            valid_until: None,
        }
    }

    #[test]
    fn what_is_passed_sets_the_next_inspection_and_what_failed_does_not() {
        assert_eq!(lift().next_inspection_on, day("2026-05-31"));
        let today = day("2026-03-02");
        let (failed, report) = lift()
            .inspect(inspection("2026-03-01", InspectionResult::Failed), 12, today)
            .unwrap();
        assert_eq!(failed.next_inspection_on, day("2026-05-31"));
        assert!(failed.is_overdue(today), "it failed");
        assert_eq!(report.valid_until, None);
        let early = failed
            .clone()
            .inspect(inspection("2026-02-28", InspectionResult::Passed), 12, today);
        assert_eq!(<&str>::from(&early.unwrap_err()), "INSPECTION_TOO_EARLY");
        let (passed, report) = failed
            .inspect(inspection("2026-03-02", InspectionResult::Passed), 12, today)
            .unwrap();
        assert_eq!(
            (passed.next_inspection_on, passed.version),
            (day("2027-03-02"), 3)
        );
        assert_eq!(report.valid_until, Some(day("2027-03-02")));
        assert!(!passed.is_overdue(day("2027-03-02")));
        assert!(passed.is_overdue(day("2027-03-03")));
    }

    #[test]
    fn the_clock_tells_a_month_before_and_when_the_day_is_over() {
        assert_eq!(lift().due(30, day("2026-04-30")), None);
        assert_eq!(lift().due(30, day("2026-05-01")).unwrap().version, 2);
        assert_eq!(lift().overdue(day("2026-05-31")), None);
        assert_eq!(lift().overdue(day("2026-06-01")).unwrap().version, 2);
        let gone = lift().retire(day("2026-03-02"), day("2026-03-02")).unwrap();
        assert!(!gone.is_overdue(day("2027-01-01")));
        assert_eq!(gone.clone().overdue(day("2027-01-01")), None);
        assert!(gone.clone().retire(day("2026-03-02"), day("2026-03-02")).is_err());
        let again = gone.inspect(
            inspection("2026-03-02", InspectionResult::Passed),
            12,
            day("2026-03-02"),
        );
        assert_eq!(<&str>::from(&again.unwrap_err()), "EQUIPMENT_RETIRED");
    }

    #[test]
    fn what_was_inspected_while_in_use_may_be_told_later_and_nothing_else() {
        let today = day("2026-03-02");
        let early = lift().retire(day("2025-05-30"), today);
        assert_eq!(<&str>::from(&early.unwrap_err()), "RETIREMENT_TOO_EARLY");
        let gone = lift().retire(day("2026-02-01"), today).unwrap();
        let recall = |on: &str| {
            gone.clone()
                .recall(inspection(on, InspectionResult::Passed), 12, today)
        };
        let (told, _) = recall("2026-02-01").unwrap();
        assert_eq!(
            (told.next_inspection_on, told.retired_on, told.version),
            (day("2027-02-01"), Some(day("2026-02-01")), 3)
        );
        assert_eq!(
            <&str>::from(&recall("2026-02-02").unwrap_err()),
            "EQUIPMENT_RETIRED"
        );
        assert_eq!(
            <&str>::from(&recall("2025-05-30").unwrap_err()),
            "INSPECTION_TOO_EARLY"
        );
        let inspected = lift().inspect(inspection("2026-01-01", InspectionResult::Failed), 12, today);
        let (inspected, _) = inspected.unwrap();
        let early = inspected.clone().retire(day("2025-12-31"), today);
        assert_eq!(<&str>::from(&early.unwrap_err()), "RETIREMENT_TOO_EARLY");
        assert!(inspected.retire(day("2026-01-01"), today).is_ok());
    }
}
