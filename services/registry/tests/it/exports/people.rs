//! What is recorded of owners as files: masked for whoever may know owners, in clear for a reason.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::{csv, households, of, of_area, sheets, to_csv};
use crate::people_tables::{AGENTS, RECORDS, document};
use crate::world::*;

const KINDS: [pb::TableKind; 4] = [
    pb::TableKind::Holdings,
    pb::TableKind::OwnerRecords,
    pb::TableKind::Agents,
    pb::TableKind::Representatives,
];

/// Homes 1 to 8 of building 1 with an owner each, but for home 1, of the owners 1001 and 1002; and a company.
async fn peopled(registry: &TestRegistry) {
    settle(registry, 1, 1..=8).await;
    let authority = people::authority(CITY);
    let both = [owner(1001), owner(1002)];
    registry
        .transfer(&authority, "t", home(1, 1), &both, "2021-01-01")
        .await
        .unwrap();
    households::couple(registry, home(1, 1), [1001, 1002]).await;
    registry
        .transfer(&authority, "u", home(1, 2), &[owner(1003)], "2022-01-01")
        .await
        .unwrap();
    let code = developer_code();
    let homes = HOMES_HEADER.to_owned() + &home_row(2, 1, "DELIVERED");
    registry.load(pb::TableKind::Homes, &homes).await;
    let row = format!("{},湖畔有限公司,CREDIT_CODE,{code},{SINCE}\n", unit(2, 1));
    registry
        .load(pb::TableKind::Ownerships, &(OWNERSHIPS_HEADER.to_owned() + &row))
        .await;
    let mut records = RECORDS.to_owned();
    for (serial, rest) in [
        (1001, "13800001001,VERIFIED,2025-05-05,"),
        (1002, ",MISMATCH,2025-05-05,NAME"),
    ] {
        records += &format!("{},{rest}\n", document(serial));
    }
    registry.load(pb::TableKind::OwnerRecords, &records).await;
    let mut agents = AGENTS.to_owned();
    for (serial, from, until) in [(3001, "2021-01-01", "2022-01-01"), (3002, "2024-01-01", "")] {
        let (owner, agent) = (document(1007), document(serial));
        agents += &format!("{owner},{from},欧阳修远,{agent},INCAPACITY,{until},\n");
    }
    registry.load(pb::TableKind::Agents, &agents).await;
}

fn in_clear(kind: pb::TableKind) -> pb::ExportTableRequest {
    pb::ExportTableRequest {
        unmasked: true,
        ..of_area(kind)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_masked_and_hold_what_counts_today() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        peopled(&registry).await;
        let street = people::street(STREET);
        let mut rows = Vec::new();
        for kind in KINDS {
            let file = registry.take(&street, of_area(kind)).await.unwrap();
            assert!(file.name.contains("（已脱敏）"), "{}", file.name);
            let text = String::from_utf8(file.content.clone()).unwrap();
            for serial in [1001, 1002, 1007, 3001, 3002] {
                assert!(!text.contains(citizen(serial).as_str()), "{text}");
            }
            assert!(
                !text.contains("13800001001") && !text.contains("欧阳修远"),
                "{text}"
            );
            // It is no table to import.
            let report = registry.import(kind, &to_csv(&csv(&file))).await.unwrap();
            assert_eq!(
                (report.recorded, report.error_count),
                (0, report.rows),
                "{kind:?}"
            );
            rows.push(csv(&file));
        }
        let [holdings, records, agents, chosen] = &rows[..] else {
            panic!("four files")
        };
        assert_eq!(holdings.len() - 1, 2);
        assert_eq!(holdings[1][0], unit(1, 1));
        assert_eq!(holdings[1][5], "REGISTERED");
        assert_eq!(records.len() - 1, 2);
        assert!(
            records
                .iter()
                .any(|row| row[2] == "138****1001" && row[3] == "VERIFIED"),
            "{records:?}"
        );
        // Who acted once is nobody's business any more.
        assert_eq!(agents.len() - 1, 1);
        assert_eq!(
            (agents[1][3].as_str(), agents[1][2].as_str()),
            ("欧阳*", "2024-01-01")
        );
        assert_eq!(chosen.len() - 1, 1);
        assert_eq!(chosen[1][1].matches(';').count(), 1);
        assert_eq!(registry.looks().await, [], "nothing was seen in clear");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_clear_they_are_for_a_reason_and_import_again() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        peopled(&registry).await;
        let authority = people::authority(CITY);
        let counts = [2, 2, 2, 1];
        for (kind, rows) in KINDS.into_iter().zip(counts) {
            let answer = registry.take_because(&authority, "", in_clear(kind)).await;
            assert_eq!(refused(answer), "REASON_MISSING");
            let file = registry
                .take_because(&authority, "核对", in_clear(kind))
                .await
                .unwrap();
            assert!(!file.name.contains("脱敏"));
            let report = registry.import(kind, &file.content).await.unwrap();
            assert_eq!((report.errors, report.unchanged), (Vec::new(), rows), "{kind:?}");
        }
        let looks: Vec<i64> = registry
            .looks()
            .await
            .into_iter()
            .map(|(.., rows)| rows)
            .collect();
        assert_eq!(looks, counts.map(i64::from));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_know_owners_takes_nothing_of_them() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    peopled(&registry).await;
    for kind in KINDS {
        for (caller, expected) in [
            (people::committee_member(area()), "NOT_ALLOWED"),
            (people::firm(manager()), "NOT_ALLOWED"),
            (people::owner(owner(1001)), "NOT_ALLOWED"),
            (people::department(CITY), "NOT_ALLOWED"),
            (people::administrator(), "NOT_ALLOWED"),
            (people::street(OTHER_STREET), "AREA_NOT_FOUND"),
        ] {
            let answer = registry.take(&caller, of_area(kind)).await;
            assert_eq!(refused(answer), expected, "{caller:?} {kind:?}");
            let answer = registry.take(&caller, of(kind)).await;
            let rows = answer.map(|file| csv(&file).len() - 1);
            match rows {
                Ok(rows) => assert_eq!(rows, 0, "{caller:?} {kind:?}"),
                Err(status) => assert_eq!(rpc::failure::reason_of(&status), "NOT_ALLOWED"),
            }
        }
        // Who may read masked may not read in clear.
        let answer = registry
            .take_because(&people::street(STREET), "核对", in_clear(kind))
            .await;
        assert_eq!(refused(answer), "NOT_ALLOWED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_owner_in_two_areas_the_second_workbook_loads_after_the_first() {
    for backend in backends().await {
        let first = TestRegistry::with_area(backend).await;
        peopled(&first).await;
        let number = "330783001014-0009";
        first
            .load(pb::TableKind::Areas, &areas(&[(number, OTHER_COMMUNITY)]))
            .await;
        let building = format!("area_number,number,floors\n{number},1,6\n");
        first.load(pb::TableKind::Buildings, &building).await;
        let unit = format!("{OTHER_COMMUNITY}GB00001F00010001");
        let row = format!("{HOMES_HEADER}{number},1,1,101,{unit},80.00,RESIDENTIAL,SOLD,\n");
        first.load(pb::TableKind::Homes, &row).await;
        let owners: String = [1001, 1002, 1007]
            .map(|serial| format!("{unit},张三,{},{SINCE}\n", document(serial)))
            .concat();
        first
            .load(
                pb::TableKind::Ownerships,
                &(OWNERSHIPS_HEADER.to_owned() + &owners),
            )
            .await;

        let authority = people::authority(CITY);
        let second = TestRegistry::new(backend).await;
        let area_ids = [area(), ids::AreaId::derive(number)];
        let mut books = Vec::new();
        for area_id in area_ids {
            let message = pb::ExportAreaRequest {
                area_id: area_id.to_string(),
                titles: pb::ColumnTitles::Names.into(),
            };
            let request = super::because("移交", first.world.request(&authority, message));
            let file = super::whole(first.exports().export_area(request).await)
                .await
                .unwrap();
            books.push(sheets(&file));
        }
        let kinds = [
            pb::TableKind::Firms,
            pb::TableKind::Areas,
            pb::TableKind::Buildings,
            pb::TableKind::Homes,
            pb::TableKind::Ownerships,
        ];
        for book in &books {
            let named = |kind: pb::TableKind| {
                let sheet = book.iter().find(|(name, _)| name == title(kind));
                to_csv(&sheet.unwrap().1)
            };
            for kind in kinds.into_iter().chain(KINDS) {
                let answer = second.import(kind, &named(kind)).await;
                // An area has no sheet's worth of everything.
                match answer {
                    Ok(report) => assert_eq!(report.errors, [], "{kind:?}"),
                    Err(status) => assert_eq!(rpc::failure::reason_of(&status), "TABLE_EMPTY"),
                }
            }
        }
        let again = second
            .import(
                pb::TableKind::Agents,
                &to_csv(
                    &books[1]
                        .iter()
                        .find(|(name, _)| name == "监护人与代理人")
                        .unwrap()
                        .1,
                ),
            )
            .await
            .unwrap();
        assert_eq!((again.recorded, again.unchanged), (0, 2));
        assert_eq!(
            second.told(&owner(1007).to_string()).await,
            ["AgentNamed 1", "AgentNamed 2"]
        );
        assert_eq!(
            second.told(&owner(1001).to_string()).await,
            ["MobileSet 1", "OwnerVerified 2"]
        );
    }
}

fn title(kind: pb::TableKind) -> &'static str {
    match kind {
        pb::TableKind::Firms => "企业",
        pb::TableKind::Areas => "物业管理区域",
        pb::TableKind::Buildings => "幢",
        pb::TableKind::Homes => "房屋",
        pb::TableKind::Ownerships => "产权",
        pb::TableKind::Holdings => "共有与登记",
        pb::TableKind::OwnerRecords => "业主核实",
        pb::TableKind::Agents => "监护人与代理人",
        pb::TableKind::Representatives => "推举代表",
        other => panic!("{other:?} has no sheet here"),
    }
}
