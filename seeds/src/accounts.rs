//! Who may log in to the demonstration: officers under the names of their offices, firms, committees, owners.

use std::collections::HashMap;

use ids::{AreaId, BuildingId, FirmId, HomeId, OwnerId};
use serde::{Deserialize, Serialize};

use crate::divisions::{Division, DivisionLevel};
use crate::layout::{Home, Layout, STORY_BUILDING, SaleState, Use};
use crate::manifest::{StoryHome, StoryOwner};
use crate::people::{Owner, Title};
use crate::plan::{EstatePlan, Plan};
use crate::size::Size;

/// Password of every account of the demonstration; such accounts must never exist outside one.
pub const DEMO_PASSWORD: &str = "heju-demo";

/// An account of the built-in issuer. Fields that do not apply are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name to log in with: the natural key.
    pub account: String,
    /// Password in clear, the same for all: see [`DEMO_PASSWORD`].
    pub password: String,
    /// Name to show: an office, a firm, a committee, or an owner's synthetic name.
    pub name: String,
    /// Roles: owner, committee_member, firm, association, community, street, authority, department, auditor,
    /// administrator.
    pub roles: Vec<String>,
    /// The organisation acted for, `firm_…` or `area_…`.
    pub organisation: String,
    /// Code of the division whose records an officer or the association may act on.
    pub jurisdiction: String,
    /// The owner the account belongs to, `owner_…`.
    pub owner_id: String,
}

impl Account {
    fn new(account: impl Into<String>, name: impl Into<String>, role: &str) -> Account {
        Account {
            account: account.into(),
            password: DEMO_PASSWORD.to_owned(),
            name: name.into(),
            roles: vec![role.to_owned()],
            organisation: String::new(),
            jurisdiction: String::new(),
            owner_id: String::new(),
        }
    }

    fn in_division(self, code: &str) -> Account {
        Account {
            jurisdiction: code.to_owned(),
            ..self
        }
    }

    fn for_organisation(self, id: impl ToString) -> Account {
        Account {
            organisation: id.to_string(),
            ..self
        }
    }
}

/// Name of a street's account.
pub(crate) fn street_account(code: &str) -> String {
    format!("street-{code}")
}

/// Name of a community's account.
pub(crate) fn community_account(code: &str) -> String {
    format!("community-{code}")
}

/// Natural key of an owner: kind and number of the document, `CITIZEN_ID:3307…`.
fn natural_key(owner: &Owner) -> String {
    format!("{}:{}", owner.document_kind(), owner.document_number)
}

/// Everyone but the owners: the city's offices and its association, every street, every community with an estate, firms and committees.
///
/// The small city has an account for each of its firms and committees, a larger one only for the story's.
pub(crate) fn offices(plan: &Plan, size: Size) -> Vec<Account> {
    let mut accounts = Vec::new();
    for city in plan
        .divisions
        .iter()
        .filter(|division| division.level == DivisionLevel::City)
    {
        for (account, office, role) in [
            ("administrator", "平台管理员", "administrator"),
            ("association", "东阳市物业管理协会", "association"),
            ("auditor", "东阳市审计局", "auditor"),
            ("authority", "东阳市住房和城乡建设局", "authority"),
            ("department", "东阳市综合行政执法局", "department"),
        ] {
            accounts.push(Account::new(account, office, role).in_division(&city.code));
        }
    }
    for street in plan
        .divisions
        .iter()
        .filter(|division| division.level == DivisionLevel::Street)
    {
        accounts.push(
            Account::new(street_account(&street.code), street_office(street), "street")
                .in_division(&street.code),
        );
    }
    for division in plan
        .divisions
        .iter()
        .filter(|division| has_estate(division, plan))
    {
        accounts.push(
            Account::new(community_account(&division.code), &division.name, "community")
                .in_division(&division.code),
        );
    }
    let all = match size {
        Size::Small => usize::MAX,
        Size::City | Size::Custom { .. } => 1,
    };
    for (prefix, firms) in [("firm", &plan.managers), ("developer", &plan.developers)] {
        for (place, firm) in firms.iter().enumerate().take(all) {
            accounts.push(
                Account::new(format!("{prefix}-{}", place + 1), &firm.name, "firm")
                    .for_organisation(FirmId::derive(&firm.credit_code)),
            );
        }
    }
    for (place, estate) in plan.estates.iter().enumerate().take(all) {
        accounts.push(
            Account::new(
                format!("committee-{}", place + 1),
                format!("{}业主委员会", estate.name),
                "committee_member",
            )
            .for_organisation(AreaId::derive(&estate.number)),
        );
    }
    accounts
}

fn has_estate(division: &Division, plan: &Plan) -> bool {
    plan.estates
        .iter()
        .any(|estate| estate.division_code == division.code)
}

/// Official name of the office of a street, town or township.
fn street_office(street: &Division) -> String {
    if street.name.ends_with("街道") {
        format!("{}办事处", street.name)
    } else {
        format!("{}人民政府", street.name)
    }
}

/// An estate that has been drawn and settled.
pub(crate) struct Settled<'a> {
    pub plan: &'a EstatePlan,
    /// Number of the estate in the city, from 1.
    pub ordinal: usize,
    pub layout: &'a Layout,
    pub titles: &'a [Option<Title>],
    /// Gives an owner's id from the natural key.
    pub owner_id: &'a dyn Fn(&str) -> OwnerId,
}

impl Settled<'_> {
    /// Accounts of everyone who owns a home in the story's building, with the homes they own there.
    pub(crate) fn story_owners(&self) -> (Vec<Account>, Vec<StoryOwner>) {
        self.owners(|home| self.building_number(home) == STORY_BUILDING, usize::MAX)
    }

    /// Accounts of some owners of flats in other buildings, spread over the estate.
    pub(crate) fn other_owners(&self, count: usize) -> Vec<Account> {
        let delivered = self.titles.iter().flatten().count();
        let step = (delivered / count.max(1)).max(1);
        let chosen: Vec<&str> = self
            .layout
            .homes
            .iter()
            .zip(self.titles)
            .filter(|(home, title)| {
                let in_story = self.plan.story && self.building_number(home) == STORY_BUILDING;
                title.is_some() && home.use_ == Use::Residential && !in_story
            })
            .map(|(home, _)| home.unit_number.as_str())
            .step_by(step)
            .collect();
        self.owners(|home| chosen.contains(&home.unit_number.as_str()), count)
            .0
    }

    /// The home of the story's building that is still the developer's.
    pub(crate) fn unsold_home(&self) -> Option<StoryHome> {
        self.layout
            .homes
            .iter()
            .find(|home| self.building_number(home) == STORY_BUILDING && home.sale == SaleState::Unsold)
            .map(story_home)
    }

    /// Number of homes in the story's building.
    pub(crate) fn story_homes(&self) -> u64 {
        self.layout
            .homes
            .iter()
            .filter(|home| self.building_number(home) == STORY_BUILDING)
            .count() as u64
    }

    /// Id of a building of this estate.
    pub(crate) fn building_id(&self, number: &str) -> BuildingId {
        BuildingId::derive(&format!("{}/{number}", self.plan.number))
    }

    fn building_number(&self, home: &Home) -> &str {
        &self.layout.buildings[home.building].number
    }

    /// One account per owner of the wanted homes, named after the owner's first home among them.
    fn owners(&self, wanted: impl Fn(&Home) -> bool, count: usize) -> (Vec<Account>, Vec<StoryOwner>) {
        let mut accounts: Vec<Account> = Vec::new();
        let mut cast: Vec<StoryOwner> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (home, title) in self.layout.homes.iter().zip(self.titles) {
            let Some(title) = title else { continue };
            if !wanted(home) {
                continue;
            }
            for (place, owner) in title.owners.iter().enumerate() {
                if let Some(first) = known.get(&owner.document_number) {
                    cast[*first].homes.push(story_home(home));
                    continue;
                }
                if accounts.len() >= count {
                    continue;
                }
                let name = self.owner_account(home, place);
                let id = (self.owner_id)(&natural_key(owner)).to_string();
                known.insert(owner.document_number.clone(), accounts.len());
                accounts.push(Account {
                    owner_id: id.clone(),
                    ..Account::new(&name, &owner.name, "owner")
                });
                cast.push(StoryOwner {
                    account: name,
                    owner_id: id,
                    homes: vec![story_home(home)],
                });
            }
        }
        (accounts, cast)
    }

    /// `owner-<building>-<stairwell>-<room>`, with the estate's number before it in all but the first estate,
    /// and `-b` behind it for the second of a couple.
    fn owner_account(&self, home: &Home, place: usize) -> String {
        let estate = if self.ordinal == 1 {
            String::new()
        } else {
            format!("e{}-", self.ordinal)
        };
        let second = if place == 0 { "" } else { "-b" };
        format!(
            "owner-{estate}{}-{}-{:0>4}{second}",
            self.building_number(home),
            home.stairwell,
            home.room
        )
    }
}

fn story_home(home: &Home) -> StoryHome {
    StoryHome {
        home_id: HomeId::derive(&home.unit_number).to_string(),
        unit_number: home.unit_number.clone(),
        stairwell: home.stairwell.clone(),
        room: home.room.clone(),
        exclusive_area: u64::from(home.area),
    }
}
