//! Who is told of owners as of a past day, of homes that lay in another street then: who may read is decided as of now, by
//! where the home is now.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;
use testkit::people;
use tonic::Status;

use super::land::*;
use crate::world::*;

/// An area of the other street, with building 7 and its home 1.
const NORTH: &str = "330783001014-0001";
/// The former owner had home 1 of building 2 until then; the present one has it since the next day.
const FORMER: &str = "2026-01-09";
/// The last day before building 2 came to the other street.
const BEFORE: &str = "2026-03-09";

/// What somebody sees of a home: its area and its owners.
type Seen = (String, Vec<String>);

fn seen(area_number: &str, owners: &[u32]) -> Seen {
    let owners = owners.iter().map(|serial| owner(*serial).to_string());
    (area_of(area_number).to_string(), owners.collect())
}

async fn get(land: &Land, caller: &Principal, day: &str) -> Result<Seen, String> {
    let message = pb::GetHomeRequest {
        home_id: home(2, 1).to_string(),
        as_of_on: day.into(),
    };
    let request = land.desk.request(caller, message);
    let found = land.registry().client().get_home(request).await;
    let found = found.map_err(reason)?.into_inner();
    Ok((found.area_id, found.owner_ids))
}

/// Homes of an area, or the caller's own, with their owners, by unit number.
async fn list(
    land: &Land,
    caller: &Principal,
    area_number: &str,
    day: &str,
) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut message = pb::ListHomesRequest {
        as_of_on: day.into(),
        ..Default::default()
    };
    if !area_number.is_empty() {
        message.area_id = area_of(area_number).to_string();
    }
    let request = land.desk.request(caller, message);
    let page = land.registry().client().list_homes(request).await;
    let homes = page.map_err(reason)?.into_inner().homes.into_iter();
    Ok(homes.map(|home| (home.home_id, home.owner_ids)).collect())
}

fn reason(status: Status) -> String {
    rpc::failure::reason_of(&status)
}

fn line(building: u32, owners: &[u32]) -> (String, Vec<String>) {
    let (_, owners) = seen(AREA, owners);
    (home(building, 1).to_string(), owners)
}

/// Home 1 of building 2 passes from owner 2001 to owner 2002, and its building comes to the other street; or all of its
/// area does, which ends.
async fn moved(land: &Land, ends: bool) {
    let registry = land.registry();
    let table = areas(&[(NORTH, OTHER_COMMUNITY)]);
    registry.load(pb::TableKind::Areas, &table).await;
    let table = format!("area_number,number,floors\n{NORTH},7,6\n");
    registry.load(pb::TableKind::Buildings, &table).await;
    let row = home_row(7, 1, "DELIVERED").replace(AREA, NORTH);
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &row))
        .await;
    // The present owner of home 1 of building 2 is known by another home, whose owner then is somebody else.
    let owners = OWNERSHIPS_HEADER.to_owned() + &ownership_row(7, 1, 2002);
    registry.load(pb::TableKind::Ownerships, &owners).await;
    for (home, serial, on) in [(home(2, 1), 2002, "2026-01-10"), (home(7, 1), 8001, "2026-01-10")] {
        registry
            .transfer(&authority(), &home.to_string(), home, &[owner(serial)], on)
            .await
            .unwrap();
    }
    let plan = if ends {
        pb::ProposeRegroupingRequest {
            plan: Some(Plan::Merge(pb::AreaMerger {
                ended_area_ids: vec![area().to_string()],
                surviving_area_id: area_of(NORTH).to_string(),
            })),
            ..adjustment(AREA, NORTH, &[])
        }
    } else {
        adjustment(AREA, NORTH, &["2"])
    };
    let id = land.proposed(plan).await.regrouping_id;
    land.consent(&id, AREA).await;
    land.consent(&id, NORTH).await;
    land.desk.at(DECIDED).await;
    land.approve(&id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_tells_its_owners_of_then_to_the_street_in_which_it_is_now() {
    for ends in [false, true] {
        each(async |land| {
            moved(&land, ends).await;
            let days = [FORMER, BEFORE, DECIDED, ""];
            let unknown = || Err("HOME_NOT_FOUND".to_owned());
            let history = [
                Ok(seen(AREA, &[2001])),
                Ok(seen(AREA, &[2002])),
                Ok(seen(NORTH, &[2002])),
                Ok(seen(NORTH, &[2002])),
            ];
            let nameless = [
                Ok(seen(AREA, &[])),
                Ok(seen(AREA, &[])),
                Ok(seen(NORTH, &[])),
                Ok(seen(NORTH, &[])),
            ];
            let own = [
                // That it was somebody else's then, and not whose.
                Ok(seen(AREA, &[])),
                history[1].clone(),
                history[2].clone(),
                history[3].clone(),
            ];
            let nothing = || [unknown(), unknown(), unknown(), unknown()];
            for (who, caller, expected) in [
                ("the old street", people::street(STREET), nothing()),
                ("the old community", people::community(COMMUNITY), nothing()),
                ("the new street", people::street(OTHER_STREET), history.clone()),
                (
                    "the new community",
                    people::community(OTHER_COMMUNITY),
                    history.clone(),
                ),
                ("the authority", authority(), history.clone()),
                ("the former owner", people::owner(owner(2001)), nothing()),
                ("the present owner", people::owner(owner(2002)), own),
                ("a neighbour of then", people::owner(owner(1001)), nothing()),
                ("the old committee", committee_of(AREA), nothing()),
                ("the new committee", committee_of(NORTH), nameless.clone()),
                ("the firm", people::firm(manager()), nameless.clone()),
            ] {
                for (day, expected) in days.iter().zip(expected) {
                    let found = get(&land, &caller, day).await;
                    assert_eq!(found, expected, "{who} on {day:?}, the area ends: {ends}");
                }
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_the_old_area_names_no_owner_of_a_home_that_another_street_has_now() {
    for ends in [false, true] {
        each(async |land| {
            moved(&land, ends).await;
            let old = people::street(STREET);
            let unknown = || Err("AREA_NOT_FOUND".to_owned());
            // Of homes that stayed the owners are named; where the area ended, none did.
            let stayed: &[u32] = if ends { &[] } else { &[1001] };
            for day in [FORMER, BEFORE] {
                let found = list(&land, &old, AREA, day).await;
                assert_eq!(found, Ok(vec![line(1, stayed), line(2, &[])]), "{day}, {ends}");
            }
            for day in [DECIDED, ""] {
                let found = list(&land, &old, AREA, day).await;
                let left = if ends { vec![] } else { vec![line(1, stayed)] };
                assert_eq!(found, Ok(left), "{day}, {ends}");
            }
            for day in [FORMER, BEFORE, DECIDED, ""] {
                assert_eq!(list(&land, &old, NORTH, day).await, unknown(), "{day}");
                let new = people::street(OTHER_STREET);
                assert_eq!(list(&land, &new, AREA, day).await, unknown(), "{day}");
                // Areas are no secret to owners, lists of their homes are.
                for serial in [2001, 2002, 1001] {
                    let found = list(&land, &people::owner(owner(serial)), AREA, day).await;
                    assert_eq!(found, Err("NOT_ALLOWED".into()), "{serial} on {day}");
                }
            }
            // Whoever is responsible for both is told all.
            for (day, owners) in [(FORMER, 2001), (BEFORE, 2002)] {
                let found = list(&land, &authority(), AREA, day).await;
                assert_eq!(found, Ok(vec![line(1, &[1001]), line(2, &[owners])]), "{day}");
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_the_new_area_holds_what_came_from_its_day_on_and_an_owner_the_own_homes() {
    for ends in [false, true] {
        each(async |land| {
            moved(&land, ends).await;
            let new = people::street(OTHER_STREET);
            let came = if ends {
                vec![line(7, &[8001]), line(1, &[1001]), line(2, &[2002])]
            } else {
                vec![line(7, &[8001]), line(2, &[2002])]
            };
            let sorted = |mut lines: Vec<(String, Vec<String>)>| {
                lines.sort();
                lines
            };
            for (day, expected) in [
                (FORMER, vec![line(7, &[2002])]),
                (BEFORE, vec![line(7, &[8001])]),
                (DECIDED, came.clone()),
                ("", came),
            ] {
                let found = list(&land, &new, NORTH, day).await.unwrap();
                assert_eq!(sorted(found), sorted(expected), "{day}, {ends}");
            }
            let (former, present) = (people::owner(owner(2001)), people::owner(owner(2002)));
            let mine = vec![line(2, &[2002])];
            for (day, expected) in [
                (FORMER, vec![]),
                (BEFORE, mine.clone()),
                (DECIDED, mine.clone()),
                ("", mine),
            ] {
                assert_eq!(list(&land, &former, "", day).await, Ok(vec![]), "{day}");
                assert_eq!(list(&land, &present, "", day).await, Ok(expected), "{day}");
            }
        })
        .await;
    }
}
