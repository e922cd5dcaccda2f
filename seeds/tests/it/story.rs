//! The story's building: enough owners, one of two homes, one couple, one home that was never sold.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use heju_seeds::{HomeRow, OwnershipRow, Size};
use ids::{AreaId, BuildingId, HomeId};

use crate::reading::{Generated, hundredths};

#[test]
fn the_storys_building_has_its_cast_in_every_size() {
    for size in [
        Size::Small,
        Size::Custom {
            estates: 20,
            homes: 5_000,
        },
    ] {
        has_its_cast(&Generated::new(size));
    }
}

pub fn has_its_cast(city: &Generated) {
    let story = &city.manifest.story;
    let areas = city.areas();
    let area = areas
        .iter()
        .find(|area| area.number == story.area_number)
        .unwrap();
    assert_eq!(area.name, story.area_name);
    assert_eq!(area.division_code, story.division_code);
    assert!(area.division_code.starts_with("330783004"));
    assert_eq!(area.manager_credit_code, story.manager_credit_code);
    assert_eq!(area.developer_credit_code, story.developer_credit_code);
    assert_eq!(story.building_number, "3");
    assert_eq!(story.area_id, AreaId::derive(&area.number).to_string());
    assert_eq!(
        story.building_id,
        BuildingId::derive(&format!("{}/3", area.number)).to_string()
    );

    let homes: Vec<&HomeRow> = city
        .homes()
        .iter()
        .filter(|home| home.area_number == story.area_number && home.building_number == story.building_number)
        .collect();
    assert_eq!(homes.len() as u64, story.homes);
    assert!((12..=40).contains(&homes.len()));
    assert!(homes.iter().all(|home| home.use_ == "RESIDENTIAL"));
    let unsold: Vec<&&HomeRow> = homes.iter().filter(|home| home.sale_state == "UNSOLD").collect();
    assert_eq!(unsold.len(), 1);
    assert_eq!(unsold[0].unit_number, story.unsold_home.unit_number);
    for home in homes.iter().filter(|home| home.sale_state != "UNSOLD") {
        let delivered_on: NaiveDate = home.delivered_on.parse().unwrap();
        assert!(("2012-01-01".parse().unwrap()..="2014-12-31".parse().unwrap()).contains(&delivered_on));
    }

    let (mut by_home, mut by_owner) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    let numbers: HashSet<&str> = homes.iter().map(|home| home.unit_number.as_str()).collect();
    let all: &[OwnershipRow] = city.ownerships();
    for row in all
        .iter()
        .filter(|row| numbers.contains(row.unit_number.as_str()))
    {
        by_home
            .entry(&row.unit_number)
            .or_default()
            .push(&row.document_number);
        by_owner
            .entry(&row.document_number)
            .or_default()
            .push(&row.unit_number);
    }
    assert_eq!(by_home.len(), homes.len() - 1);
    assert_eq!(
        by_home.values().filter(|owners| owners.len() == 2).count(),
        1,
        "one co-owned home"
    );
    assert_eq!(
        by_owner.values().filter(|homes| homes.len() == 2).count(),
        1,
        "one owner of two homes"
    );
    assert!(by_owner.len() >= 12);
    let elsewhere = all.iter().filter(|row| {
        by_owner.contains_key(&row.document_number) && !numbers.contains(row.unit_number.as_str())
    });
    assert_eq!(
        elsewhere.count(),
        0,
        "nobody of the building owns anything elsewhere"
    );
    the_accounts_are_its_owners(city, &homes, by_owner.len());
}

fn the_accounts_are_its_owners(city: &Generated, homes: &[&HomeRow], owners: usize) {
    let story = &city.manifest.story;
    let accounts: HashMap<String, _> = city
        .accounts()
        .into_iter()
        .map(|account| (account.account.clone(), account))
        .collect();
    assert_eq!(story.owner_accounts.len(), owners);
    assert_eq!(
        story
            .owner_accounts
            .iter()
            .map(|owner| owner.homes.len())
            .sum::<usize>(),
        owners + 1
    );
    let areas: HashMap<&str, u64> = homes
        .iter()
        .map(|home| (home.unit_number.as_str(), hundredths(&home.exclusive_area)))
        .collect();
    for owner in &story.owner_accounts {
        assert_eq!(accounts[&owner.account].owner_id, owner.owner_id);
        assert_eq!(accounts[&owner.account].roles, ["owner"]);
        for home in &owner.homes {
            assert_eq!(home.home_id, HomeId::derive(&home.unit_number).to_string());
            assert_eq!(home.exclusive_area, areas[home.unit_number.as_str()]);
        }
    }
    assert!(accounts.contains_key("owner-3-1-0302"));
    assert_eq!(accounts[&story.manager_account].roles, ["firm"]);
    assert_eq!(accounts[&story.developer_account].roles, ["firm"]);
    assert_eq!(accounts[&story.committee_account].organisation, story.area_id);
    assert_eq!(
        accounts[&story.community_account].jurisdiction,
        story.division_code
    );
    assert!(
        story
            .division_code
            .starts_with(&accounts[&story.street_account].jurisdiction)
    );
    assert!(
        !story
            .division_code
            .starts_with(&accounts[&story.other_street_account].jurisdiction)
    );
}
