//! Preparing a ballot: the story, each refusal, the repeat, the race.

use proto::committees::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::stage::{
    COMMUNITY, OTHER_STREET, STREET, area, building, community, elsewhere, manager, on_each, owner, proposal,
    refused,
};

#[tokio::test]
async fn a_community_prepares_a_ballot_and_it_is_told() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        assert_eq!(ballot.state(), pb::BallotState::Prepared);
        assert_eq!((ballot.version, ballot.division_code.as_str()), (1, COMMUNITY));
        assert_eq!(
            (ballot.scope.clone(), ballot.title.as_str()),
            (proposal().scope, "1幢屋面防水维修")
        );
        assert_eq!(
            (&ballot.roll, &ballot.turnout, &ballot.result),
            (&None, &None, &None)
        );
        let events = stage.events().await;
        let [(kind, aggregate, 1, body)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!((kind.as_str(), aggregate), ("BallotPrepared", &ballot.ballot_id));
        let told: pb::BallotPrepared = serde_json::from_str(body).unwrap();
        assert_eq!(told.ballot, Some(ballot.clone()));
        assert_eq!(stage.get(&community(), &ballot.ballot_id).await.unwrap(), ballot);
    })
    .await;
}

#[tokio::test]
async fn the_committee_and_the_street_prepare_ballots_too() {
    on_each(async |stage| {
        stage
            .prepare(&people::committee_member(area()), proposal())
            .await
            .unwrap();
        stage.prepare(&people::street(STREET), proposal()).await.unwrap();
        assert_eq!(stage.told().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_prepare_is_refused_without_learning_more_than_they_know() {
    on_each(async |stage| {
        // To these the area does not exist.
        for stranger in [
            people::street(OTHER_STREET),
            people::committee_member(elsewhere()),
        ] {
            refused(
                stage.prepare(&stranger, proposal()).await,
                "AREA_NOT_FOUND",
                Code::NotFound,
            );
        }
        // These know it, and may not.
        for known in [
            owner("A"),
            people::firm(manager()),
            people::authority("330783"),
            people::administrator(),
        ] {
            refused(
                stage.prepare(&known, proposal()).await,
                "NOT_ALLOWED",
                Code::PermissionDenied,
            );
        }
        assert_eq!(stage.told().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_said() {
    on_each(async |stage| {
        let who = community();
        let scope = || proposal().scope.unwrap();
        let with_scope = |scope| pb::PrepareBallotRequest {
            scope: Some(scope),
            ..proposal()
        };

        let mut unknown = scope();
        unknown.area_id = ids::AreaId::derive("nowhere").to_string();
        refused(
            stage.prepare(&people::street(STREET), with_scope(unknown)).await,
            "AREA_NOT_FOUND",
            Code::NotFound,
        );
        let mut foreign = scope();
        foreign.building_ids = vec![
            building(1).to_string(),
            ids::BuildingId::derive("别处/1").to_string(),
        ];
        refused(
            stage.prepare(&who, with_scope(foreign)).await,
            "BUILDING_NOT_IN_AREA",
            Code::InvalidArgument,
        );
        let mut other_kind = scope();
        other_kind.area_id = building(1).to_string();
        refused(
            stage.prepare(&who, with_scope(other_kind)).await,
            "ID_OF_OTHER_KIND",
            Code::InvalidArgument,
        );
        let mut malformed = scope();
        malformed.building_ids = vec!["building_1".into()];
        refused(
            stage.prepare(&who, with_scope(malformed)).await,
            "ID_MALFORMED",
            Code::InvalidArgument,
        );
        let mut stairwells = scope();
        stairwells.building_ids.clear();
        stairwells.stairwells = vec!["1".into()];
        let refusal = stage.prepare(&who, with_scope(stairwells)).await;
        refused(refusal, "STAIRWELLS_WITHOUT_BUILDING", Code::InvalidArgument);
        let none = pb::PrepareBallotRequest {
            scope: None,
            ..proposal()
        };
        refused(
            stage.prepare(&who, none).await,
            "ID_MALFORMED",
            Code::InvalidArgument,
        );

        let untitled = pb::PrepareBallotRequest {
            title: " \t".into(),
            ..proposal()
        };
        refused(
            stage.prepare(&who, untitled).await,
            "TITLE_MISSING",
            Code::InvalidArgument,
        );
        let long_title = pb::PrepareBallotRequest {
            title: "字".repeat(101),
            ..proposal()
        };
        refused(
            stage.prepare(&who, long_title).await,
            "TEXT_TOO_LONG",
            Code::InvalidArgument,
        );
        let long_text = pb::PrepareBallotRequest {
            text: "字".repeat(20_001),
            ..proposal()
        };
        refused(
            stage.prepare(&who, long_text).await,
            "TEXT_TOO_LONG",
            Code::InvalidArgument,
        );
        for matter in [0, 10, -1] {
            let matterless = pb::PrepareBallotRequest { matter, ..proposal() };
            refused(
                stage.prepare(&who, matterless).await,
                "MATTER_MISSING",
                Code::InvalidArgument,
            );
        }
        assert_eq!(stage.told().await, [], "nothing is half done");

        let longest = pb::PrepareBallotRequest {
            title: "字".repeat(100),
            text: "字".repeat(20_000),
            ..proposal()
        };
        stage.prepare(&who, longest).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_same_request_twice_prepares_one_ballot() {
    on_each(async |stage| {
        let request = || stage.world.request_with_key(&community(), "key-1", proposal());
        let first = stage
            .client()
            .prepare_ballot(request())
            .await
            .unwrap()
            .into_inner();
        let again = stage
            .client()
            .prepare_ballot(request())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(first, again);
        assert_eq!(stage.told().await, [("BallotPrepared".to_owned(), 1)]);
        let other = pb::PrepareBallotRequest {
            title: "别的事".into(),
            ..proposal()
        };
        let other = stage.world.request_with_key(&community(), "key-1", other);
        refused(
            stage.client().prepare_ballot(other).await,
            "IDEMPOTENCY_KEY_REUSED",
            Code::InvalidArgument,
        );
        let mut keyless = stage.world.request(&community(), proposal());
        keyless.metadata_mut().remove("idempotency-key");
        refused(
            stage.client().prepare_ballot(keyless).await,
            "IDEMPOTENCY_KEY_MISSING",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_request_twice_at_one_moment_prepares_one_ballot() {
    on_each(async |stage| {
        let call = || async {
            let request = stage.world.request_with_key(&community(), "key-1", proposal());
            stage.client().prepare_ballot(request).await
        };
        let (one, two) = futures::join!(call(), call());
        // On PostgreSQL the one that came second may have to ask again.
        let won: Vec<_> = [one, two]
            .into_iter()
            .filter_map(Result::ok)
            .map(|it| it.into_inner().ballot_id)
            .collect();
        assert!(!won.is_empty() && won.iter().all(|id| *id == won[0]), "{won:?}");
        assert_eq!(call().await.unwrap().into_inner().ballot_id, won[0]);
        assert_eq!(stage.told().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_call_without_a_token_or_with_a_forged_one_is_not_let_in() {
    on_each(async |stage| {
        let mut nobody = stage.world.request(&community(), proposal());
        nobody.metadata_mut().remove("authorization");
        refused(
            stage.client().prepare_ballot(nobody).await,
            "TOKEN_MISSING",
            Code::Unauthenticated,
        );
        let mut forged = stage.world.request(&community(), proposal());
        let elsewhere = access::Issuer::generate();
        let hour = std::time::Duration::from_secs(3600);
        let token = elsewhere.issue(&community(), chrono::Utc::now(), hour);
        forged
            .metadata_mut()
            .insert("authorization", format!("Bearer {token}").parse().unwrap());
        let status = stage.client().prepare_ballot(forged).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated);
    })
    .await;
}
