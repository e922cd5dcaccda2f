//! Objections to a published roll, and their answers.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::published_rolls::publish;
use crate::world::*;

const TEXT: &str = "我家（张三）面积登记有误。";

async fn raise(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    roll_id: &str,
    text: &str,
) -> Result<pb::Objection, Status> {
    let message = pb::RaiseObjectionRequest {
        roll_id: roll_id.to_owned(),
        text: text.to_owned(),
    };
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .rolls()
        .raise_objection(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn answer(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    objection_id: &str,
    text: &str,
) -> Result<pb::Objection, Status> {
    let message = pb::AnswerObjectionRequest {
        objection_id: objection_id.to_owned(),
        upheld: true,
        answer: text.to_owned(),
    };
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .rolls()
        .answer_objection(request)
        .await
        .map(tonic::Response::into_inner)
}

async fn list(
    registry: &TestRegistry,
    caller: &Principal,
    roll_id: &str,
) -> Result<Vec<pb::Objection>, Status> {
    let message = pb::ListObjectionsRequest {
        roll_id: roll_id.to_owned(),
        ..Default::default()
    };
    let request = registry.world.request(caller, message);
    Ok(registry
        .rolls()
        .list_objections(request)
        .await?
        .into_inner()
        .objections)
}

#[tokio::test(flavor = "multi_thread")]
async fn oc7_objections_are_recorded_and_answered() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let street = people::street(STREET);
        let roll = publish(&registry, &street, "k", |_| ()).await.unwrap();
        let id = roll.roll_id.as_str();
        let (one, two) = (people::owner(owner(1001)), people::owner(owner(1002)));
        let first = raise(&registry, &one, "o", id, TEXT).await.unwrap();
        assert_eq!((first.text.as_str(), first.answered), (TEXT, false));
        assert_eq!(raise(&registry, &one, "o", id, TEXT).await.unwrap(), first);
        assert_eq!(
            refused(raise(&registry, &one, "o", id, "另一内容").await),
            "IDEMPOTENCY_KEY_REUSED"
        );
        let second = raise(&registry, &two, "o", id, "名字有误").await.unwrap();

        assert_eq!(
            list(&registry, &one, id).await.unwrap(),
            std::slice::from_ref(&first),
            "the own only"
        );
        let all = list(&registry, &street, id).await.unwrap();
        assert_eq!(all, [first.clone(), second.clone()]);
        assert_eq!(
            list(&registry, &people::committee_member(area()), id)
                .await
                .unwrap(),
            all
        );

        let answered = answer(&registry, &street, "a", &first.objection_id, "已更正")
            .await
            .unwrap();
        assert!(answered.answered && answered.upheld);
        assert_eq!(answered.answer, "已更正");
        assert_eq!(
            answer(&registry, &street, "a", &first.objection_id, "已更正")
                .await
                .unwrap(),
            answered
        );
        assert_eq!(
            refused(answer(&registry, &street, "b", &first.objection_id, "再答").await),
            "OBJECTION_ANSWERED"
        );
        assert_eq!(list(&registry, &one, id).await.unwrap(), [answered]);

        let versions: Vec<_> = registry
            .outbox()
            .await
            .into_iter()
            .filter(|event| event.aggregate == roll.roll_id)
            .map(|event| (event.kind.replace("heju.registry.v1.", ""), event.version))
            .collect();
        let expected = [
            ("RollPublished", 1),
            ("ObjectionRaised", 2),
            ("ObjectionRaised", 3),
            ("ObjectionAnswered", 4),
        ];
        assert_eq!(
            versions,
            expected.map(|(kind, version)| (kind.to_owned(), version))
        );
        let mut kept = registry.dump("commands", "answer").await;
        kept.extend(registry.dump("outbox", "body").await);
        kept.extend(registry.dump("objections", "text_sealed").await);
        for text in kept {
            assert!(!text.contains("张三") && !text.contains("已更正"), "{text}");
        }
        // Answers also come after the last day; objections do not.
        registry
            .world
            .advance_to("2026-03-17T01:00:00Z".parse().unwrap())
            .await;
        assert_eq!(
            refused(raise(&registry, &one, "late", id, TEXT).await),
            "ROLL_NOT_PUBLISHED"
        );
        answer(&registry, &street, "late", &second.objection_id, "已核实")
            .await
            .unwrap();
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_objection_and_answer_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let street = people::street(STREET);
        let roll = publish(&registry, &street, "k", |_| ()).await.unwrap();
        let id = roll.roll_id.as_str();
        let own = people::owner(owner(1001));
        assert_eq!(
            refused(raise(&registry, &own, "o", id, " ").await),
            "OBJECTION_TEXT_MISSING"
        );
        let nowhere = ids::RollId::generate().to_string();
        assert_eq!(
            refused(raise(&registry, &own, "o", &nowhere, TEXT).await),
            "ROLL_NOT_FOUND"
        );
        for stranger in [people::owner(owner(5)), street.clone(), people::firm(manager())] {
            assert_eq!(
                refused(raise(&registry, &stranger, "o", id, TEXT).await),
                "NOT_ALLOWED"
            );
        }
        let mut last = String::new();
        for number in 1..=5 {
            let raised = raise(&registry, &own, &format!("o{number}"), id, TEXT)
                .await
                .unwrap();
            last = raised.objection_id;
        }
        assert_eq!(
            refused(raise(&registry, &own, "o6", id, TEXT).await),
            "OBJECTIONS_TOO_MANY"
        );

        assert_eq!(
            refused(answer(&registry, &street, "a", &last, "").await),
            "ANSWER_TEXT_MISSING"
        );
        assert_eq!(
            refused(answer(&registry, &own, "a", &last, "x").await),
            "NOT_ALLOWED"
        );
        let wrong = people::street(OTHER_STREET);
        assert_eq!(
            refused(answer(&registry, &wrong, "a", &last, "x").await),
            "OBJECTION_NOT_FOUND"
        );
        let unknown = ids::ObjectionId::generate().to_string();
        assert_eq!(
            refused(answer(&registry, &street, "a", &unknown, "x").await),
            "OBJECTION_NOT_FOUND"
        );
        assert_eq!(refused(list(&registry, &wrong, id).await), "ROLL_NOT_FOUND");
        assert_eq!(
            refused(list(&registry, &people::firm(manager()), id).await),
            "NOT_ALLOWED"
        );
        let community = people::community(COMMUNITY);
        let (one, two) = tokio::join!(
            answer(&registry, &street, "x", &last, "一"),
            answer(&registry, &community, "y", &last, "二")
        );
        let lost = match (one, two) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(
            ["OBJECTION_ANSWERED", "CONFLICT"].contains(&reason.as_str()),
            "{reason}"
        );
    }
}
