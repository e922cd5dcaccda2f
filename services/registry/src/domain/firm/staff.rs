//! The people of a firm, masked, and of which areas they are project manager (项目经理).

use chrono::{Days, NaiveDate};
use ids::{AreaId, FirmId, StaffId};
use serde::{Deserialize, Serialize};

use super::record::has_come;
use super::refusal::Refusal;

/// What somebody does for a firm.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StaffRole {
    /// Project manager (项目经理).
    ProjectManager,
    /// Security (保安).
    Security,
    /// Cleaning (保洁).
    Cleaning,
    /// Engineer (工程维修).
    Engineer,
    /// Greenery (绿化).
    Greenery,
    /// Service desk (客服).
    ServiceDesk,
    /// Operator of fire-control rooms (消防控制室值班).
    FireControl,
    /// Whatever else.
    Other,
}

/// Somebody whom a firm employs, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// Made when recorded.
    pub id: StaffId,
    /// The firm.
    pub firm_id: FirmId,
    /// Name, masked.
    pub name: String,
    /// What they do.
    pub role: StaffRole,
    /// Mobile number, masked; empty where none is recorded.
    pub mobile: String,
    /// First day of the employment.
    pub employed_on: NaiveDate,
    /// Last day of it; none while it lasts.
    pub left_on: Option<NaiveDate>,
    /// The areas of which they are project manager now, in order.
    pub area_ids: Vec<AreaId>,
    /// One higher with every change.
    pub version: i64,
}

/// That somebody is or was project manager of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// They.
    pub staff_id: StaffId,
    /// Their firm.
    pub firm_id: FirmId,
    /// The area.
    pub area_id: AreaId,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none while it lasts.
    pub until: Option<NaiveDate>,
}

/// The post of project manager of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The area.
    pub area_id: AreaId,
    /// The firm that manages it now.
    pub manager_id: Option<FirmId>,
    /// Who is project manager of it now.
    pub present: Option<Assignment>,
    /// From when that firm manages it, and nobody before was its project manager; none where that is not known.
    pub free_from: Option<NaiveDate>,
}

impl Assignment {
    /// The last day of it where another firm, or none, manages the area from a day on. Whoever was assigned then or later,
    /// because the change was told late, was project manager for a day.
    pub fn last_day_before(&self, since: NaiveDate) -> NaiveDate {
        self.from.max(since.pred_opt().unwrap_or(NaiveDate::MIN))
    }
}

impl StaffMember {
    /// Refuses with `STAFF_LEFT` who has left.
    pub fn is_employed(&self) -> Result<(), Refusal> {
        match self.left_on {
            Some(on) => Err(Refusal::StaffLeft { on }),
            None => Ok(()),
        }
    }

    /// They as they were on a day, when they were project manager of these areas.
    #[must_use]
    pub fn as_of(self, day: NaiveDate, area_ids: Vec<AreaId>) -> Self {
        StaffMember {
            left_on: self.left_on.filter(|on| *on <= day),
            area_ids,
            ..self
        }
    }

    /// Ends the employment, and with it being project manager of any area.
    ///
    /// # Errors
    /// `STAFF_LEFT`, `EMPLOYMENT_REVERSED`, `DAY_IN_THE_FUTURE`.
    pub fn end(mut self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        self.is_employed()?;
        has_come(on, today)?;
        if on < self.employed_on {
            return Err(Refusal::EmploymentReversed {
                from: self.employed_on,
            });
        }
        self.left_on = Some(on);
        self.area_ids.clear();
        Ok(self.next())
    }

    /// Makes them project manager of an area from a day on.
    ///
    /// # Errors
    /// `STAFF_LEFT`, `STAFF_NOT_PROJECT_MANAGER`, `AREA_NOT_MANAGED`, `ALREADY_ASSIGNED`, `ASSIGNMENT_TOO_EARLY`,
    /// `DAY_IN_THE_FUTURE`.
    pub fn assign(mut self, post: &Post, on: NaiveDate, today: NaiveDate) -> Result<Assigned, Refusal> {
        self.is_employed()?;
        match self.role {
            StaffRole::ProjectManager => {}
            StaffRole::Security
            | StaffRole::Cleaning
            | StaffRole::Engineer
            | StaffRole::Greenery
            | StaffRole::ServiceDesk
            | StaffRole::FireControl
            | StaffRole::Other => return Err(Refusal::StaffNotProjectManager),
        }
        if post.manager_id != Some(self.firm_id) {
            return Err(Refusal::AreaNotManaged);
        }
        has_come(on, today)?;
        let mut earliest = self.employed_on.max(post.free_from.unwrap_or(NaiveDate::MIN));
        if let Some(present) = &post.present {
            if present.staff_id == self.id {
                return Err(Refusal::AlreadyAssigned { on: present.from });
            }
            // Each is project manager for a day at least, and an area has one on any day.
            earliest = earliest.max(present.from.succ_opt().unwrap_or(NaiveDate::MAX));
        }
        if on < earliest {
            return Err(Refusal::AssignmentTooEarly { earliest });
        }
        let assignment = Assignment {
            staff_id: self.id,
            firm_id: self.firm_id,
            area_id: post.area_id,
            from: on,
            until: None,
        };
        self.area_ids.push(post.area_id);
        self.area_ids.sort_unstable();
        Ok(Assigned {
            ended: post.present.clone().map(|mut before| {
                before.until = on.checked_sub_days(Days::new(1));
                before
            }),
            assignment,
            staff: self.next(),
        })
    }

    /// Is not project manager of this area any more: another is, or another firm manages it.
    pub fn give_way(mut self, area_id: AreaId) -> Self {
        self.area_ids.retain(|id| *id != area_id);
        self.next()
    }

    /// Was seen in clear: that is a version of its own.
    #[must_use]
    pub fn seen(self) -> Self {
        self.next()
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// What becomes of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The one that ends for it, with its last day.
    pub ended: Option<Assignment>,
    /// The new one.
    pub assignment: Assignment,
    /// Who it is.
    pub staff: StaffMember,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn somebody(name: &str, role: StaffRole) -> StaffMember {
        StaffMember {
            id: StaffId::derive(name),
            firm_id: FirmId::derive("f"),
            name: "王*".into(),
            role,
            mobile: String::new(),
            employed_on: day("2025-01-01"),
            left_on: None,
            area_ids: Vec::new(),
            version: 1,
        }
    }

    fn post(manager_id: Option<FirmId>) -> Post {
        Post {
            area_id: AreaId::derive("a"),
            manager_id,
            present: None,
            free_from: None,
        }
    }

    fn reason<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
        answer.unwrap_err().into()
    }

    #[test]
    fn an_area_has_one_project_manager_on_any_day() {
        let (area, firm, today) = (AreaId::derive("a"), Some(FirmId::derive("f")), day("2026-03-02"));
        let one = somebody("one", StaffRole::ProjectManager);
        let free = post(firm);
        let first = one.assign(&free, day("2025-02-01"), today).unwrap();
        assert_eq!(first.staff.area_ids, [area]);
        let taken = Post {
            present: Some(first.assignment),
            ..free
        };
        assert_eq!(
            reason(first.staff.assign(&taken, today, today)),
            "ALREADY_ASSIGNED"
        );
        let other = somebody("other", StaffRole::ProjectManager);
        let early = other.clone().assign(&taken, day("2025-02-01"), today);
        assert_eq!(reason(early), "ASSIGNMENT_TOO_EARLY");
        let second = other.assign(&taken, day("2025-02-02"), today).unwrap();
        assert_eq!(second.ended.unwrap().until, Some(day("2025-02-01")));
        assert_eq!(second.assignment.from, day("2025-02-02"));
    }

    #[test]
    fn only_an_employed_project_manager_of_the_managing_firm_is_assigned() {
        let (area, firm, today) = (AreaId::derive("a"), Some(FirmId::derive("f")), day("2026-03-02"));
        let guard = somebody("g", StaffRole::Security);
        assert_eq!(
            reason(guard.assign(&post(firm), today, today)),
            "STAFF_NOT_PROJECT_MANAGER"
        );
        let one = || somebody("one", StaffRole::ProjectManager);
        for manager in [None, Some(FirmId::derive("other"))] {
            assert_eq!(
                reason(one().assign(&post(manager), today, today)),
                "AREA_NOT_MANAGED"
            );
        }
        assert_eq!(
            reason(one().assign(&post(firm), day("2024-12-31"), today)),
            "ASSIGNMENT_TOO_EARLY"
        );
        assert_eq!(reason(one().end(day("2024-12-31"), today)), "EMPLOYMENT_REVERSED");
        let mut busy = one();
        busy.area_ids.push(area);
        let left = busy.end(today, today).unwrap();
        assert!(left.area_ids.is_empty());
        assert_eq!(reason(left.clone().end(today, today)), "STAFF_LEFT");
        assert_eq!(reason(left.assign(&post(firm), today, today)), "STAFF_LEFT");
    }

    #[test]
    fn an_assignment_ends_with_the_firm_and_the_next_begins_after_it() {
        let (firm, today) = (Some(FirmId::derive("f")), day("2026-03-02"));
        let one = somebody("one", StaffRole::ProjectManager);
        let named = one
            .assign(&post(firm), day("2025-02-01"), today)
            .unwrap()
            .assignment;
        assert_eq!(named.last_day_before(day("2026-03-01")), day("2026-02-28"));
        for told_late in ["2025-02-02", "2025-02-01", "2025-01-01"] {
            assert_eq!(
                named.last_day_before(day(told_late)),
                day("2025-02-01"),
                "a day at least"
            );
        }
        let taken_over = Post {
            free_from: Some(day("2026-03-01")),
            ..post(firm)
        };
        let other = somebody("other", StaffRole::ProjectManager);
        let early = other.clone().assign(&taken_over, day("2026-02-28"), today);
        assert_eq!(reason(early), "ASSIGNMENT_TOO_EARLY");
        assert!(other.assign(&taken_over, day("2026-03-01"), today).is_ok());
    }
}
