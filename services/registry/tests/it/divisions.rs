//! Divisions: duties and departments, names and mergers through time, and whose territory a place is after a merger.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::division_service_client::DivisionServiceClient;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

/// A call of the division service, by its method.
macro_rules! ask {
    ($registry:expr, $caller:expr, $key:expr, $rpc:ident, $message:expr) => {{
        let request = $registry.world.request_with_key($caller, $key, $message);
        let mut client = DivisionServiceClient::new($registry.peer());
        client.$rpc(request).await.map(tonic::Response::into_inner)
    }};
}
pub(crate) use ask;

async fn rename(
    registry: &TestRegistry,
    key: &str,
    code: &str,
    name: &str,
    on: &str,
) -> Result<pb::DivisionRecord, Status> {
    let message = pb::RenameDivisionRequest {
        code: code.into(),
        name: name.into(),
        effective_on: on.into(),
    };
    ask!(registry, &people::authority(CITY), key, rename_division, message)
}

pub async fn merge(
    registry: &TestRegistry,
    key: &str,
    from: &[&str],
    into: &str,
    on: &str,
) -> Result<pb::DivisionRecord, Status> {
    let message = pb::MergeDivisionsRequest {
        into_code: into.into(),
        from_codes: from.iter().map(ToString::to_string).collect(),
        effective_on: on.into(),
    };
    ask!(registry, &people::authority(CITY), key, merge_divisions, message)
}

/// The divisions below a parent on a day, by code, with their names and parents.
async fn listed(registry: &TestRegistry, parent: &str, on: &str) -> Vec<(String, String, String)> {
    let message = pb::ListDivisionsRequest {
        parent_code: parent.into(),
        page_size: 500,
        as_of_on: on.into(),
        ..Default::default()
    };
    let request = registry.world.request(&people::owner(owner(1)), message);
    let answer = registry.client().list_divisions(request).await.unwrap();
    let divisions = answer.into_inner().divisions.into_iter();
    divisions
        .map(|division| (division.code, division.name, division.parent_code))
        .collect()
}

fn named(list: &[(String, String, String)], code: &str) -> Option<String> {
    let found = list.iter().find(|(known, _, _)| known == code);
    found.map(|(_, name, _)| name.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_each_level_and_each_department_answers_for() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let reader = people::owner(owner(1));
        let duties = async |level: pb::DivisionLevel, page_size, page_token: &str| {
            let message = pb::ListDutiesRequest {
                level: level.into(),
                page_size,
                page_token: page_token.into(),
            };
            ask!(registry, &reader, "r", list_duties, message).unwrap()
        };
        let street = duties(pb::DivisionLevel::Street, 0, "").await.duties;
        assert!(street.len() >= 8);
        for duty in &street {
            assert_eq!(duty.level(), pb::DivisionLevel::Street);
            assert!(!duty.text_zh.is_empty() && !duty.source.is_empty());
        }
        let set_up = street.iter().find(|duty| duty.key == "street-set-up").unwrap();
        assert_eq!(set_up.source, "浙江省物业管理条例第8条");
        assert!(set_up.verified);
        let community = duties(pb::DivisionLevel::Community, 0, "").await;
        let village = duties(pb::DivisionLevel::Village, 0, "").await;
        assert_eq!(community, village, "a village has the duties of a community");
        // Page by page all are found once.
        let all = duties(pb::DivisionLevel::Unspecified, 0, "").await.duties;
        let (mut paged, mut token) = (Vec::new(), String::new());
        loop {
            let page = duties(pb::DivisionLevel::Unspecified, 4, &token).await;
            paged.extend(page.duties);
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(paged, all);

        let message = pb::ListDepartmentsRequest::default();
        let departments = ask!(registry, &reader, "r", list_departments, message)
            .unwrap()
            .departments;
        let fire = departments.iter().find(|one| one.key == "fire_rescue").unwrap();
        let lane = fire
            .competences
            .iter()
            .find(|one| one.matter == "fire_lane")
            .unwrap();
        assert!(lane.leads && lane.source.contains("消防法"));
        let police = departments
            .iter()
            .find(|one| one.key == "public_security")
            .unwrap();
        let lane = police
            .competences
            .iter()
            .find(|one| one.matter == "fire_lane")
            .unwrap();
        assert!(!lane.leads);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_has_the_name_of_the_day() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let before = named(&listed(&registry, STREET, "").await, COMMUNITY).unwrap();
        let after = rename(&registry, "a", COMMUNITY, "新中山社区居委会", "2026-04-01")
            .await
            .unwrap();
        assert_eq!(after.version, 2);
        assert_eq!(
            after.division.unwrap().name,
            before,
            "today it still has the old one"
        );
        assert_eq!(after.names[0].effective_on, "2026-04-01");
        for (on, name) in [
            ("", before.as_str()),
            ("2026-03-31", before.as_str()),
            ("2026-04-01", "新中山社区居委会"),
            ("2027-01-01", "新中山社区居委会"),
        ] {
            let list = listed(&registry, STREET, on).await;
            assert_eq!(named(&list, COMMUNITY).as_deref(), Some(name), "{on}");
        }
        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(stored.address, "heju.v1.registry.division.renamed.330783.004.015");
        assert_eq!((stored.aggregate.as_str(), stored.version), (COMMUNITY, 2));
        let event: pb::DivisionRenamed = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.name_before, before);

        let again = rename(&registry, "a", COMMUNITY, "新中山社区居委会", "2026-04-01").await;
        assert_eq!(again.unwrap().version, 2);
        let other = rename(&registry, "a", COMMUNITY, "别的", "2026-04-01").await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        for (code, name, on, reason) in [
            (
                COMMUNITY,
                "新中山社区居委会",
                "2026-05-01",
                "DIVISION_NAME_UNCHANGED",
            ),
            (COMMUNITY, "别的", "2026-04-01", "DIVISION_CHANGED_LATER"),
            (COMMUNITY, " ", "2026-05-01", "DIVISION_NAME_MISSING"),
            ("330783004999", "名", "2026-05-01", "DIVISION_NOT_FOUND"),
            ("", "名", "2026-05-01", "DIVISION_CODE_MALFORMED"),
            (COMMUNITY, "名", "x", "DATE_MALFORMED"),
        ] {
            let answer = rename(&registry, "b", code, name, on).await;
            assert_eq!(refused(answer), reason, "{code} {name} {on}");
        }
        let (one, two) = tokio::join!(
            rename(&registry, "c", COMMUNITY, "甲", "2026-06-01"),
            rename(&registry, "d", COMMUNITY, "乙", "2026-06-01")
        );
        let lost = match (one, two) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => rpc::failure::reason_of(&lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        assert!(
            ["DIVISION_CHANGED_LATER", "CONFLICT"].contains(&lost.as_str()),
            "{lost}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_division_keeps_its_records_and_its_successors_officers_act_on_them() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let heir = people::street(OTHER_STREET);
        let sees = async |caller: &Principal| {
            let request = registry.world.request(
                caller,
                pb::GetAreaRequest {
                    area_id: area().to_string(),
                    ..Default::default()
                },
            );
            registry
                .client()
                .get_area(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let finds = async |caller: &Principal, division: &str| {
            let message = pb::ListAreasRequest {
                division_code: division.into(),
                ..Default::default()
            };
            let request = registry.world.request(caller, message);
            let answer = registry.client().list_areas(request).await;
            answer.map(|answer| answer.into_inner().areas.len())
        };
        merge(&registry, "a", &[STREET], OTHER_STREET, "2026-04-01")
            .await
            .unwrap();
        assert_eq!(refused(sees(&heir).await), "AREA_NOT_FOUND", "not yet");
        assert_eq!(finds(&heir, "").await.unwrap(), 0);
        registry
            .world
            .advance_to("2026-03-31T16:00:00Z".parse().unwrap())
            .await;
        let found = sees(&heir).await.unwrap();
        assert_eq!(found.division_code, COMMUNITY, "the record keeps its place");
        for division in ["", OTHER_STREET, COMMUNITY] {
            assert_eq!(finds(&heir, division).await.unwrap(), 1, "{division}");
        }
        let request = registry.world.request(
            &heir,
            pb::GetHomeRequest {
                home_id: home(1, 1).to_string(),
                ..Default::default()
            },
        );
        registry.client().get_home(request).await.unwrap();
        let request = registry.world.request(
            &heir,
            pb::GetOwnerRequest {
                owner_id: owner(1001).to_string(),
            },
        );
        registry.client().get_owner(request).await.unwrap();
        sees(&people::street(STREET)).await.unwrap();
        assert_eq!(
            refused(sees(&people::street("330783002")).await),
            "AREA_NOT_FOUND"
        );
        // The table from before the merger still agrees.
        let table = areas(&[(AREA, COMMUNITY)]);
        assert_eq!(registry.load(pb::TableKind::Areas, &table).await.unchanged, 1);

        // The list of a day: before, the street stands; after, its communities stand below the other.
        let before = listed(&registry, CITY, "2026-03-31").await;
        assert!(named(&before, STREET).is_some());
        let after = listed(&registry, CITY, "").await;
        assert_eq!((named(&after, STREET), before.len()), (None, after.len() + 1));
        let below = listed(&registry, OTHER_STREET, "").await;
        let moved = below.iter().find(|(code, _, _)| code == COMMUNITY).unwrap();
        assert_eq!(moved.2, OTHER_STREET);
        assert!(listed(&registry, STREET, "").await.is_empty());
        let old = listed(&registry, STREET, "2026-03-31").await;
        assert!(named(&old, COMMUNITY).is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_is_told_by_the_survivor_and_each_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let codes: Vec<String> = listed(&registry, STREET, "")
            .await
            .into_iter()
            .map(|(code, _, _)| code)
            .filter(|code| code != COMMUNITY)
            .collect();
        let (first, second) = (codes[0].as_str(), codes[1].as_str());
        let after = merge(&registry, "a", &[second, first, first], COMMUNITY, TODAY)
            .await
            .unwrap();
        assert_eq!(after.merged_from_codes, [first, second]);
        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(stored.address, "heju.v1.registry.division.merged.330783.004.015");
        assert_eq!((stored.aggregate.as_str(), stored.version), (COMMUNITY, 2));
        let event: pb::DivisionsMerged = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.from_codes, [first, second]);
        assert_eq!(
            (event.into_code.as_str(), event.effective_on.as_str()),
            (COMMUNITY, TODAY)
        );

        let message = pb::GetDivisionRequest { code: first.into() };
        let gone = ask!(registry, &people::owner(owner(1)), "r", get_division, message).unwrap();
        assert_eq!(
            (
                gone.merged_into_code.as_str(),
                gone.merged_on.as_str(),
                gone.version
            ),
            (COMMUNITY, TODAY, 2)
        );
        assert_eq!(gone.division.unwrap().code, first, "it is still read");
        let many: Vec<&str> = std::iter::repeat_n(first, 51).collect();
        let third = codes[2].as_str();
        let refusals: [(Vec<&str>, &str, &str, &str); 10] = [
            (vec![first], third, TODAY, "DIVISION_MERGED"),
            (vec![third], first, TODAY, "DIVISION_MERGED"),
            (vec![third], third, TODAY, "DIVISION_INTO_ITSELF"),
            (vec![third], OTHER_STREET, TODAY, "DIVISIONS_OF_OTHER_LEVEL"),
            (vec![COMMUNITY], third, "2026-03-01", "DIVISION_CHANGED_LATER"),
            (vec!["330783004999"], third, TODAY, "DIVISION_NOT_FOUND"),
            (vec![], third, TODAY, "DIVISIONS_MISSING"),
            (many, third, TODAY, "TOO_MANY_DIVISIONS"),
            (vec![third], COMMUNITY, "x", "DATE_MALFORMED"),
            (vec!["x"], COMMUNITY, TODAY, "DIVISION_CODE_MALFORMED"),
        ];
        for (from, into, on, reason) in refusals {
            assert_eq!(refused(merge(&registry, "b", &from, into, on).await), reason);
        }
        let refusal = rename(&registry, "c", first, "名", "2026-05-01").await;
        assert_eq!(refused(refusal), "DIVISION_MERGED");
        let message = pb::MergeDivisionsRequest {
            into_code: COMMUNITY.into(),
            from_codes: vec![third.into()],
            effective_on: TODAY.into(),
        };
        for other in [
            people::street(STREET),
            people::authority(STREET),
            people::authority("330782"),
            people::administrator(),
        ] {
            let answer = ask!(registry, &other, "d", merge_divisions, message.clone());
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        // Two at once that would end the same division.
        let from = [third];
        let (one, two) = tokio::join!(
            merge(&registry, "e", &from, COMMUNITY, TODAY),
            merge(&registry, "f", &from, codes[3].as_str(), TODAY)
        );
        let lost = match (one, two) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => rpc::failure::reason_of(&lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        assert!(["DIVISION_MERGED", "CONFLICT"].contains(&lost.as_str()), "{lost}");
    }
}
