//! Guardians and authorised persons, through time.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::*;
use crate::imports::file::count;

const KIND: pb::TableKind = pb::TableKind::Agents;

/// The agent of an owner, known by the serial of the agent.
fn row(serial: u32, from: &str, agent: u32, ground: &str, until: &str) -> String {
    format!(
        "{},{from},李四,{},{ground},{until},\n",
        document(serial),
        document(agent)
    )
}

fn table(rows: &[String]) -> String {
    AGENTS.to_owned() + &rows.concat()
}

/// Home 5 of building 1, owned by a child.
async fn child(registry: &TestRegistry) -> String {
    let number = citizen_born("20150301", 7);
    let homes = HOMES_HEADER.to_owned() + &home_row(1, 5, "DELIVERED");
    registry.load(pb::TableKind::Homes, &homes).await;
    let row = format!("{},张小,CITIZEN_ID,{},{SINCE}\n", unit(1, 5), number.as_str());
    registry
        .load(pb::TableKind::Ownerships, &(OWNERSHIPS_HEADER.to_owned() + &row))
        .await;
    number.as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_follow_one_another_and_become_known_as_owners_are() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let child = child(&registry).await;
        let owners = count(&registry, "owners").await;
        let of_child = |row: String| row.replace(citizen(8).as_str(), &child);
        let company = format!(
            "CREDIT_CODE,{},2024-01-01,王五,{},LEGAL_PERSON,2027-01-01,{}\n",
            developer_code(),
            document(72),
            "ab".repeat(32)
        );
        let rows = table(&[
            // The second begins on the very day on which the first ends; the third ends the second.
            of_child(row(8, "2021-01-01", 70, "MINOR", "2022-01-01")),
            of_child(row(8, "2022-01-01", 71, "MINOR", "")),
            of_child(row(8, "2025-01-01", 70, "MINOR", "2033-03-01")),
            company,
        ]);
        let report = registry.load(KIND, &rows).await;
        assert_eq!((report.rows, report.recorded), (4, 4));
        assert_eq!(count(&registry, "owners").await, owners + 3, "each agent once");
        let child_id = owner_with(&format!("CITIZEN_ID:{child}"));
        counts(
            &registry,
            &child_id.to_string(),
            &["AgentNamed", "AgentNamed", "AgentNamed"],
        )
        .await;
        let spans = registry
            .dump(
                "agents",
                "CAST(from_on AS TEXT) || '-' || COALESCE(CAST(until_on AS TEXT), '')",
            )
            .await;
        assert!(spans.contains(&"2022-01-01-2025-01-01".to_owned()), "{spans:?}");
        let message = pb::GetOwnerRecordRequest {
            owner_id: child_id.to_string(),
        };
        let request = registry.world.request(&people::street(STREET), message);
        let record = registry
            .owners()
            .get_owner_record(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(record.agents.len(), 1, "who acted once is not told");
        assert_eq!((record.agents[0].name.as_str(), record.version), ("李*", 3));
        assert_eq!(record.agents[0].agent_id, owner(70).to_string());
        let sealed = registry
            .dump("owners", "name_sealed || document_sealed || name_masked")
            .await;
        assert!(!sealed.concat().contains("李四") && !sealed.concat().contains(citizen(70).as_str()));

        let report = registry.load(KIND, &rows).await;
        assert_eq!((report.recorded, report.unchanged), (0, 4));
        // Who acts next ends who acts now, and a table from before that still agrees.
        let next = table(&[of_child(row(8, "2026-01-01", 71, "MINOR", ""))]);
        assert_eq!(registry.load(KIND, &next).await.recorded, 1);
        assert_eq!(registry.load(KIND, &next).await.unchanged, 1);
        assert_eq!(registry.error_of(KIND, &rows).await, "until_on VALUE_DIFFERS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_that_cannot_be_is_told_masked() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    estate(&registry).await;
    registry
        .load(KIND, &table(&[row(3, "2024-01-01", 70, "INCAPACITY", "")]))
        .await;
    let one = |from, agent, ground, until| vec![row(1, from, agent, ground, until)];
    let young = row(1, "2024-01-01", 70, "INCAPACITY", "")
        .replace(citizen(70).as_str(), citizen_born("20150301", 7).as_str());
    let digest = row(1, "2024-01-01", 70, "INCAPACITY", "").replace(",\n", ",abc\n");
    for (rows, expected) in [
        (
            vec![row(99, "2024-01-01", 70, "INCAPACITY", "")],
            "document_number REFERENCE_UNKNOWN",
        ),
        (one("2024-01-01", 70, "MINOR", ""), "ground OWNER_OF_FULL_AGE"),
        (
            one("2024-01-01", 70, "LEGAL_PERSON", ""),
            "ground AGENT_GROUND_OF_OTHER_OWNER",
        ),
        (
            one("2024-01-01", 1, "INCAPACITY", ""),
            "agent_document_number AGENT_IS_OWNER",
        ),
        (vec![young], "agent_document_number AGENT_UNDER_AGE"),
        (
            one("2024-01-01", 70, "INCAPACITY", "2024-01-01"),
            "until_on AGENT_SPAN_INVALID",
        ),
        (
            vec![row(3, "2023-01-01", 71, "INCAPACITY", "")],
            "from_on AGENT_BEFORE_LAST",
        ),
        // Owner 2 is called 张三.
        (
            one("2024-01-01", 2, "INCAPACITY", ""),
            "agent_name AGENT_NAMED_OTHERWISE",
        ),
        (vec![digest], "document_digest DIGEST_MALFORMED"),
        (one("2024-01-01", 70, "FRIEND", ""), "ground VALUE_UNKNOWN"),
        (
            vec![
                row(1, "2024-01-01", 70, "INCAPACITY", "2025-06-01"),
                row(1, "2025-01-01", 71, "INCAPACITY", ""),
            ],
            "until_on AGENTS_OVERLAP",
        ),
        (
            vec![
                row(1, "2024-01-01", 70, "INCAPACITY", ""),
                row(1, "2024-01-01", 71, "INCAPACITY", ""),
            ],
            "from_on DUPLICATE_ROW",
        ),
        (
            vec![row(3, "2024-01-01", 71, "INCAPACITY", "")],
            "agent_document_number VALUE_DIFFERS",
        ),
        (
            vec![row(3, "2024-01-01", 70, "INCAPACITY", "2025-01-01")],
            "until_on VALUE_DIFFERS",
        ),
    ] {
        assert_eq!(registry.error_of(KIND, &table(&rows)).await, expected, "{rows:?}");
    }
    // A row that is right waits for the wrong one of the same owner: recorded alone, nothing could go before it.
    let rows = [
        row(1, "2024-01-01", 70, "FRIEND", "2025-01-01"),
        row(1, "2025-01-01", 71, "INCAPACITY", ""),
    ];
    let report = registry.import(KIND, table(&rows).as_bytes()).await.unwrap();
    let reasons: Vec<&str> = report.errors.iter().map(|error| &error.reason[..]).collect();
    assert_eq!(reasons, ["VALUE_UNKNOWN", "ROWS_INCOMPLETE"]);
    let wrong = table(&[row(3, "2024-01-01", 71, "INCAPACITY", "")]);
    let report = registry.import(KIND, wrong.as_bytes()).await.unwrap();
    let text = format!("{report:?}");
    assert!(
        !text.contains(citizen(70).as_str()) && !text.contains(citizen(71).as_str()),
        "{text}"
    );
    assert!(!text.contains("李四"), "{text}");
}
