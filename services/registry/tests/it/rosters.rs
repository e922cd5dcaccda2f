//! Rosters: enrolled once, screened without a name, suspended, and seen by whom they concern.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn member(kind: pb::RosterKind, mobile: &str) -> pb::EnrolRosterMemberRequest {
    pb::EnrolRosterMemberRequest {
        kind: kind.into(),
        name: "赵六".into(),
        profession: "给排水".into(),
        employer_credit_code: manager_code().to_string(),
        mobile: mobile.into(),
        division_code: match kind {
            pb::RosterKind::Mediator => STREET.into(),
            _ => String::new(),
        },
        valid_from_on: TODAY.into(),
        valid_until_on: "2029-03-01".into(),
    }
}

async fn enrolled(registry: &TestRegistry, kind: pb::RosterKind, mobile: &str) -> pb::RosterMember {
    let authority = people::authority(CITY);
    let message = member(kind, mobile);
    let key = format!("{}-{mobile}", kind.as_str_name());
    call!(
        registry,
        roster_client.enrol_roster_member,
        &authority,
        &key,
        message
    )
    .unwrap()
}

async fn listed(
    registry: &TestRegistry,
    caller: &access::Principal,
    kind: pb::RosterKind,
    change: impl FnOnce(&mut pb::ListRosterRequest),
) -> Vec<String> {
    let mut list = pb::ListRosterRequest {
        kind: kind.into(),
        ..Default::default()
    };
    change(&mut list);
    let found = call!(registry, roster_client.list_roster, caller, "l", list).unwrap();
    let members = found.members.into_iter();
    members.map(|member| member.roster_member_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expert_is_screened_by_employer_and_token_and_named_nowhere() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let expert = enrolled(&registry, pb::RosterKind::Expert, "13900001234").await;
        assert_eq!(
            (expert.name.as_str(), expert.mobile.as_str()),
            ("赵*", "139****1234")
        );
        assert_eq!(expert.employer_id, manager().to_string());
        assert_eq!(expert.conflict_token, "", "a token is for machines");
        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(
            stored.address,
            "heju.v1.registry.roster_member.enrolled.330783.000.000"
        );
        let event: pb::RosterMemberEnrolled = serde_json::from_str(&stored.body).unwrap();
        let told = event.member.unwrap();
        assert_eq!((told.name.as_str(), told.mobile.as_str()), ("", ""));
        assert_eq!(told.conflict_token.len(), 64);
        assert!(!stored.body.contains("13900001234") && !stored.body.contains('赵'));
        // The same number is the same token, whoever has it and on whichever roster.
        enrolled(&registry, pb::RosterKind::Mediator, "13900001234").await;
        let stored = registry.outbox().await.pop().unwrap();
        let event: pb::RosterMemberEnrolled = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.member.unwrap().conflict_token, told.conflict_token);
        assert!(stored.address.ends_with("330783.004.000"), "{}", stored.address);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn experts_are_known_to_the_city_and_mediators_to_their_place() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let expert = enrolled(&registry, pb::RosterKind::Expert, "13900000001").await;
        let mediator = enrolled(&registry, pb::RosterKind::Mediator, "13900000002").await;
        let authority = people::authority(CITY);
        let (street, other) = (people::street(STREET), people::street(OTHER_STREET));
        use pb::RosterKind::{Expert, Mediator};
        let all = |_: &mut pb::ListRosterRequest| ();
        assert_eq!(listed(&registry, &authority, Expert, all).await.len(), 1);
        assert_eq!(listed(&registry, &authority, Mediator, all).await.len(), 1);
        assert_eq!(listed(&registry, &street, Mediator, all).await.len(), 1);
        assert_eq!(listed(&registry, &street, Expert, all).await.len(), 0);
        assert_eq!(listed(&registry, &other, Mediator, all).await.len(), 0);
        let get = async |caller: &access::Principal, id: &str| {
            let message = pb::GetRosterMemberRequest {
                roster_member_id: id.into(),
            };
            call!(registry, roster_client.get_roster_member, caller, "g", message)
        };
        get(&street, &mediator.roster_member_id).await.unwrap();
        for (stranger, id) in [
            (&street, &expert.roster_member_id),
            (&other, &mediator.roster_member_id),
            (&people::firm(manager()), &expert.roster_member_id),
            (&people::owner(owner(1)), &mediator.roster_member_id),
        ] {
            assert_eq!(refused(get(stranger, id).await), "ROSTER_MEMBER_NOT_FOUND");
        }
        let owner = people::owner(owner(1));
        let list = pb::ListRosterRequest {
            kind: Expert.into(),
            ..Default::default()
        };
        let answer = call!(registry, roster_client.list_roster, &owner, "l", list);
        assert_eq!(refused(answer), "NOT_ALLOWED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_or_out_of_validity_is_not_usable() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let expert = enrolled(&registry, pb::RosterKind::Expert, "13900000001").await;
        let id = expert.roster_member_id.clone();
        let usable = async |day: &str| {
            let on = |list: &mut pb::ListRosterRequest| list.usable_on = day.into();
            listed(&registry, &authority, pb::RosterKind::Expert, on)
                .await
                .len()
        };
        assert_eq!((usable(TODAY).await, usable("2026-03-01").await), (1, 0));
        let suspend = pb::SuspendRosterMemberRequest {
            roster_member_id: id.clone(),
            reason: "无故缺席".into(),
        };
        let answer = call!(
            registry,
            roster_client.suspend_roster_member,
            &authority,
            "s",
            suspend.clone()
        );
        assert_eq!(answer.unwrap().state(), pb::RosterState::Suspended);
        assert_eq!(usable(TODAY).await, 0);
        let twice = call!(
            registry,
            roster_client.suspend_roster_member,
            &authority,
            "t",
            suspend
        );
        assert_eq!(refused(twice), "ROSTER_MEMBER_SUSPENDED");
        let reinstate = pb::ReinstateRosterMemberRequest {
            roster_member_id: id.clone(),
        };
        call!(
            registry,
            roster_client.reinstate_roster_member,
            &authority,
            "u",
            reinstate
        )
        .unwrap();
        assert_eq!(usable(TODAY).await, 1);
        let change = pb::ChangeRosterMemberRequest {
            roster_member_id: id.clone(),
            profession: "电气".into(),
            leaves_employer: true,
            ..Default::default()
        };
        let changed = call!(
            registry,
            roster_client.change_roster_member,
            &authority,
            "v",
            change
        )
        .unwrap();
        assert_eq!(
            (changed.profession.as_str(), changed.employer_id.as_str()),
            ("电气", "")
        );
        let remove = pb::RemoveRosterMemberRequest {
            roster_member_id: id.clone(),
            reason: "泄密".into(),
        };
        let street = people::street(STREET);
        let hidden = call!(
            registry,
            roster_client.remove_roster_member,
            &street,
            "w",
            remove.clone()
        );
        assert_eq!(refused(hidden), "ROSTER_MEMBER_NOT_FOUND");
        call!(
            registry,
            roster_client.remove_roster_member,
            &authority,
            "w",
            remove
        )
        .unwrap();
        assert_eq!(
            registry.told(&id).await,
            [
                "RosterMemberEnrolled 1",
                "RosterMemberStandingChanged 2",
                "RosterMemberStandingChanged 3",
                "RosterMemberChanged 4",
                "RosterMemberStruckOff 5"
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_twice_on_one_roster_and_each_wrong_enrolment_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let enrol = async |key: &str, message| {
            call!(
                registry,
                roster_client.enrol_roster_member,
                &authority,
                key,
                message
            )
        };
        let expert = || member(pb::RosterKind::Expert, "13900000001");
        let (one, other) = tokio::join!(enrol("a", expert()), enrol("b", expert()));
        let (key, first, lost) = match (one, other) {
            (Ok(first), Err(lost)) => ("a", first, lost),
            (Err(lost), Ok(first)) => ("b", first, lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(
            ["ROSTER_MEMBER_KNOWN", "CONFLICT"].contains(&reason.as_str()),
            "{reason}"
        );
        assert_eq!(enrol(key, expert()).await.unwrap(), first);
        let mut renamed = expert();
        renamed.name = "钱七".into();
        assert_eq!(refused(enrol(key, renamed).await), "IDEMPOTENCY_KEY_REUSED");
        let wrong = |change: fn(&mut pb::EnrolRosterMemberRequest)| {
            let mut message = member(pb::RosterKind::Mediator, "13900000009");
            change(&mut message);
            message
        };
        let cases: &[Spoilt<pb::EnrolRosterMemberRequest>] = &[
            (|m| m.kind = 0, "ROSTER_KIND_MISSING"),
            (|m| m.division_code.clear(), "DIVISION_MISSING"),
            (|m| m.division_code = "330783999".into(), "DIVISION_UNKNOWN"),
            (|m| m.mobile = "23900000009".into(), "MOBILE_MALFORMED"),
            (|m| m.mobile.clear(), "MOBILE_MALFORMED"),
            (|m| m.profession.clear(), "PROFESSION_MISSING"),
            (|m| m.valid_until_on = "2026-03-01".into(), "VALIDITY_REVERSED"),
        ];
        for (change, reason) in cases.iter().copied() {
            assert_eq!(refused(enrol(reason, wrong(change)).await), reason);
        }
    }
}
