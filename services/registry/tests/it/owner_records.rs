//! Mobile numbers, finding an owner by document, and verification against the register.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

const WHY: &str = "窗口办事";

async fn find(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    serial: u32,
    division: &str,
) -> Result<Option<pb::Owner>, Status> {
    let message = pb::FindOwnerRequest {
        document_kind: pb::DocumentKind::CitizenId.into(),
        document_number: citizen(serial).as_str().to_owned(),
        division_code: division.to_owned(),
    };
    let request = registry.because(caller, key, WHY, message);
    Ok(registry.owners().find_owner(request).await?.into_inner().owner)
}

async fn set_mobile(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    serial: u32,
    mobile: &str,
) -> Result<pb::OwnerRecord, Status> {
    let message = pb::SetMobileRequest {
        owner_id: owner(serial).to_string(),
        mobile: mobile.to_owned(),
    };
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .owners()
        .set_mobile(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn verify(
    registry: &TestRegistry,
    caller: &Principal,
    serial: u32,
    (verification, mismatch): (pb::Verification, pb::Mismatch),
    on: &str,
) -> Result<pb::OwnerRecord, Status> {
    let message = pb::VerifyOwnerRequest {
        owner_id: owner(serial).to_string(),
        verification: verification.into(),
        verified_on: on.to_owned(),
        mismatch: mismatch.into(),
    };
    let request = registry.world.request(caller, message);
    registry
        .owners()
        .verify_owner(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn unverified(registry: &TestRegistry, caller: &Principal) -> Result<Vec<(String, i32)>, Status> {
    let mut found = Vec::new();
    let mut token = String::new();
    loop {
        let message = pb::ListUnverifiedOwnersRequest {
            area_id: area().to_string(),
            page_size: 2,
            page_token: token,
        };
        let request = registry.world.request(caller, message);
        let page = registry
            .owners()
            .list_unverified_owners(request)
            .await?
            .into_inner();
        for owner in page.owners {
            let masked = owner.owner.unwrap();
            assert_eq!(masked.name, "张*");
            found.push((masked.owner_id, owner.verification));
        }
        token = page.next_page_token;
        if token.is_empty() {
            found.sort();
            return Ok(found);
        }
    }
}

const AGREES: (pb::Verification, pb::Mismatch) = (pb::Verification::Verified, pb::Mismatch::Unspecified);

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_found_by_document_where_the_officer_is_responsible_and_can_read_that() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let street = people::street(STREET);
        let found = find(&registry, &street, "k", 1001, STREET)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (found.owner_id, found.name.as_str()),
            (owner(1001).to_string(), "张*")
        );
        assert!(!found.document_number.contains(&citizen(1001).as_str()[4..14]));
        let message = pb::ListLooksRequest {
            owner_id: owner(1001).to_string(),
            ..Default::default()
        };
        let request = registry.world.request(&people::owner(owner(1001)), message);
        let looks = registry
            .owners()
            .list_looks(request)
            .await
            .unwrap()
            .into_inner()
            .looks;
        assert_eq!((looks.len(), looks[0].kind()), (1, pb::LookKind::Found));
        assert_eq!(looks[0].reason, WHY);

        // The repeat is the same search; nobody is found elsewhere, and neither is somebody who is not recorded.
        assert!(
            find(&registry, &street, "k", 1001, STREET)
                .await
                .unwrap()
                .is_some()
        );
        assert_eq!(registry.told_of("OwnerLookedAt").await.len(), 1);
        assert_eq!(
            refused(find(&registry, &street, "k", 1002, STREET).await),
            "IDEMPOTENCY_KEY_REUSED"
        );
        let other = people::street(OTHER_STREET);
        assert_eq!(
            find(&registry, &other, "k", 1001, OTHER_STREET).await.unwrap(),
            None
        );
        assert_eq!(
            refused(find(&registry, &other, "k2", 1001, STREET).await),
            "DIVISION_NOT_FOUND"
        );
        let authority = people::authority(CITY);
        assert!(
            find(&registry, &authority, "k", 1001, CITY)
                .await
                .unwrap()
                .is_some()
        );
        assert_eq!(find(&registry, &authority, "k2", 5555, CITY).await.unwrap(), None);
        assert_eq!(
            refused(find(&registry, &people::community(COMMUNITY), "k", 1001, COMMUNITY).await),
            "NOT_ALLOWED"
        );
        assert_eq!(
            refused(find(&registry, &people::owner(owner(1001)), "k", 1001, COMMUNITY).await),
            "NOT_ALLOWED"
        );
        for text in registry
            .dump("commands", "input_hash || answer || aggregate")
            .await
        {
            assert!(!text.contains(citizen(1001).as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_without_reason_division_or_a_right_number_is_refused() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let street = people::street(STREET);
        let send = async |reason: &str, kind: pb::DocumentKind, number: &str, division: &str| {
            let message = pb::FindOwnerRequest {
                document_kind: kind.into(),
                document_number: number.to_owned(),
                division_code: division.to_owned(),
            };
            let request = registry.because(&street, "k", reason, message);
            let status = registry.owners().find_owner(request).await.unwrap_err();
            assert!(
                number.is_empty() || !status.message().contains(number),
                "never repeated"
            );
            rpc::failure::reason_of(&status)
        };
        let right = citizen(1001);
        let citizen_id = pb::DocumentKind::CitizenId;
        assert_eq!(
            send("", citizen_id, right.as_str(), STREET).await,
            "REASON_MISSING"
        );
        assert_eq!(
            send(WHY, pb::DocumentKind::Unspecified, right.as_str(), STREET).await,
            "DOCUMENT_KIND_MISSING"
        );
        assert_eq!(
            send(WHY, citizen_id, right.as_str(), "").await,
            "DIVISION_CODE_MISSING"
        );
        let wrong = right.as_str().replace("330783", "330784");
        assert_eq!(
            send(WHY, citizen_id, &wrong, STREET).await,
            "CITIZEN_ID_CHECK_FAILED"
        );
        assert_eq!(send(WHY, citizen_id, "12", STREET).await, "CITIZEN_ID_MALFORMED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mobile_number_is_set_by_owner_or_street_and_only_shown_masked() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let own = people::owner(owner(1001));
        let first = set_mobile(&registry, &own, "k", 1001, "138 0000 5678")
            .await
            .unwrap();
        assert_eq!((first.mobile.as_str(), first.version), ("138****5678", 1));
        assert_eq!(first.verification(), pb::Verification::Open);
        assert_eq!(
            set_mobile(&registry, &own, "k", 1001, "13800005678")
                .await
                .unwrap(),
            first
        );
        assert_eq!(
            refused(set_mobile(&registry, &own, "k", 1001, "13800005679").await),
            "IDEMPOTENCY_KEY_REUSED"
        );
        let street = people::street(STREET);
        let cleared = set_mobile(&registry, &street, "c", 1001, "").await.unwrap();
        assert_eq!((cleared.mobile.as_str(), cleared.version), ("", 2));
        let told: Vec<_> = registry
            .told_of("MobileSet")
            .await
            .into_iter()
            .map(|event| (event.version, event.body.contains("recorded")))
            .collect();
        assert_eq!(told, [(1, true), (2, false)]);

        assert_eq!(
            refused(set_mobile(&registry, &own, "m", 1001, "12345").await),
            "MOBILE_MALFORMED"
        );
        let neighbour = people::owner(owner(1002));
        assert_eq!(
            refused(set_mobile(&registry, &neighbour, "n", 1001, "13800005678").await),
            "OWNER_NOT_FOUND"
        );
        assert_eq!(
            refused(set_mobile(&registry, &people::community(COMMUNITY), "n", 1001, "13800005678").await),
            "NOT_ALLOWED"
        );
        let (one, two) = tokio::join!(
            set_mobile(&registry, &own, "a", 1001, "13800000001"),
            set_mobile(&registry, &street, "b", 1001, "13800000002")
        );
        let lost: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
        assert!(
            lost.iter()
                .all(|status| rpc::failure::reason_of(status) == "CONFLICT")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_street_verifies_owners_and_lists_who_is_left() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let street = people::street(STREET);
        let open = pb::Verification::Open as i32;
        assert_eq!(unverified(&registry, &street).await.unwrap().len(), 3);
        let verified = verify(&registry, &street, 1001, AGREES, TODAY).await.unwrap();
        assert_eq!(verified.verification(), pb::Verification::Verified);
        assert_eq!((verified.verified_on.as_str(), verified.version), (TODAY, 1));
        let differs = (pb::Verification::Mismatch, pb::Mismatch::CoOwners);
        let record = verify(&registry, &street, 1002, differs, TODAY).await.unwrap();
        assert_eq!(record.mismatch(), pb::Mismatch::CoOwners);
        let mut left = vec![
            (owner(1002).to_string(), pb::Verification::Mismatch as i32),
            (owner(1003).to_string(), open),
        ];
        left.sort();
        assert_eq!(
            unverified(&registry, &people::community(COMMUNITY))
                .await
                .unwrap(),
            left
        );
        assert_eq!(registry.told_of("OwnerVerified").await.len(), 2);

        let refusal = async |caller: &Principal, found, on: &str| {
            refused(verify(&registry, caller, 1001, found, on).await)
        };
        assert_eq!(
            refusal(&street, AGREES, "2026-03-03").await,
            "VERIFIED_IN_THE_FUTURE"
        );
        assert_eq!(
            refusal(&street, AGREES, "2026-03-01").await,
            "VERIFIED_BEFORE_LAST"
        );
        let nothing = (pb::Verification::Open, pb::Mismatch::Unspecified);
        assert_eq!(refusal(&street, nothing, TODAY).await, "VERIFICATION_MISSING");
        let bare = (pb::Verification::Mismatch, pb::Mismatch::Unspecified);
        assert_eq!(refusal(&street, bare, TODAY).await, "MISMATCH_MISSING");
        let both = (pb::Verification::Verified, pb::Mismatch::Home);
        assert_eq!(refusal(&street, both, TODAY).await, "MISMATCH_UNEXPECTED");
        let own = people::owner(owner(1001));
        assert_eq!(refusal(&own, AGREES, TODAY).await, "NOT_ALLOWED");
        let wrong = people::street(OTHER_STREET);
        assert_eq!(refusal(&wrong, AGREES, TODAY).await, "OWNER_NOT_FOUND");
        assert_eq!(refused(unverified(&registry, &wrong).await), "AREA_NOT_FOUND");
        let committee = people::committee_member(area());
        assert_eq!(refused(unverified(&registry, &committee).await), "NOT_ALLOWED");
    }
}
