//! What each caller sees, page by page.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use crate::world::*;

const OTHER_AREA: &str = "330783001014-0001";

async fn two_areas(backend: Backend) -> TestRegistry {
    let registry = TestRegistry::with_area(backend).await;
    registry
        .load(pb::TableKind::Areas, &areas(&[(OTHER_AREA, OTHER_COMMUNITY)]))
        .await;
    settle(&registry, 1, 1..=3).await;
    registry
}

#[tokio::test(flavor = "multi_thread")]
async fn the_407_divisions_are_there_and_go_down_from_the_city() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let list = async |parent: &str| {
            let message = pb::ListDivisionsRequest {
                parent_code: parent.into(),
                page_size: 500,
                page_token: String::new(),
                ..Default::default()
            };
            let request = registry.world.request(&people::owner(owner(1)), message);
            registry
                .client()
                .list_divisions(request)
                .await
                .unwrap()
                .into_inner()
                .divisions
        };
        assert_eq!(list("").await.len(), 407);
        assert_eq!(list(CITY).await.len(), 18);
        let communities = list(STREET).await;
        assert!(
            communities
                .iter()
                .any(|division| division.name.starts_with("中山"))
        );
        assert!(communities.iter().all(|division| division.parent_code == STREET));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_lists_the_areas_of_the_own_role() {
    for backend in backends().await {
        let registry = two_areas(backend).await;
        let list = async |caller: Principal, message: pb::ListAreasRequest| {
            let request = registry.world.request(&caller, message);
            let answer = registry.client().list_areas(request).await?;
            Ok(answer
                .into_inner()
                .areas
                .into_iter()
                .map(|area| area.number)
                .collect::<Vec<_>>())
        };
        let all = || pb::ListAreasRequest::default();
        let both = [OTHER_AREA, AREA];
        for caller in [
            people::administrator(),
            people::authority(CITY),
            people::firm(manager()),
            people::firm(developer()),
        ] {
            assert_eq!(list(caller, all()).await.unwrap(), both);
        }
        let here = [
            people::street(STREET),
            people::community(COMMUNITY),
            people::committee_member(area()),
            people::owner(owner(1001)),
        ];
        for caller in here {
            assert_eq!(list(caller, all()).await.unwrap(), [AREA]);
        }
        for caller in [
            people::owner(owner(5)),
            people::firm(ids::FirmId::derive("other")),
            people::authority("330782"),
        ] {
            assert_eq!(list(caller, all()).await.unwrap(), [""; 0]);
        }
        let division = |code: &str| pb::ListAreasRequest {
            division_code: code.into(),
            ..all()
        };
        assert_eq!(
            list(people::authority(CITY), division(OTHER_STREET))
                .await
                .unwrap(),
            [OTHER_AREA]
        );
        assert_eq!(
            refused(list(people::street(STREET), division(OTHER_STREET)).await),
            "NOT_ALLOWED"
        );
        assert_eq!(
            refused(list(people::street(STREET), division("33x")).await),
            "DIVISION_CODE_MALFORMED"
        );
        let query = |text: &str| pb::ListAreasRequest {
            query: text.into(),
            ..all()
        };
        assert_eq!(
            list(people::administrator(), query("湖畔")).await.unwrap().len(),
            2
        );
        assert_eq!(
            list(people::administrator(), query("004015-")).await.unwrap(),
            [AREA]
        );
        assert_eq!(list(people::administrator(), query("%")).await.unwrap(), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_street_is_told_that_there_is_nothing() {
    for backend in backends().await {
        let registry = two_areas(backend).await;
        let (world, mut client) = (&registry.world, registry.client());
        let stranger = people::street(OTHER_STREET);
        let area_id = area().to_string();
        let unknown = ids::AreaId::derive("nowhere").to_string();
        let mut messages = Vec::new();
        for area_id in [&area_id, &unknown] {
            let request = world.request(
                &stranger,
                pb::GetAreaRequest {
                    area_id: area_id.clone(),
                    ..Default::default()
                },
            );
            let status = client.get_area(request).await.unwrap_err();
            assert_eq!(rpc::failure::reason_of(&status), "AREA_NOT_FOUND");
            messages.push(status.message().to_owned());
        }
        assert_eq!(messages[0], messages[1], "hidden and absent are the same answer");
        let buildings = pb::ListBuildingsRequest {
            area_id: area_id.clone(),
            ..Default::default()
        };
        assert_eq!(
            refused(client.list_buildings(world.request(&stranger, buildings)).await),
            "AREA_NOT_FOUND"
        );
        let homes = pb::ListHomesRequest {
            area_id,
            ..Default::default()
        };
        assert_eq!(
            refused(client.list_homes(world.request(&stranger, homes)).await),
            "AREA_NOT_FOUND"
        );
        let home_id = home(1, 1).to_string();
        assert_eq!(
            refused(
                client
                    .get_home(world.request(
                        &stranger,
                        pb::GetHomeRequest {
                            home_id,
                            ..Default::default()
                        }
                    ))
                    .await
            ),
            "HOME_NOT_FOUND"
        );
        let owner_id = owner(1001).to_string();
        assert_eq!(
            refused(
                client
                    .get_owner(world.request(&stranger, pb::GetOwnerRequest { owner_id }))
                    .await
            ),
            "OWNER_NOT_FOUND"
        );
        let draw = pb::GetAreaRequest {
            area_id: home(1, 1).to_string(),
            ..Default::default()
        };
        assert_eq!(
            refused(client.get_area(world.request(&stranger, draw)).await),
            "ID_OF_OTHER_KIND"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_masked_and_named_only_to_whom_it_concerns() {
    for backend in backends().await {
        let registry = two_areas(backend).await;
        let company = format!("{},和居物业,CREDIT_CODE,{},{SINCE}\n", unit(1, 4), manager_code());
        registry
            .load(
                pb::TableKind::Homes,
                &(HOMES_HEADER.to_owned() + &home_row(1, 4, "DELIVERED")),
            )
            .await;
        registry
            .load(
                pb::TableKind::Ownerships,
                &(OWNERSHIPS_HEADER.to_owned() + &company),
            )
            .await;
        let read = async |caller: &Principal, owner_id: ids::OwnerId| {
            let request = registry.world.request(
                caller,
                pb::GetOwnerRequest {
                    owner_id: owner_id.to_string(),
                },
            );
            registry
                .client()
                .get_owner(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let own = read(&people::owner(owner(1001)), owner(1001)).await.unwrap();
        let number = citizen(1001).as_str().to_owned();
        assert_eq!(own.name, "张*");
        assert_eq!(own.document_number, format!("3307**********{}", &number[14..]));
        assert!(!own.legal_person);
        assert_eq!(
            read(&people::community(COMMUNITY), owner(1001)).await.unwrap(),
            own
        );
        assert_eq!(read(&people::auditor(CITY), owner(1001)).await.unwrap(), own);
        assert_eq!(
            refused(read(&people::owner(owner(1002)), owner(1001)).await),
            "OWNER_NOT_FOUND"
        );
        assert_eq!(
            refused(read(&people::firm(manager()), owner(1001)).await),
            "OWNER_NOT_FOUND"
        );
        let company = owner_with(&format!("CREDIT_CODE:{}", manager_code()));
        let company = read(&people::street(STREET), company).await.unwrap();
        assert_eq!(
            (company.name.as_str(), company.document_number.as_str()),
            ("和居物业", manager_code().as_str())
        );
        assert!(company.legal_person);

        let owners_of = async |caller: &Principal| {
            let request = registry.world.request(
                caller,
                pb::GetHomeRequest {
                    home_id: home(1, 1).to_string(),
                    ..Default::default()
                },
            );
            registry
                .client()
                .get_home(request)
                .await
                .map(|home| home.into_inner().owner_ids)
        };
        assert_eq!(
            owners_of(&people::owner(owner(1001))).await.unwrap(),
            [owner(1001).to_string()]
        );
        assert_eq!(
            owners_of(&people::street(STREET)).await.unwrap(),
            [owner(1001).to_string()]
        );
        // A firm and a committee see the home, not whose it is.
        assert_eq!(owners_of(&people::firm(manager())).await.unwrap(), [""; 0]);
        assert_eq!(
            owners_of(&people::committee_member(area())).await.unwrap(),
            [""; 0]
        );
        assert_eq!(
            refused(owners_of(&people::owner(owner(1002))).await),
            "HOME_NOT_FOUND"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_lists_the_own_homes_and_1200_homes_come_page_by_page() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=600).await;
        settle(&registry, 2, 1..=600).await;
        let list = async |caller: &Principal, message: pb::ListHomesRequest| {
            let request = registry.world.request(caller, message);
            registry
                .client()
                .list_homes(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let officer = people::community(COMMUNITY);
        let mut seen = Vec::new();
        let mut message = pb::ListHomesRequest {
            area_id: area().to_string(),
            page_size: 500,
            ..Default::default()
        };
        let mut pages = 0;
        loop {
            let page = list(&officer, message.clone()).await.unwrap();
            pages += 1;
            seen.extend(
                page.homes
                    .into_iter()
                    .map(|home| (home.unit_number, home.owner_ids)),
            );
            if page.next_page_token.is_empty() {
                break;
            }
            message.page_token = page.next_page_token;
        }
        let expected = |building: u32| (1..=600).map(move |number| (building, number));
        let expected: Vec<_> = expected(1)
            .chain(expected(2))
            .map(|(building, number)| {
                (
                    unit(building, number),
                    vec![owner(building * 1000 + number).to_string()],
                )
            })
            .collect();
        assert_eq!(pages, 3);
        assert_eq!(seen, expected);

        let of_building = pb::ListHomesRequest {
            building_id: building("2").to_string(),
            ..message.clone()
        };
        let of_building = pb::ListHomesRequest {
            page_token: String::new(),
            page_size: 0,
            ..of_building
        };
        let page = list(&officer, of_building).await.unwrap();
        assert_eq!(
            (page.homes.len(), page.homes[0].unit_number.as_str()),
            (100, unit(2, 1).as_str())
        );

        let own = list(&people::owner(owner(1007)), pb::ListHomesRequest::default())
            .await
            .unwrap()
            .homes;
        assert_eq!(
            own.iter()
                .map(|home| home.unit_number.clone())
                .collect::<Vec<_>>(),
            [unit(1, 7)]
        );
        assert_eq!(
            refused(list(&officer, pb::ListHomesRequest::default()).await),
            "NOT_ALLOWED"
        );
        let too_large = pb::ListHomesRequest {
            page_size: 501,
            ..Default::default()
        };
        assert_eq!(refused(list(&officer, too_large).await), "PAGE_SIZE_INVALID");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn buildings_and_firms_are_listed_with_their_filters() {
    for backend in backends().await {
        let registry = two_areas(backend).await;
        let (world, mut client) = (&registry.world, registry.client());
        let message = pb::ListBuildingsRequest {
            area_id: area().to_string(),
            page_size: 2,
            page_token: String::new(),
            ..Default::default()
        };
        let own = world.request(&people::owner(owner(1001)), message.clone());
        let page = client.list_buildings(own).await.unwrap().into_inner();
        assert_eq!(
            page.buildings
                .iter()
                .map(|b| b.number.as_str())
                .collect::<Vec<_>>(),
            ["1", "2"]
        );
        assert_eq!(page.buildings[0].version, 3, "registered, homes, ownerships");
        let next = pb::ListBuildingsRequest {
            page_token: page.next_page_token,
            ..message.clone()
        };
        let page = client
            .list_buildings(world.request(&people::department(CITY), next))
            .await
            .unwrap()
            .into_inner();
        assert_eq!((page.buildings.len(), page.next_page_token.as_str()), (1, ""));
        let stranger = world.request(&people::owner(owner(5)), message);
        assert_eq!(refused(client.list_buildings(stranger).await), "NOT_ALLOWED");

        let firms = pb::ListFirmsRequest {
            kind: pb::FirmKind::Developer.into(),
            ..Default::default()
        };
        let firms = client
            .list_firms(world.request(&people::owner(owner(5)), firms))
            .await
            .unwrap()
            .into_inner()
            .firms;
        assert_eq!(
            firms.iter().map(|firm| firm.firm_id.clone()).collect::<Vec<_>>(),
            [developer().to_string()]
        );
        let unknown = pb::ListFirmsRequest {
            kind: 9,
            ..Default::default()
        };
        assert_eq!(
            refused(
                client
                    .list_firms(world.request(&people::auditor(CITY), unknown))
                    .await
            ),
            "FIRM_KIND_UNKNOWN"
        );
    }
}
