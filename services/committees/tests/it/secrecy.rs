//! Nobody's choice is shown to anybody else: not by a call, not in an event, not in a refusal.

use std::collections::BTreeSet;

use prost_reflect::{Kind, MessageDescriptor};
use proto::committees::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::stage::{CLOSING, area, at, community, developer, home, manager, on_each, owner, refused};

/// Whether a message can hold a choice, however deep.
fn holds_choice(message: &MessageDescriptor, seen: &mut BTreeSet<String>) -> bool {
    seen.insert(message.full_name().to_owned())
        && message.fields().any(|field| match field.kind() {
            Kind::Enum(kind) => kind.full_name() == "heju.committees.v1.Choice",
            Kind::Message(inner) => holds_choice(&inner, seen),
            _ => false,
        })
}

#[test]
fn only_casting_and_reading_own_votes_answer_with_a_choice() {
    let answering: Vec<&str> = proto::catalog::calls()
        .iter()
        .filter(|call| holds_choice(&call.output, &mut BTreeSet::new()))
        .map(|call| call.name.as_str())
        .collect();
    assert_eq!(answering, ["CastVote", "ListOwnVotes"]);
}

#[test]
fn no_event_of_any_service_has_room_for_a_choice() {
    for event in proto::catalog::events() {
        assert!(
            !holds_choice(&event.message, &mut BTreeSet::new()),
            "{}",
            event.full_name
        );
    }
}

#[tokio::test]
async fn a_co_owner_learns_that_the_head_has_voted_and_not_how() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        let key = "key-of-b";
        let cast = stage
            .vote_with_key(&owner("B"), key, id, home(4), pb::Choice::Against)
            .await
            .unwrap();
        let seen = |lines: Vec<pb::Vote>| lines.into_iter().find(|line| line.head_key == "B+C").unwrap();

        let own = seen(stage.own_votes(&owner("B"), id).await.unwrap());
        assert_eq!(own, cast);
        let other = seen(stage.own_votes(&owner("C"), id).await.unwrap());
        assert_eq!(
            other,
            pb::Vote {
                choice: pb::Choice::Unspecified.into(),
                ..cast.clone()
            }
        );

        // Neither the refusal of a second vote nor the voter's own key tells more.
        let status = stage
            .vote(&owner("C"), id, home(4), pb::Choice::Against)
            .await
            .unwrap_err();
        let told = format!("{status:?}").to_lowercase();
        assert!(!told.contains("against") && !told.contains("反对"), "{told}");
        let with_key = stage
            .vote_with_key(&owner("C"), key, id, home(4), pb::Choice::Against)
            .await;
        refused(with_key, "ALREADY_VOTED", Code::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_at_the_votes_of_others_before_or_after_the_count() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        stage
            .vote(&owner("A"), id, home(1), pb::Choice::Against)
            .await
            .unwrap();
        stage
            .vote(&owner("B"), id, home(3), pb::Choice::Abstain)
            .await
            .unwrap();
        stage
            .vote(&people::firm(developer()), id, home(6), pb::Choice::For)
            .await
            .unwrap();
        let everybody = [
            community(),
            people::committee_member(area()),
            people::authority("330783"),
            people::auditor("330783"),
            people::firm(manager()),
            owner("C"),
            owner("D"),
            people::administrator(),
        ];
        for _ in ["before", "after"] {
            for who in &everybody {
                let lines = stage.own_votes(who, id).await.unwrap_or_default();
                assert!(
                    lines.iter().all(|line| line.choice() == pb::Choice::Unspecified),
                    "{who:?}: {lines:?}"
                );
                if let Ok(read) = stage.get(who, id).await {
                    assert_eq!(
                        read.result.is_some(),
                        read.state() == pb::BallotState::Decided,
                        "no count in between"
                    );
                }
            }
            stage.world.advance_to(at(CLOSING)).await;
        }
        for (kind, _, _, body) in stage.events().await {
            assert!(
                !body.contains("CHOICE") && !body.contains("choice"),
                "{kind}: {body}"
            );
        }
        // The event of a vote has these fields and no more.
        let open: Vec<String> = stage
            .events()
            .await
            .into_iter()
            .filter(|(kind, ..)| kind == "VoteCast")
            .map(|(_, _, _, body)| {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                let fields: BTreeSet<String> = body.as_object().unwrap().keys().cloned().collect();
                fields.into_iter().collect::<Vec<_>>().join(",")
            })
            .collect();
        assert_eq!(open, vec!["area,ballotId,castAt,homeIds,voteId"; 3]);
    })
    .await;
}
