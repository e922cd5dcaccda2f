//! The published lists of duties and departments, and the city's extent: data of the repository, read once.

use std::sync::LazyLock;

use rpc::General;
use serde::Deserialize;

use crate::domain::division::Level;
use crate::domain::division::boundary::Extent;
use crate::domain::division::duty::{Competence, Department, Duty};
use crate::error::AppError;

/// See the file for its form and sources.
const TEXT: &str = include_str!("../../../../seeds/duties/330783.toml");

static DIRECTORY: LazyLock<Result<Directory, String>> = LazyLock::new(|| Directory::parse(TEXT));

/// The lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// From the city down.
    pub duties: Vec<Duty>,
    /// In the order of the file.
    pub departments: Vec<Department>,
    /// Around the whole city.
    pub extent: Extent,
}

/// The directory that is part of the binary.
///
/// # Errors
/// `INTERNAL` where the file does not hold, which a test keeps from happening.
pub fn directory() -> Result<&'static Directory, AppError> {
    DIRECTORY.as_ref().map_err(|error| {
        General::Internal {
            source: error.clone().into(),
        }
        .into()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "jurisdiction")]
    _jurisdiction: String,
    extent: Degrees,
    duty: Vec<DutyEntry>,
    department: Vec<DepartmentEntry>,
    matter: Vec<MatterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Whether the source of an entry was read.
#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Status {
    #[default]
    Verified,
    Recalled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyEntry {
    key: String,
    level: Level,
    zh: String,
    en: String,
    source: String,
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentEntry {
    key: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatterEntry {
    key: String,
    zh: String,
    en: String,
    lead: String,
    with: Vec<String>,
    source: String,
    #[serde(default)]
    status: Status,
}

impl Directory {
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let known = |key: &String| file.department.iter().any(|department| department.key == *key);
        for matter in &file.matter {
            if let Some(unknown) = [&matter.lead]
                .into_iter()
                .chain(&matter.with)
                .find(|key| !known(key))
            {
                return Err(format!("matter {}: there is no department {unknown}", matter.key));
            }
        }
        let departments = file.department.iter().map(|department| {
            let competence = |matter: &MatterEntry, leads| Competence {
                matter: matter.key.clone(),
                zh: matter.zh.clone(),
                en: matter.en.clone(),
                leads,
                source: matter.source.clone(),
                verified: matter.status == Status::Verified,
            };
            let leads = file.matter.iter().filter(|matter| matter.lead == department.key);
            let takes_part = file
                .matter
                .iter()
                .filter(|matter| matter.with.contains(&department.key));
            Department {
                key: department.key.clone(),
                zh: department.zh.clone(),
                en: department.en.clone(),
                competences: leads
                    .map(|matter| competence(matter, true))
                    .chain(takes_part.map(|matter| competence(matter, false)))
                    .collect(),
            }
        });
        let departments = departments.collect();
        Ok(Directory {
            departments,
            duties: file
                .duty
                .into_iter()
                .map(|duty| Duty {
                    key: duty.key,
                    level: duty.level,
                    zh: duty.zh,
                    en: duty.en,
                    source: duty.source,
                    verified: duty.status == Status::Verified,
                })
                .collect(),
            extent: Extent {
                west: e7(file.extent.west),
                south: e7(file.extent.south),
                east: e7(file.extent.east),
                north: e7(file.extent.north),
            },
        })
    }
}

/// Degrees in 0.0000001 degrees, about a centimetre.
#[expect(
    clippy::cast_possible_truncation,
    reason = "degrees are small numbers, and `as` saturates where somebody sends others"
)]
pub fn e7(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_lists_hold_and_every_level_has_duties() {
        let directory = directory().unwrap();
        for level in [Level::City, Level::Street, Level::Community] {
            let duties = directory.duties.iter().filter(|duty| duty.level == level);
            assert!(duties.count() >= 5, "{level:?}");
        }
        let keys: BTreeSet<_> = directory.duties.iter().map(|duty| &duty.key).collect();
        assert_eq!(keys.len(), directory.duties.len(), "a key stands once");
        for duty in &directory.duties {
            let level = <&str>::from(duty.level);
            assert!(duty.key.starts_with(level), "{}", duty.key);
            assert!(!duty.zh.is_empty() && !duty.en.is_empty() && !duty.source.is_empty());
        }
        let levels: Vec<_> = directory.duties.iter().map(|duty| duty.level as u8).collect();
        assert!(levels.is_sorted(), "from the city down");
    }

    #[test]
    fn each_department_is_competent_for_something_and_each_matter_has_one_leader() {
        let directory = directory().unwrap();
        let mut leaders: Vec<&str> = Vec::new();
        for department in &directory.departments {
            assert!(!department.competences.is_empty(), "{}", department.key);
            let leads = department
                .competences
                .iter()
                .filter(|competence| competence.leads);
            leaders.extend(leads.map(|competence| competence.matter.as_str()));
        }
        let distinct: BTreeSet<_> = leaders.iter().collect();
        assert_eq!(distinct.len(), leaders.len());
        assert!(leaders.contains(&"fire_lane"));
    }

    #[test]
    fn a_matter_of_an_unknown_department_is_refused() {
        let broken = TEXT.replace("lead = \"fire_rescue\"", "lead = \"fire\"");
        assert!(
            Directory::parse(&broken)
                .unwrap_err()
                .contains("no department fire")
        );
    }
}
