//! Who acts for an owner, and that it votes in the owner's place.

use access::Principal;
use proto::common::v1::VoterCapacity;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

const BIRTHDAY: &str = "20150301";

/// A home whose owner is a child, and a guardian to name.
async fn child(registry: &TestRegistry) -> ids::OwnerId {
    settle(registry, 1, 2..=2).await;
    let home = HOMES_HEADER.to_owned() + &home_row(1, 1, "DELIVERED");
    registry.load(pb::TableKind::Homes, &home).await;
    let number = citizen_born(BIRTHDAY, 7);
    let row = format!("{},张小,CITIZEN_ID,{},{SINCE}\n", unit(1, 1), number.as_str());
    registry
        .load(pb::TableKind::Ownerships, &(OWNERSHIPS_HEADER.to_owned() + &row))
        .await;
    owner_with(&format!("CITIZEN_ID:{}", number.as_str()))
}

fn naming(owner_id: ids::OwnerId, serial: u32, from: &str) -> pb::NameAgentRequest {
    pb::NameAgentRequest {
        owner_id: owner_id.to_string(),
        ground: pb::AgentGround::Minor.into(),
        name: "张大".into(),
        citizen_id: citizen(serial).as_str().to_owned(),
        from_on: from.to_owned(),
        ..Default::default()
    }
}

async fn name(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    message: pb::NameAgentRequest,
) -> Result<pb::OwnerRecord, Status> {
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .owners()
        .name_agent(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn voters(registry: &TestRegistry, at: &str) -> Vec<String> {
    let message = pb::StreamRollRequest {
        scope: Some(whole_area()),
        as_of: Some(at.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()),
        ..Default::default()
    };
    let roll = registry
        .roll_of(&people::community(COMMUNITY), message)
        .await
        .unwrap();
    assert_eq!(roll.len(), 2);
    for entry in &roll {
        // Both fields name the same people, and whoever is no owner acts for one.
        let ids: Vec<_> = entry.voters.iter().map(|voter| voter.voter_id.clone()).collect();
        assert_eq!(ids, entry.voter_ids);
        for voter in &entry.voters {
            let expected = match entry.owner_ids.contains(&voter.voter_id) {
                true => VoterCapacity::Owner,
                false => VoterCapacity::Guardian,
            };
            assert_eq!(voter.capacity(), expected);
        }
    }
    roll[0].voter_ids.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_votes_until_the_child_is_of_full_age() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let child = child(&registry).await;
        let street = people::street(STREET);
        let first = name(&registry, &street, "k", naming(child, 70, "2026-01-01"))
            .await
            .unwrap();
        assert_eq!(first.agents.len(), 1);
        assert_eq!(first.agents[0].agent_id, owner(70).to_string());
        assert_eq!(first.agents[0].name, "张*");
        let again = name(&registry, &street, "k", naming(child, 70, "2026-01-01")).await;
        assert_eq!(again.unwrap(), first);
        assert_eq!(registry.told_of("AgentNamed").await.len(), 1);

        assert_eq!(
            voters(&registry, "2025-12-31T00:00:00Z").await,
            [child.to_string()]
        );
        assert_eq!(
            voters(&registry, "2026-01-01T00:00:00Z").await,
            [owner(70).to_string()]
        );
        // The eighteenth birthday, in China.
        assert_eq!(
            voters(&registry, "2033-02-28T15:59:00Z").await,
            [owner(70).to_string()]
        );
        assert_eq!(
            voters(&registry, "2033-02-28T16:00:00Z").await,
            [child.to_string()]
        );

        // A new guardian takes the place of the one before; the end is the end.
        let second = name(&registry, &street, "l", naming(child, 71, "2026-02-01"))
            .await
            .unwrap();
        assert_eq!(second.agents[0].until_on, "2026-02-01");
        assert_eq!(
            voters(&registry, "2026-02-02T00:00:00Z").await,
            [owner(71).to_string()]
        );
        let ending = pb::EndAgentRequest {
            owner_id: child.to_string(),
            until_on: "2026-03-01".into(),
        };
        let request = registry.world.request(&street, ending.clone());
        registry.owners().end_agent(request).await.unwrap();
        assert_eq!(
            voters(&registry, "2026-03-01T12:00:00Z").await,
            [child.to_string()]
        );
        let request = registry.world.request(&street, ending);
        assert_eq!(
            refused(registry.owners().end_agent(request).await),
            "AGENT_NOT_NAMED"
        );
        let record = pb::GetOwnerRecordRequest {
            owner_id: child.to_string(),
        };
        let request = registry.world.request(&street, record);
        let record = registry
            .owners()
            .get_owner_record(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            (record.agents.len(), record.version),
            (0, 3),
            "who acted once is not listed"
        );
        for text in registry.dump("outbox", "body").await {
            assert!(!text.contains("张") && !text.contains(BIRTHDAY), "{text}");
        }
        for text in registry.dump("commands", "input_hash || answer").await {
            assert!(
                !text.contains("张大") && !text.contains(citizen(70).as_str()),
                "{text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_agency_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let child = child(&registry).await;
        let street = people::street(STREET);
        let mut serial = 0;
        let mut send = async |caller: &Principal, message: pb::NameAgentRequest| {
            serial += 1;
            refused(name(&registry, caller, &format!("k{serial}"), message).await)
        };
        let right = || naming(child, 70, "2026-01-01");
        let changed = |change: &dyn Fn(&mut pb::NameAgentRequest)| {
            let mut message = right();
            change(&mut message);
            message
        };
        let grown = naming(owner(1002), 70, "2026-01-01");
        assert_eq!(send(&street, grown).await, "OWNER_OF_FULL_AGE");
        let company = changed(&|message| message.set_ground(pb::AgentGround::LegalPerson));
        assert_eq!(send(&street, company).await, "AGENT_GROUND_OF_OTHER_OWNER");
        let none = changed(&|message| message.ground = 0);
        assert_eq!(send(&street, none).await, "AGENT_GROUND_MISSING");
        let young = changed(&|message| message.citizen_id = citizen_born("20100101", 1).as_str().to_owned());
        assert_eq!(send(&street, young).await, "AGENT_UNDER_AGE");
        let itself = changed(&|message| message.citizen_id = citizen_born(BIRTHDAY, 7).as_str().to_owned());
        assert_eq!(send(&street, itself).await, "AGENT_IS_OWNER");
        let other_name = changed(&|message| message.citizen_id = citizen(1002).as_str().to_owned());
        assert_eq!(send(&street, other_name).await, "AGENT_NAMED_OTHERWISE");
        let backwards = changed(&|message| message.until_on = "2026-01-01".into());
        assert_eq!(send(&street, backwards).await, "AGENT_SPAN_INVALID");
        let paper = changed(&|message| message.document_digest = "abc".into());
        assert_eq!(send(&street, paper).await, "DIGEST_MALFORMED");
        let nameless = changed(&|message| message.name = " ".into());
        assert_eq!(send(&street, nameless).await, "NAME_MISSING");
        assert_eq!(
            send(&people::street(OTHER_STREET), right()).await,
            "OWNER_NOT_FOUND"
        );
        assert_eq!(send(&people::community(COMMUNITY), right()).await, "NOT_ALLOWED");
        assert_eq!(send(&people::owner(child), right()).await, "NOT_ALLOWED");
        assert_eq!(registry.told_of("AgentNamed").await.len(), 0);
        assert_eq!(registry.dump("agents", "ground").await, Vec::<String>::new());
    }
}
