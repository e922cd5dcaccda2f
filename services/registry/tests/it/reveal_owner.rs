//! Seeing an owner in clear: the look that is recorded before, who may, and that nothing in clear stays anywhere.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

const WHY: &str = "核对首次业主大会业主名册";

async fn reveal(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    reason: &str,
    serial: u32,
) -> Result<pb::RevealedOwner, Status> {
    let message = pb::RevealOwnerRequest {
        owner_id: owner(serial).to_string(),
    };
    let request = registry.because(caller, key, reason, message);
    registry
        .owners()
        .reveal_owner(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn looks(registry: &TestRegistry, caller: &Principal, serial: u32) -> Result<Vec<pb::Look>, Status> {
    let message = pb::ListLooksRequest {
        owner_id: owner(serial).to_string(),
        ..Default::default()
    };
    let request = registry.world.request(caller, message);
    let answer = registry.owners().list_looks(request).await?;
    Ok(answer.into_inner().looks)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_recorded_with_its_reason_and_the_owner_reads_it() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let street = people::street(STREET);
        let shown = reveal(&registry, &street, "k", WHY, 1001).await.unwrap();
        assert_eq!(
            (shown.name.as_str(), shown.document_number.as_str()),
            ("张三", citizen(1001).as_str())
        );
        assert!(shown.mobile.is_empty() && !shown.legal_person);

        let own = people::owner(owner(1001));
        let seen = looks(&registry, &own, 1001).await.unwrap();
        assert_eq!(seen.len(), 1);
        let look = &seen[0];
        assert_eq!(look.look_id, shown.look_id);
        assert_eq!(look.kind(), pb::LookKind::Revealed);
        assert_eq!(
            (look.account.as_str(), look.role.as_str()),
            ("street-330783004", "street")
        );
        assert_eq!((look.division_code.as_str(), look.reason.as_str()), (STREET, WHY));
        assert_eq!(look.fields, ["name", "document_number"]);
        assert_eq!((look.times, look.looked_at), (1, look.last_at));

        // The auditor sees who looked, and not at what; a look at oneself is one too.
        let auditor = people::auditor(CITY);
        assert_eq!(looks(&registry, &auditor, 1001).await.unwrap(), seen);
        assert_eq!(
            refused(reveal(&registry, &auditor, "k", WHY, 1001).await),
            "NOT_ALLOWED"
        );
        reveal(&registry, &own, "own", "查阅本人信息", 1001)
            .await
            .unwrap();
        let seen = looks(&registry, &own, 1001).await.unwrap();
        let roles: Vec<_> = seen.iter().map(|look| look.role.as_str()).collect();
        assert_eq!(roles, ["owner", "street"], "the newest first");
        assert_eq!(seen[0].division_code, "");
        assert_eq!(
            looks(&registry, &people::owner(owner(1002)), 1002).await.unwrap(),
            []
        );

        let told = registry.told_of("OwnerLookedAt").await;
        let versions: Vec<_> = told.iter().map(|event| event.version).collect();
        assert_eq!(versions, [1, 2], "an aggregate of its own, without gaps");
        assert_eq!(told[0].address, "heju.v1.registry.owner.looked_at.330783.004.015");
        registry.world.pump().await;
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_reason_or_the_permission_nothing_is_shown_and_nothing_recorded() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let street = people::street(STREET);
        for empty in ["", "   "] {
            assert_eq!(
                refused(reveal(&registry, &street, "k", empty, 1001).await),
                "REASON_MISSING"
            );
        }
        assert_eq!(
            refused(reveal(&registry, &street, "k", WHY, 9999).await),
            "OWNER_NOT_FOUND"
        );
        for stranger in [
            people::street(OTHER_STREET),
            people::owner(owner(1002)),
            people::firm(manager()),
            people::committee_member(area()),
            people::department(CITY),
            people::administrator(),
        ] {
            let answer = reveal(&registry, &stranger, "k", WHY, 1001).await;
            assert_eq!(refused(answer), "OWNER_NOT_FOUND", "{stranger:?}");
            assert_eq!(
                refused(looks(&registry, &stranger, 1001).await),
                "OWNER_NOT_FOUND",
                "{stranger:?}"
            );
        }
        // The community works with the masked record, and the street that looks does not read who looked.
        let community = people::community(COMMUNITY);
        let elsewhere = people::authority("330782");
        assert_eq!(
            refused(reveal(&registry, &elsewhere, "k", WHY, 1001).await),
            "NOT_ALLOWED"
        );
        assert_eq!(
            refused(reveal(&registry, &community, "k", WHY, 1001).await),
            "NOT_ALLOWED"
        );
        assert_eq!(refused(looks(&registry, &street, 1001).await), "NOT_ALLOWED");
        assert_eq!(registry.dump("looks", "account").await, Vec::<String>::new());
        assert_eq!(registry.told_of("OwnerLookedAt").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_shows_it_again_and_is_counted_and_of_two_at_once_both_are_recorded() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let street = people::street(STREET);
        let first = reveal(&registry, &street, "k", WHY, 1001).await.unwrap();
        registry
            .world
            .advance_to("2026-03-03T01:00:00Z".parse().unwrap())
            .await;
        assert_eq!(reveal(&registry, &street, "k", WHY, 1001).await.unwrap(), first);
        let own = people::owner(owner(1001));
        let seen = looks(&registry, &own, 1001).await.unwrap();
        assert_eq!((seen.len(), seen[0].times), (1, 2));
        assert!(seen[0].last_at.as_ref().unwrap().seconds > seen[0].looked_at.as_ref().unwrap().seconds);
        assert_eq!(registry.told_of("OwnerLookedAt").await.len(), 1);
        let other = reveal(&registry, &street, "k", WHY, 1002).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        // Whoever may no longer does not get the first answer either.
        let moved = Principal::person("street-330783004", "")
            .with_role(access::Role::Street)
            .with_jurisdiction(OTHER_STREET.parse().unwrap());
        assert_eq!(
            refused(reveal(&registry, &moved, "k", WHY, 1001).await),
            "OWNER_NOT_FOUND"
        );

        let authority = people::authority(CITY);
        let (one, two) = tokio::join!(
            reveal(&registry, &street, "a", WHY, 1001),
            reveal(&registry, &authority, "b", WHY, 1001)
        );
        let mut shown = 1;
        for answer in [one, two] {
            match answer {
                Ok(_) => shown += 1,
                Err(status) => assert_eq!(rpc::failure::reason_of(&status), "CONFLICT"),
            }
        }
        assert_eq!(looks(&registry, &own, 1001).await.unwrap().len(), shown);
        assert_eq!(registry.told_of("OwnerLookedAt").await.len(), shown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_come_in_pages_the_newest_first() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let street = people::street(STREET);
        for number in 1..=5 {
            let key = format!("k{number}");
            reveal(&registry, &street, &key, &format!("第{number}次"), 1001)
                .await
                .unwrap();
        }
        let mut reasons = Vec::new();
        let mut token = String::new();
        loop {
            let message = pb::ListLooksRequest {
                owner_id: owner(1001).to_string(),
                page_size: 2,
                page_token: token,
            };
            let request = registry.world.request(&people::owner(owner(1001)), message);
            let page = registry.owners().list_looks(request).await.unwrap().into_inner();
            reasons.extend(page.looks.into_iter().map(|look| look.reason));
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(reasons, ["第5次", "第4次", "第3次", "第2次", "第1次"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_clear_stays_in_events_commands_or_tables() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let street = people::street(STREET);
        let mobile = pb::SetMobileRequest {
            owner_id: owner(1001).to_string(),
            mobile: "13800005678".into(),
        };
        let request = registry.world.request(&street, mobile);
        registry.owners().set_mobile(request).await.unwrap();
        let shown = reveal(&registry, &street, "k", WHY, 1001).await.unwrap();
        assert_eq!(shown.mobile, "13800005678");
        let seen = looks(&registry, &people::owner(owner(1001)), 1001).await.unwrap();
        assert_eq!(seen[0].fields, ["name", "document_number", "mobile"]);

        let mut kept = registry
            .dump("commands", "input_hash || ' ' || answer || ' ' || aggregate")
            .await;
        kept.extend(
            registry
                .dump("outbox", "body || ' ' || aggregate || ' ' || address")
                .await,
        );
        kept.extend(registry.dump("looks", "reason_sealed || ' ' || fields").await);
        kept.extend(
            registry
                .dump(
                    "owner_records",
                    "mobile_sealed || ' ' || mobile_index || ' ' || mobile_masked",
                )
                .await,
        );
        for text in &kept {
            for clear in ["张三", citizen(1001).as_str(), "13800005678", WHY] {
                assert!(!text.contains(clear), "{text}");
            }
        }
        assert!(kept.iter().any(|text| text.contains("138****5678")));
    }
}
