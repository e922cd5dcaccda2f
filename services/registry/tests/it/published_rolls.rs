//! The public masked roll (公示名册): frozen, found by a code, taken down by itself.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::{Request, Status};

use crate::world::*;

pub async fn publish(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    change: impl FnOnce(&mut pb::PublishRollRequest),
) -> Result<pb::PublishedRoll, Status> {
    let mut message = pb::PublishRollRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    change(&mut message);
    let request = registry.world.request_with_key(caller, key, message);
    registry
        .rolls()
        .publish_roll(request)
        .await
        .map(tonic::Response::into_inner)
}

/// The roll as everybody sees it, without a token.
async fn read(registry: &TestRegistry, roll_id: &str) -> Result<Vec<pb::RollLine>, Status> {
    let mut lines = Vec::new();
    let mut token = String::new();
    loop {
        let message = pb::GetPublishedRollRequest {
            roll_id: roll_id.to_owned(),
            page_size: 2,
            page_token: token,
        };
        let answer = registry.rolls().get_published_roll(Request::new(message)).await?;
        let page = answer.into_inner();
        lines.extend(page.lines);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(lines);
        }
    }
}

async fn code(
    registry: &TestRegistry,
    caller: &Principal,
    roll_id: &str,
    serial: u32,
) -> Result<String, Status> {
    let message = pb::GetRollCodeRequest {
        roll_id: roll_id.to_owned(),
        owner_id: owner(serial).to_string(),
    };
    let request = registry.world.request(caller, message);
    Ok(registry.rolls().get_roll_code(request).await?.into_inner().code)
}

async fn own_lines(registry: &TestRegistry, roll_id: &str, code: &str) -> Result<Vec<pb::RollLine>, Status> {
    let message = pb::FindOwnLineRequest {
        roll_id: roll_id.to_owned(),
        code: code.to_owned(),
    };
    let answer = registry.rolls().find_own_line(Request::new(message)).await?;
    Ok(answer.into_inner().lines)
}

async fn listed(registry: &TestRegistry) -> Vec<pb::PublishedRoll> {
    let message = pb::ListPublishedRollsRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let answer = registry
        .rolls()
        .list_published_rolls(Request::new(message))
        .await
        .unwrap();
    answer.into_inner().rolls
}

/// Homes 1 and 2 of owner 1, home 3 of owners 1 and 3, home 4 unsold.
async fn estate(registry: &TestRegistry) {
    let homes: String = (1..=3).map(|number| home_row(1, number, "DELIVERED")).collect();
    let homes = HOMES_HEADER.to_owned() + &homes + &home_row(1, 4, "UNSOLD");
    registry.load(pb::TableKind::Homes, &homes).await;
    let owners = OWNERSHIPS_HEADER.to_owned()
        + &ownership_row(1, 1, 1)
        + &ownership_row(1, 2, 1)
        + &ownership_row(1, 3, 1)
        + &ownership_row(1, 3, 3);
    registry.load(pb::TableKind::Ownerships, &owners).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_it_masked_and_an_owner_finds_the_own_lines_by_a_code() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let street = people::street(STREET);
        let roll = publish(&registry, &street, "k", |_| ()).await.unwrap();
        assert_eq!(
            (roll.from_on.as_str(), roll.until_on.as_str()),
            (TODAY, "2026-03-16")
        );
        assert_eq!((roll.homes, roll.heads, roll.area), (4, 3, 40_000));
        assert!(roll.article.contains("第12条") && !roll.shows_rooms);
        assert_eq!(publish(&registry, &street, "k", |_| ()).await.unwrap(), roll);
        let other = publish(&registry, &street, "k", |message| message.count_parking = true).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(listed(&registry).await, std::slice::from_ref(&roll));

        let lines = read(&registry, &roll.roll_id).await.unwrap();
        let seen: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line.line,
                    line.room.as_str(),
                    line.names.join("、"),
                    line.exclusive_area,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (1, "", "张*".to_owned(), 10_000),
                (2, "", "张*".to_owned(), 10_000),
                (3, "", "张*、张*".to_owned(), 10_000),
                (4, "", "东阳建设（演示）".to_owned(), 10_000)
            ]
        );
        assert_eq!(
            (lines[0].building_number.as_str(), lines[0].stairwell.as_str()),
            ("1", "1")
        );

        let own = code(&registry, &people::owner(owner(1)), &roll.roll_id, 1)
            .await
            .unwrap();
        assert_eq!(code(&registry, &street, &roll.roll_id, 1).await.unwrap(), own);
        let found = own_lines(&registry, &roll.roll_id, &own.to_lowercase())
            .await
            .unwrap();
        let rooms: Vec<_> = found.iter().map(|line| line.room.as_str()).collect();
        assert_eq!(rooms, ["0001", "0002", "0003"], "with the rooms");
        let third = code(&registry, &people::owner(owner(3)), &roll.roll_id, 3)
            .await
            .unwrap();
        assert_ne!(third, own);
        assert_eq!(
            own_lines(&registry, &roll.roll_id, &third).await.unwrap().len(),
            1
        );
        for unknown in ["00000-00000", "short", "张三"] {
            assert_eq!(
                refused(own_lines(&registry, &roll.roll_id, unknown).await),
                "ROLL_CODE_UNKNOWN"
            );
        }
        for text in registry.dump("roll_codes", "code_index").await {
            assert!(!text.contains(&own.replace('-', "")));
        }

        // It is frozen: a transfer is on the next one.
        registry
            .transfer(&people::authority(CITY), "t", home(1, 1), &[owner(3)], TODAY)
            .await
            .unwrap();
        assert_eq!(read(&registry, &roll.roll_id).await.unwrap(), lines);
        assert_eq!(own_lines(&registry, &roll.roll_id, &own).await.unwrap().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_down_by_itself_after_its_last_day() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let community = people::community(COMMUNITY);
        let roll = publish(&registry, &community, "k", |message| {
            message.from_on = "2026-03-04".into();
            message.until_on = "2026-03-20".into();
            message.as_of_on = "2026-02-01".into();
        })
        .await
        .unwrap();
        let id = roll.roll_id.as_str();
        assert_eq!(refused(read(&registry, id).await), "ROLL_NOT_FOUND", "not begun");
        let own = code(&registry, &community, id, 1).await.unwrap();
        assert_eq!(refused(own_lines(&registry, id, &own).await), "ROLL_NOT_FOUND");
        let to = async |at: &str| registry.world.advance_to(at.parse().unwrap()).await;
        to("2026-03-04T00:00:00Z").await;
        assert_eq!(read(&registry, id).await.unwrap().len(), 4);
        // The last minute of its last day in China, and the first of the day after.
        to("2026-03-20T15:59:00Z").await;
        assert_eq!(own_lines(&registry, id, &own).await.unwrap().len(), 3);
        assert_eq!(registry.told_of("RollTakenDown").await.len(), 0);
        to("2026-03-20T16:00:00Z").await;
        assert_eq!(refused(read(&registry, id).await), "ROLL_NOT_FOUND");
        assert_eq!(refused(own_lines(&registry, id, &own).await), "ROLL_NOT_FOUND");
        assert_eq!(
            refused(code(&registry, &community, id, 1).await),
            "ROLL_NOT_FOUND"
        );
        assert_eq!(listed(&registry).await, []);
        let told = registry.told_of("RollTakenDown").await;
        assert_eq!((told.len(), told[0].version), (1, 2));
        assert_eq!(told[0].address, "heju.v1.registry.roll.taken_down.330783.004.015");
        let event: pb::RollTakenDown = serde_json::from_str(&told[0].body).unwrap();
        assert_eq!(event.state(), pb::RollState::Ended);
        publish(&registry, &community, "next", |_| ()).await.unwrap();
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publication_that_cannot_be_has_its_reason_and_leaves_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let street = people::street(STREET);
        let refusal = async |caller: &Principal, change: &dyn Fn(&mut pb::PublishRollRequest)| {
            let key = ids::EventId::generate().to_string();
            refused(publish(&registry, caller, &key, change).await)
        };
        assert_eq!(refusal(&street, &|_| ()).await, "ROLL_EMPTY");
        estate(&registry).await;
        let nobody = HOMES_HEADER.to_owned() + &home_row(2, 1, "DELIVERED");
        registry.load(pb::TableKind::Homes, &nobody).await;
        assert_eq!(refusal(&street, &|_| ()).await, "ROLL_NOT_READY");
        assert_eq!(registry.dump("roll_lines", "names").await, Vec::<String>::new());
        let owner = OWNERSHIPS_HEADER.to_owned() + &ownership_row(2, 1, 5);
        registry.load(pb::TableKind::Ownerships, &owner).await;

        let until =
            |day: &'static str| move |message: &mut pb::PublishRollRequest| message.until_on = day.into();
        assert_eq!(
            refusal(&street, &until("2026-03-15")).await,
            "PUBLICITY_TOO_SHORT"
        );
        assert_eq!(refusal(&street, &until("2026-06-15")).await, "PUBLICITY_TOO_LONG");
        assert_eq!(refusal(&street, &until("soon")).await, "DATE_MALFORMED");
        assert_eq!(
            refusal(&street, &|message| message.from_on = "2026-03-01".into()).await,
            "PUBLICITY_IN_THE_PAST"
        );
        assert_eq!(
            refusal(&street, &|message| message.as_of_on = "2026-03-03".into()).await,
            "ROLL_AS_OF_THE_FUTURE"
        );
        assert_eq!(
            refusal(&people::street(OTHER_STREET), &|_| ()).await,
            "AREA_NOT_FOUND"
        );
        for caller in [
            people::authority(CITY),
            people::firm(manager()),
            people::owner(owner_id()),
        ] {
            assert_eq!(refusal(&caller, &|_| ()).await, "NOT_ALLOWED");
        }
        let committee = people::committee_member(area());
        let (one, two) = tokio::join!(
            publish(&registry, &street, "a", |_| ()),
            publish(&registry, &committee, "b", |_| ())
        );
        let (roll, lost) = match (one, two) {
            (Ok(roll), Err(lost)) | (Err(lost), Ok(roll)) => (roll, lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(
            ["ROLL_PUBLISHED", "CONFLICT"].contains(&reason.as_str()),
            "{reason}"
        );
        assert_eq!(registry.dump("roll_lines", "names").await.len(), 5);
        assert_eq!(refusal(&street, &|_| ()).await, "ROLL_PUBLISHED");

        let withdraw = async |caller: &Principal, key: &str, reason: &str| {
            let message = pb::WithdrawRollRequest {
                roll_id: roll.roll_id.clone(),
            };
            let request = registry.because(caller, key, reason, message);
            registry
                .rolls()
                .withdraw_roll(request)
                .await
                .map(tonic::Response::into_inner)
        };
        assert_eq!(refused(withdraw(&street, "w", "").await), "REASON_MISSING");
        assert_eq!(
            refused(withdraw(&people::authority(CITY), "w", "x").await),
            "NOT_ALLOWED"
        );
        let wrong = people::street(OTHER_STREET);
        assert_eq!(refused(withdraw(&wrong, "w", "x").await), "ROLL_NOT_FOUND");
        let withdrawn = withdraw(&street, "w", "面积更正").await.unwrap();
        assert_eq!(withdrawn.state(), pb::RollState::Withdrawn);
        assert_eq!(withdraw(&street, "w", "面积更正").await.unwrap(), withdrawn);
        assert_eq!(refused(withdraw(&street, "w2", "x").await), "ROLL_NOT_PUBLISHED");
        assert_eq!(refused(read(&registry, &roll.roll_id).await), "ROLL_NOT_FOUND");
        publish(&registry, &street, "c", |_| ()).await.unwrap();
        for event in registry.outbox().await {
            assert!(!event.body.contains("张"), "no name in an event, masked or not");
        }
    }
}

fn owner_id() -> ids::OwnerId {
    owner(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_the_owner_and_for_whoever_brings_it() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        estate(&registry).await;
        let roll = publish(&registry, &people::street(STREET), "k", |_| ())
            .await
            .unwrap();
        let id = roll.roll_id.as_str();
        let neighbour = people::owner(owner(3));
        assert_eq!(
            refused(code(&registry, &neighbour, id, 1).await),
            "OWNER_NOT_FOUND"
        );
        let authority = people::authority(CITY);
        assert_eq!(refused(code(&registry, &authority, id, 1).await), "NOT_ALLOWED");
        let wrong = people::street(OTHER_STREET);
        assert_eq!(refused(code(&registry, &wrong, id, 1).await), "OWNER_NOT_FOUND");
        let bought = HOMES_HEADER.to_owned() + &home_row(2, 1, "SOLD");
        registry.load(pb::TableKind::Homes, &bought).await;
        let owners = OWNERSHIPS_HEADER.to_owned() + &ownership_row(2, 1, 9);
        registry.load(pb::TableKind::Ownerships, &owners).await;
        let waiting = people::owner(owner(9));
        assert_eq!(
            refused(code(&registry, &waiting, id, 9).await),
            "OWNER_NOT_ON_ROLL"
        );
    }
}
