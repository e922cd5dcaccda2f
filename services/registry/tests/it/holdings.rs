//! How homes are held: shares, titles, and who votes for several owners.

use access::Principal;
use proto::common::v1::VoterCapacity;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

/// Home 1 of owners 1 and 2, home 2 of owner 2 alone, home 3 sold and not handed over.
async fn couple(registry: &TestRegistry) {
    let homes = HOMES_HEADER.to_owned()
        + &home_row(1, 1, "DELIVERED")
        + &home_row(1, 2, "DELIVERED")
        + &home_row(1, 3, "SOLD");
    registry.load(pb::TableKind::Homes, &homes).await;
    let owners = OWNERSHIPS_HEADER.to_owned()
        + &ownership_row(1, 1, 1)
        + &ownership_row(1, 1, 2)
        + &ownership_row(1, 2, 2)
        + &ownership_row(1, 3, 3);
    registry.load(pb::TableKind::Ownerships, &owners).await;
}

fn share(serial: u32, numerator: i64, denominator: i64) -> pb::OwnershipShare {
    pb::OwnershipShare {
        owner_id: owner(serial).to_string(),
        numerator,
        denominator,
    }
}

async fn set_shares(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    number: u32,
    shares: &[pb::OwnershipShare],
) -> Result<pb::Holding, Status> {
    let message = pb::SetSharesRequest {
        home_id: home(1, number).to_string(),
        form: pb::HoldingForm::Shares.into(),
        shares: shares.to_vec(),
    };
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .owners()
        .set_shares(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn title(
    registry: &TestRegistry,
    caller: &Principal,
    number: u32,
    title: pb::Title,
    on: &str,
) -> Result<pb::Holding, Status> {
    let message = pb::RecordTitleRequest {
        home_id: home(1, number).to_string(),
        title: title.into(),
        registered_on: on.to_owned(),
    };
    let request = registry.world.request(caller, message);
    registry
        .owners()
        .record_title(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn choose(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    (number, serial): (u32, u32),
    from: &str,
) -> Result<pb::Representation, Status> {
    let message = pb::ChooseRepresentativeRequest {
        home_id: home(1, number).to_string(),
        owner_id: owner(serial).to_string(),
        from_on: from.to_owned(),
        document_digest: "ab".repeat(32),
    };
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .owners()
        .choose_representative(request)
        .await
        .map(tonic::Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_sum_to_one_and_end_with_the_ownership() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        couple(&registry).await;
        let street = people::street(STREET);
        let right = [share(1, 1, 3), share(2, 2, 3)];
        let held = set_shares(&registry, &street, "k", 1, &right).await.unwrap();
        assert_eq!((held.form(), held.version), (pb::HoldingForm::Shares, 1));
        assert_eq!(held.shares.len(), 2);
        assert_eq!(
            set_shares(&registry, &street, "k", 1, &right).await.unwrap(),
            held
        );
        assert_eq!(registry.told_of("HoldingRecorded").await.len(), 1);

        let refusal = async |caller: &Principal, number, shares: &[pb::OwnershipShare]| {
            refused(set_shares(&registry, caller, &uuid(), number, shares).await)
        };
        let short = [share(1, 1, 3), share(2, 1, 3)];
        assert_eq!(refusal(&street, 1, &short).await, "SHARES_NOT_WHOLE");
        assert_eq!(refusal(&street, 1, &right[..1]).await, "SHARES_OF_OTHERS");
        let nothing = [share(1, 0, 3), share(2, 1, 1)];
        assert_eq!(refusal(&street, 1, &nothing).await, "SHARE_MALFORMED");
        assert_eq!(
            refusal(&people::community(COMMUNITY), 1, &right).await,
            "NOT_ALLOWED"
        );
        assert_eq!(
            refusal(&people::street(OTHER_STREET), 1, &right).await,
            "HOME_NOT_FOUND"
        );
        assert_eq!(refusal(&people::firm(manager()), 1, &right).await, "NOT_ALLOWED");
        let authority = people::authority(CITY);
        let (one, two) = tokio::join!(
            set_shares(&registry, &street, "a", 1, &right),
            set_shares(&registry, &authority, "b", 1, &right)
        );
        let lost: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
        assert!(
            lost.iter()
                .all(|status| rpc::failure::reason_of(status) == "CONFLICT")
        );

        let get = async |caller: &Principal| {
            let message = pb::GetHoldingRequest {
                home_id: home(1, 1).to_string(),
                ..Default::default()
            };
            let request = registry.world.request(caller, message);
            registry
                .owners()
                .get_holding(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let own = get(&people::owner(owner(1))).await.unwrap();
        assert_eq!(own.form(), pb::HoldingForm::Shares);
        assert_eq!(refused(get(&people::owner(owner(3))).await), "HOME_NOT_FOUND");
        registry
            .transfer(&people::authority(CITY), "t", home(1, 1), &[owner(3)], TODAY)
            .await
            .unwrap();
        let after = get(&people::owner(owner(3))).await.unwrap();
        assert_eq!((after.form(), after.version), (pb::HoldingForm::Joint, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_in_possession_counts_and_is_registered_later() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        couple(&registry).await;
        let street = people::street(STREET);
        let none = pb::Title::Possession;
        assert_eq!(
            refused(title(&registry, &street, 3, none, "").await),
            "HOME_NOT_DELIVERED"
        );
        let held = title(&registry, &street, 1, none, "").await.unwrap();
        assert_eq!((held.title(), held.version), (pb::Title::Possession, 1));
        // 法释〔2009〕7号 article 1: whoever possesses what was bought and handed over is an owner.
        let roll = registry.roll(whole_area()).await.unwrap();
        assert_eq!(roll[0].owner_ids.len(), 2);
        let registered = pb::Title::Registered;
        assert_eq!(
            refused(title(&registry, &street, 1, registered, "2026-03-03").await),
            "TITLE_IN_THE_FUTURE"
        );
        assert_eq!(
            refused(title(&registry, &street, 1, registered, "2020-04-30").await),
            "TITLE_BEFORE_OWNERSHIP"
        );
        let held = title(&registry, &street, 1, registered, "2026-01-05")
            .await
            .unwrap();
        assert_eq!(held.registered_on, "2026-01-05");
        assert_eq!(
            refused(title(&registry, &street, 1, none, "").await),
            "TITLE_REGISTERED"
        );
        let unsaid = pb::Title::Unspecified;
        assert_eq!(
            refused(title(&registry, &street, 1, unsaid, "").await),
            "HOME_TITLE_MISSING"
        );
        assert_eq!(
            refused(title(&registry, &people::owner(owner(1)), 1, registered, TODAY).await),
            "NOT_ALLOWED"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ct6_the_one_who_was_chosen_casts_the_vote_of_several() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        couple(&registry).await;
        let community = people::community(COMMUNITY);
        let voters = async || registry.roll(whole_area()).await.unwrap()[0].voter_ids.clone();
        assert_eq!(voters().await.len(), 2, "either of them");
        let first = choose(&registry, &community, "k", (1, 1), "2026-01-01")
            .await
            .unwrap();
        assert_eq!(
            (first.owner_id.as_str(), first.version),
            (owner(1).to_string().as_str(), 1)
        );
        assert_eq!(
            choose(&registry, &community, "k", (1, 1), "2026-01-01")
                .await
                .unwrap(),
            first
        );
        assert_eq!(voters().await, [owner(1).to_string()]);
        let entry = &registry.roll(whole_area()).await.unwrap()[0];
        assert_eq!(entry.voters[0].capacity(), VoterCapacity::Representative);
        let second = choose(&registry, &community, "l", (1, 2), "2026-03-01")
            .await
            .unwrap();
        assert_eq!(
            (second.representation_id, second.version),
            (first.representation_id, 2)
        );
        assert_eq!(voters().await, [owner(2).to_string()]);
        let told: Vec<_> = registry
            .told_of("RepresentativeChosen")
            .await
            .into_iter()
            .map(|event| event.version)
            .collect();
        assert_eq!(told, [1, 2]);

        let refusal = async |caller: &Principal, who, from: &str| {
            refused(choose(&registry, caller, &uuid(), who, from).await)
        };
        assert_eq!(refusal(&community, (2, 2), TODAY).await, "OWNER_ALONE");
        assert_eq!(
            refusal(&community, (1, 3), TODAY).await,
            "REPRESENTATIVE_NOT_OWNER"
        );
        assert_eq!(
            refusal(&community, (1, 1), "2026-03-01").await,
            "REPRESENTATIVE_BEFORE_LAST"
        );
        assert_eq!(
            refusal(&people::owner(owner(1)), (1, 1), TODAY).await,
            "NOT_ALLOWED"
        );
        assert_eq!(
            refusal(&people::street(OTHER_STREET), (1, 1), TODAY).await,
            "HOME_NOT_FOUND"
        );
    }
}

fn uuid() -> String {
    ids::EventId::generate().to_string()
}
