//! Delineations: from the design review to a filed area, each refusal, the clocks, the repeat and the race.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::delineation_service_client::DelineationServiceClient;
use testkit::{Backend, backends, people};
use tonic::Status;

use crate::world::*;

const NUMBER: &str = "330783004015-0002";

/// A registry with two firms and no area.
pub async fn with_firms(backend: Backend) -> TestRegistry {
    let registry = TestRegistry::new(backend).await;
    registry.load(pb::TableKind::Firms, &firms()).await;
    registry
}

/// A write of the delineation service, by its method.
macro_rules! send {
    ($registry:expr, $caller:expr, $key:expr, $rpc:ident, $message:expr) => {{
        let request = $registry.world.request_with_key($caller, $key, $message);
        let mut client = DelineationServiceClient::new($registry.peer());
        client.$rpc(request).await.map(tonic::Response::into_inner)
    }};
}
pub(crate) use send;

pub fn application(number: &str) -> pb::ApplyForDelineationRequest {
    pb::ApplyForDelineationRequest {
        developer_id: developer().to_string(),
        project: "湖畔花园".into(),
        division_code: COMMUNITY.into(),
        number: number.into(),
        name: "湖畔花园".into(),
        permit_number: "建字第1号".into(),
        permitted_on: "2026-02-27".into(),
        above_ground_area: 6_843_250,
        phases: vec![
            pb::ProjectPhase {
                name: "一期".into(),
                above_ground_area: 4_000_000,
            },
            pb::ProjectPhase {
                name: "二期".into(),
                above_ground_area: 2_843_250,
            },
        ],
        shared_facilities: vec!["配电房".into()],
        ..Default::default()
    }
}

pub async fn apply(
    registry: &TestRegistry,
    key: &str,
    message: pb::ApplyForDelineationRequest,
) -> Result<pb::Delineation, Status> {
    send!(
        registry,
        &people::firm(developer()),
        key,
        apply_for_delineation,
        message
    )
}

pub async fn opine(
    registry: &TestRegistry,
    caller: &Principal,
    id: &str,
    agrees: bool,
) -> Result<pb::Delineation, Status> {
    let message = pb::GiveDelineationOpinionRequest {
        delineation_id: id.into(),
        agrees,
        text: "意见".into(),
    };
    let key = format!("opinion-{}-{agrees}-{id}", caller.subject);
    send!(registry, caller, &key, give_delineation_opinion, message)
}

async fn decide(
    registry: &TestRegistry,
    key: &str,
    id: &str,
    approve: bool,
    reasons: &str,
) -> Result<pb::Delineation, Status> {
    let message = pb::DecideDelineationRequest {
        delineation_id: id.into(),
        approve,
        reasons: reasons.into(),
        number: String::new(),
    };
    send!(
        registry,
        &people::authority(CITY),
        key,
        decide_delineation,
        message
    )
}

async fn heard(registry: &TestRegistry, id: &str) {
    for officer in [people::street(STREET), people::community(COMMUNITY)] {
        opine(registry, &officer, id, true).await.unwrap();
    }
}

/// An area that was delineated from an application.
pub async fn approved(registry: &TestRegistry, number: &str) -> pb::Delineation {
    let open = apply(registry, &format!("apply-{number}"), application(number))
        .await
        .unwrap();
    heard(registry, &open.delineation_id).await;
    let key = format!("decide-{number}");
    decide(registry, &key, &open.delineation_id, true, "")
        .await
        .unwrap()
}

pub async fn get(registry: &TestRegistry, caller: &Principal, id: &str) -> Result<pb::Delineation, Status> {
    let message = pb::GetDelineationRequest {
        delineation_id: id.into(),
    };
    send!(registry, caller, "r", get_delineation, message)
}

pub fn question() -> pb::ConsultOnDesignRequest {
    pb::ConsultOnDesignRequest {
        project: "湖畔花园".into(),
        division_code: COMMUNITY.into(),
        developer_id: developer().to_string(),
        above_ground_area: 6_843_250,
        all_non_residential: false,
        text: "请提出意见".into(),
    }
}

async fn advance(registry: &TestRegistry, instant: &str) {
    registry.world.advance_to(instant.parse().unwrap()).await;
    registry.world.pump().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_goes_from_the_design_review_to_a_filed_area() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let asked = send!(
            registry,
            &people::department(CITY),
            "a",
            consult_on_design,
            question()
        )
        .unwrap();
        assert_eq!(asked.state(), pb::DelineationState::Consulting);
        let consultation = asked.consultation.clone().unwrap();
        assert_eq!(
            (consultation.asked_on.as_str(), consultation.answer_by_on.as_str()),
            (TODAY, "2026-03-16")
        );
        assert_eq!(consultation.rooms_required, 47_903, "E24");

        let id = asked.delineation_id.clone();
        let answer = pb::AnswerDesignRequest {
            delineation_id: id.clone(),
            answer: "同意".into(),
        };
        send!(registry, &people::authority(CITY), "b", answer_design, answer).unwrap();
        let mut message = application(NUMBER);
        message.delineation_id.clone_from(&id);
        let applied = apply(&registry, "c", message).await.unwrap();
        assert_eq!(applied.state(), pb::DelineationState::Applied);
        let of = applied.application.clone().unwrap();
        assert_eq!(
            (of.apply_by_on.as_str(), of.late, of.decide_by_on.as_str()),
            ("2026-03-30", false, "2026-03-16"),
            "30 days end on a Sunday"
        );
        assert_eq!((of.rooms_required, of.phases.len()), (47_903, 2));

        assert_eq!(
            refused(decide(&registry, "d", &id, true, "").await),
            "STREET_NOT_HEARD"
        );
        let street = people::street(STREET);
        opine(&registry, &street, &id, false).await.unwrap();
        assert_eq!(
            refused(decide(&registry, "d", &id, true, "").await),
            "STREET_DISAGREES"
        );
        opine(&registry, &street, &id, true).await.unwrap();
        assert_eq!(
            refused(decide(&registry, "d", &id, true, "").await),
            "COMMUNITY_NOT_HEARD"
        );
        opine(&registry, &people::community(COMMUNITY), &id, false)
            .await
            .unwrap();
        let approved = decide(&registry, "d", &id, true, "").await.unwrap();
        assert_eq!(approved.state(), pb::DelineationState::Approved);
        assert_eq!(approved.opinions.len(), 2);
        let decision = approved.decision.clone().unwrap();
        assert_eq!(decision.number, NUMBER);

        let request = registry.world.request(
            &street,
            pb::GetAreaRequest {
                area_id: decision.area_id.clone(),
                ..Default::default()
            },
        );
        let area = registry.client().get_area(request).await.unwrap().into_inner();
        assert_eq!((area.number.as_str(), area.version), (NUMBER, 1));
        assert_eq!(area.developer_id, developer().to_string());
        assert!(area.manager_id.is_empty(), "a firm comes by tender");
        assert_eq!(area.registered_on, TODAY);
        // It is not there on any day before, in no read.
        let as_of_on = "2026-03-01";
        let before = pb::GetAreaRequest {
            area_id: area.area_id.clone(),
            as_of_on: as_of_on.into(),
        };
        let before = registry
            .client()
            .get_area(registry.world.request(&street, before))
            .await;
        assert_eq!(refused(before), "AREA_NOT_FOUND");
        let buildings = |day: &str| pb::ListBuildingsRequest {
            area_id: area.area_id.clone(),
            as_of_on: day.into(),
            ..Default::default()
        };
        let before = registry.world.request(&street, buildings(as_of_on));
        assert_eq!(
            refused(registry.client().list_buildings(before).await),
            "AREA_NOT_FOUND"
        );
        let on = registry.world.request(&street, buildings(TODAY));
        assert!(registry.client().list_buildings(on).await.is_ok());
        for (day, found) in [(as_of_on, 0), (TODAY, 1), ("", 1)] {
            let all = pb::ListAreasRequest {
                as_of_on: day.into(),
                ..Default::default()
            };
            let all = registry.world.request(&street, all);
            let areas = registry
                .client()
                .list_areas(all)
                .await
                .unwrap()
                .into_inner()
                .areas;
            assert_eq!(areas.len(), found, "{day}");
        }

        let events = registry.outbox().await;
        let last: Vec<_> = events.iter().rev().take(2).collect();
        assert_eq!(last[1].kind, "heju.registry.v1.AreaRegistered");
        assert_eq!((&last[1].aggregate, last[1].version), (&decision.area_id, 1));
        assert_eq!(last[0].kind, "heju.registry.v1.DelineationApproved");
        assert_eq!(
            last[0].address,
            "heju.v1.registry.delineation.approved.330783.004.015"
        );
        let versions: Vec<i64> = events
            .iter()
            .filter(|event| event.aggregate == id)
            .map(|event| event.version)
            .collect();
        assert_eq!(versions, (1..=7).collect::<Vec<_>>(), "without a gap");
        let event: pb::DelineationApproved = serde_json::from_str(&last[0].body).unwrap();
        assert_eq!(event.delineation.unwrap(), approved);
        // A decided delineation has no clock.
        advance(&registry, "2026-06-01T00:00:00Z").await;
        assert_eq!(get(&registry, &street, &id).await.unwrap(), approved);
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_passes_is_told_once_and_the_decision_may_still_come() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let asked = send!(
            registry,
            &people::department(CITY),
            "a",
            consult_on_design,
            question()
        )
        .unwrap();
        let open = apply(&registry, "b", application(NUMBER)).await.unwrap();
        let told = async || {
            let events = registry.outbox().await.into_iter();
            events
                .filter(|event| event.kind == "heju.registry.v1.DelineationOverdue")
                .map(|event| event.aggregate)
                .collect::<Vec<_>>()
        };
        // The last moment of 2026-03-16 in China, and the first of the day after.
        advance(&registry, "2026-03-16T15:59:59Z").await;
        assert!(told().await.is_empty());
        advance(&registry, "2026-03-16T16:00:00Z").await;
        let mut both = vec![asked.delineation_id.clone(), open.delineation_id.clone()];
        let mut found = told().await;
        both.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, both);
        advance(&registry, "2026-04-16T16:00:00Z").await;
        assert_eq!(told().await.len(), 2, "once each");
        let street = people::street(STREET);
        let late = get(&registry, &street, &open.delineation_id).await.unwrap();
        assert!(late.application.unwrap().overdue);
        let late = get(&registry, &street, &asked.delineation_id).await.unwrap();
        assert!(late.consultation.unwrap().overdue);
        heard(&registry, &open.delineation_id).await;
        decide(&registry, "c", &open.delineation_id, true, "")
            .await
            .unwrap();
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_developer_applies_again_and_a_late_application_is_flagged() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let open = apply(&registry, "a", application(NUMBER)).await.unwrap();
        let id = open.delineation_id;
        assert_eq!(
            refused(decide(&registry, "b", &id, false, " ").await),
            "REFUSAL_REASONS_MISSING"
        );
        let no = decide(&registry, "b", &id, false, "配套设施不全").await.unwrap();
        assert_eq!(no.state(), pb::DelineationState::Refused);
        assert_eq!(no.decision.unwrap().reasons, "配套设施不全");
        // The clock of the first application is gone, that of the second runs.
        advance(&registry, "2026-04-01T00:00:00Z").await;
        let mut again = application(NUMBER);
        again.delineation_id.clone_from(&id);
        again.project.clear();
        let again = apply(&registry, "c", again).await.unwrap();
        assert_eq!(again.project, "湖畔花园");
        assert!(again.opinions.is_empty() && again.decision.is_none());
        let of = again.application.unwrap();
        assert!(of.late, "after 2026-03-30");
        assert_eq!(of.decide_by_on, "2026-04-16", "Tomb-Sweeping Day does not count");
        heard(&registry, &id).await;
        decide(&registry, "d", &id, true, "").await.unwrap();
        let events = registry.outbox().await;
        assert!(
            !events
                .iter()
                .any(|event| event.kind.ends_with("DelineationOverdue"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_application_that_cannot_be_has_its_reason_and_changes_nothing() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        registry
            .load(pb::TableKind::Areas, &areas(&[(AREA, COMMUNITY)]))
            .await;
        let events = registry.outbox().await.len();
        let mut serial = 0;
        let mut send = async |change: &dyn Fn(&mut pb::ApplyForDelineationRequest)| {
            serial += 1;
            let mut message = application(NUMBER);
            change(&mut message);
            refused(apply(&registry, &format!("k{serial}"), message).await)
        };
        assert_eq!(send(&|m| m.number = AREA.into()).await, "AREA_NUMBER_TAKEN");
        assert_eq!(send(&|m| m.number = "a/1".into()).await, "AREA_NUMBER_MALFORMED");
        assert_eq!(send(&|m| m.number.clear()).await, "AREA_NUMBER_MISSING");
        assert_eq!(send(&|m| m.name.clear()).await, "AREA_NAME_MISSING");
        assert_eq!(send(&|m| m.project.clear()).await, "PROJECT_MISSING");
        assert_eq!(send(&|m| m.permit_number.clear()).await, "PERMIT_NUMBER_MISSING");
        assert_eq!(
            send(&|m| m.permitted_on = "2026-03-03".into()).await,
            "PERMIT_IN_THE_FUTURE"
        );
        assert_eq!(send(&|m| m.permitted_on = "soon".into()).await, "DATE_MALFORMED");
        assert_eq!(
            send(&|m| m.division_code = STREET.into()).await,
            "DIVISION_NOT_A_COMMUNITY"
        );
        assert_eq!(
            send(&|m| m.division_code = "330783004999".into()).await,
            "DIVISION_NOT_A_COMMUNITY"
        );
        assert_eq!(
            send(&|m| m.division_code = "x".into()).await,
            "DIVISION_CODE_MALFORMED"
        );
        assert_eq!(send(&|m| m.above_ground_area = 1).await, "PHASES_DO_NOT_SUM");
        assert_eq!(
            send(&|m| {
                m.above_ground_area = 0;
                m.phases.clear();
            })
            .await,
            "AREA_SIZE_INVALID"
        );
        assert_eq!(
            send(&|m| m.phases[0].above_ground_area = 0).await,
            "AREA_SIZE_INVALID"
        );
        assert_eq!(send(&|m| m.phases[0].name.clear()).await, "PHASE_NAME_MISSING");
        assert_eq!(
            send(&|m| m.phases = vec![m.phases[0].clone(); 21]).await,
            "TOO_MANY_PHASES"
        );
        assert_eq!(
            send(&|m| m.shared_facilities = vec!["门".into(); 51]).await,
            "TOO_MANY_FACILITIES"
        );
        assert_eq!(
            send(&|m| m.shared_facilities = vec![" ".into()]).await,
            "FACILITY_MISSING"
        );
        assert_eq!(
            send(&|m| m.developer_id = manager().to_string()).await,
            "NOT_ALLOWED",
            "another firm's project"
        );
        let unknown = ids::DelineationId::generate().to_string();
        assert_eq!(
            send(&|m| m.delineation_id.clone_from(&unknown)).await,
            "DELINEATION_NOT_FOUND"
        );
        // A property firm is no developer, even for itself.
        let mut message = application(NUMBER);
        message.developer_id = manager().to_string();
        let answer = send!(
            registry,
            &people::firm(manager()),
            "m",
            apply_for_delineation,
            message
        );
        assert_eq!(refused(answer), "DEVELOPER_UNKNOWN");
        assert_eq!(registry.outbox().await.len(), events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_of_two_decisions_at_once_one_wins() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let open = apply(&registry, "a", application(NUMBER)).await.unwrap();
        assert_eq!(apply(&registry, "a", application(NUMBER)).await.unwrap(), open);
        let other = apply(&registry, "a", application("other")).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        let id = &open.delineation_id;
        heard(&registry, id).await;
        let (yes, no) = tokio::join!(
            decide(&registry, "yes", id, true, ""),
            decide(&registry, "no", id, false, "理由")
        );
        let lost = match (yes, no) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => rpc::failure::reason_of(&lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        assert!(
            ["DELINEATION_WRONG_STATE", "CONFLICT"].contains(&lost.as_str()),
            "{lost}"
        );
        // Two developers' applications for one number: the second decision finds it taken.
        let first = apply(&registry, "f1", application("one")).await.unwrap();
        let second = apply(&registry, "f2", application("one")).await.unwrap();
        heard(&registry, &first.delineation_id).await;
        heard(&registry, &second.delineation_id).await;
        let (one, two) = tokio::join!(
            decide(&registry, "one", &first.delineation_id, true, ""),
            decide(&registry, "two", &second.delineation_id, true, "")
        );
        let lost = match (one, two) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => rpc::failure::reason_of(&lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        assert!(
            ["AREA_NUMBER_TAKEN", "CONFLICT"].contains(&lost.as_str()),
            "{lost}"
        );
        let events = registry.outbox().await.into_iter();
        let registered = events.filter(|event| event.kind.ends_with("AreaRegistered"));
        assert!(registered.filter(|event| event.body.contains("\"one\"")).count() == 1);
    }
}
