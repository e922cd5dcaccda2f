//! The accounts: names, roles, offices, and ids that the services derive as well.

use std::collections::{HashMap, HashSet};

use heju_seeds::{DEMO_PASSWORD, DivisionLevel, Size, divisions};
use ids::{AreaId, FirmId, OwnerId};

use crate::reading::Generated;

const ROLES: [&str; 10] = [
    "owner",
    "committee_member",
    "firm",
    "association",
    "community",
    "street",
    "authority",
    "department",
    "auditor",
    "administrator",
];

#[test]
fn accounts_have_names_of_their_own_and_known_roles() {
    let city = Generated::new(Size::Small);
    let accounts = city.accounts();
    assert_eq!(accounts.len() as u64, city.manifest.counts.accounts);
    let mut names = HashSet::new();
    for account in &accounts {
        assert!(names.insert(account.account.clone()), "{}", account.account);
        assert!(account.roles.iter().all(|role| ROLES.contains(&role.as_str())));
        assert_eq!(account.password, DEMO_PASSWORD);
        assert!(!account.name.is_empty());
    }
    let seen: HashSet<&str> = accounts
        .iter()
        .flat_map(|account| &account.roles)
        .map(String::as_str)
        .collect();
    assert_eq!(seen.len(), ROLES.len(), "every role can be tried");
}

#[test]
fn every_street_and_every_community_with_an_estate_has_its_office() {
    let city = Generated::new(Size::Custom {
        estates: 50,
        homes: 5_000,
    });
    let accounts: HashMap<String, _> = city
        .accounts()
        .into_iter()
        .map(|account| (account.account.clone(), account))
        .collect();
    for street in divisions()
        .unwrap()
        .iter()
        .filter(|division| division.level == DivisionLevel::Street)
    {
        let account = &accounts[&format!("street-{}", street.code)];
        assert_eq!(account.jurisdiction, street.code);
        assert!(account.name.starts_with(&street.name) && account.name != street.name);
    }
    let communities: HashSet<String> = city.areas().into_iter().map(|area| area.division_code).collect();
    for code in &communities {
        assert_eq!(accounts[&format!("community-{code}")].jurisdiction, *code);
    }
    let offices = accounts
        .keys()
        .filter(|name| name.starts_with("community-"))
        .count();
    assert_eq!(offices, communities.len());
    for of_the_city in ["authority", "association"] {
        assert_eq!(accounts[of_the_city].jurisdiction, "330783");
    }
}

#[test]
fn the_small_city_has_an_account_for_every_firm_committee_and_some_owners() {
    let city = Generated::new(Size::Small);
    let accounts = city.accounts();
    let organisations: HashSet<&str> = accounts
        .iter()
        .map(|account| account.organisation.as_str())
        .collect();
    for firm in city.firms() {
        assert!(organisations.contains(FirmId::derive(&firm.credit_code).to_string().as_str()));
    }
    for area in city.areas() {
        assert!(organisations.contains(AreaId::derive(&area.number).to_string().as_str()));
    }
    let owners: HashMap<String, String> = city
        .ownerships()
        .iter()
        .map(|row| {
            let key = format!("{}:{}", row.document_kind, row.document_number);
            (OwnerId::derive(&key).to_string(), row.owner_name.clone())
        })
        .collect();
    let mut others = 0;
    for account in accounts.iter().filter(|account| account.roles == ["owner"]) {
        assert_eq!(owners[&account.owner_id], account.name);
        others += 1;
    }
    assert_eq!(others - city.manifest.story.owner_accounts.len(), 20);
}
