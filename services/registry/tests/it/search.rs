//! Finding things by what people type, and only what the caller may read.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::search_service_client::SearchServiceClient;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

const OTHER_AREA: &str = "330783001014-0001";

async fn page(
    registry: &TestRegistry,
    caller: &Principal,
    request: pb::SearchRequest,
) -> Result<pb::SearchResponse, Status> {
    let request = registry.world.request(caller, request);
    let answer = SearchServiceClient::new(registry.peer()).search(request).await?;
    Ok(answer.into_inner())
}

/// Titles of what is found.
async fn find(registry: &TestRegistry, caller: &Principal, query: &str) -> Vec<String> {
    let request = pb::SearchRequest {
        query: query.into(),
        ..Default::default()
    };
    let found = page(registry, caller, request).await.unwrap();
    found.hits.into_iter().map(|hit| hit.title).collect()
}

/// The estate of all tests, and one in another street with a home of its own.
async fn two_estates(registry: &TestRegistry) {
    settle(registry, 1, 1..=12).await;
    let area = areas(&[(OTHER_AREA, OTHER_COMMUNITY)]).replace("湖畔花园", "江滨名苑");
    registry.load(pb::TableKind::Areas, &area).await;
    let building = format!("area_number,number,floors\n{OTHER_AREA},1,18\n");
    registry.load(pb::TableKind::Buildings, &building).await;
    let home = home_row(1, 1, "DELIVERED")
        .replace(AREA, OTHER_AREA)
        .replace(COMMUNITY, OTHER_COMMUNITY);
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &home))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_firms_and_homes_are_found_by_what_people_type() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        two_estates(&registry).await;
        let authority = people::authority(CITY);
        for query in ["湖畔", "hphy", "HUPAN", "hua 湖", "330783004015-0001"] {
            assert_eq!(find(&registry, &authority, query).await, ["湖畔花园"], "{query}");
        }
        assert_eq!(find(&registry, &authority, "jbmy").await, ["江滨名苑"]);
        assert_eq!(find(&registry, &authority, "hjwy").await, ["和居物业（演示）"]);
        assert_eq!(
            find(&registry, &authority, "%").await,
            Vec::<String>::new(),
            "a wildcard means itself"
        );
        for query in [
            "湖畔花园1幢1单元0003室",
            "hphy 1-1-0003",
            "湖畔 1-0003",
            &unit(1, 3),
        ] {
            assert_eq!(
                find(&registry, &authority, query).await,
                ["湖畔花园1幢1-0003"],
                "{query}"
            );
        }
        assert_eq!(find(&registry, &authority, "湖畔花园1幢").await.len(), 12);
        for length in [13, 20] {
            let beginning = &unit(1, 3)[..length];
            assert_eq!(
                find(&registry, &authority, beginning).await.len(),
                12,
                "{beginning}"
            );
        }
        // A community's number is in an area's as well.
        assert_eq!(find(&registry, &authority, COMMUNITY).await.len(), 13);
        assert_eq!(
            find(&registry, &authority, "湖畔花园1幢001").await.len(),
            3,
            "rooms that begin so"
        );
        assert_eq!(
            find(&registry, &authority, "湖畔花园9幢").await,
            Vec::<String>::new()
        );
        let message = pb::SearchRequest::default();
        assert_eq!(
            refused(page(&registry, &authority, message).await),
            "QUERY_MISSING"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_the_caller_may_not_read() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        two_estates(&registry).await;
        let of_street = people::street(OTHER_STREET);
        assert_eq!(find(&registry, &of_street, "湖畔").await, Vec::<String>::new());
        assert_eq!(
            find(&registry, &of_street, "湖畔花园1-0003").await,
            Vec::<String>::new()
        );
        assert_eq!(
            find(&registry, &of_street, &unit(1, 3)).await,
            Vec::<String>::new()
        );
        assert_eq!(
            find(&registry, &of_street, "江滨1-0001").await,
            ["江滨名苑1幢1-0001"]
        );
        let own = people::owner(owner(1003));
        assert_eq!(find(&registry, &own, "湖畔花园1幢").await, ["湖畔花园1幢1-0003"]);
        let department = people::department(CITY);
        assert_eq!(
            find(&registry, &department, "湖畔花园1幢").await,
            Vec::<String>::new()
        );
        assert_eq!(
            find(&registry, &people::firm(manager()), "湖畔花园1幢")
                .await
                .len(),
            12
        );
        assert_eq!(
            find(
                &registry,
                &people::firm(ids::FirmId::derive("other")),
                "湖畔花园1幢"
            )
            .await,
            Vec::<String>::new()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_through_all_kinds_without_gap_or_repeat() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        two_estates(&registry).await;
        let authority = people::authority(CITY);
        let mut request = pb::SearchRequest {
            query: "330783".into(),
            page_size: 1,
            ..Default::default()
        };
        let mut numbers = Vec::new();
        loop {
            let found = page(&registry, &authority, request.clone()).await.unwrap();
            numbers.extend(found.hits.into_iter().map(|hit| hit.number));
            request.page_token = found.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let firms = [developer_code().to_string(), manager_code().to_string()];
        let expected = [OTHER_AREA, AREA, &firms[0], &firms[1]];
        assert_eq!(numbers, expected, "areas by number, then firms by code");
        request.query = "湖畔花园1幢".into();
        request.page_size = 5;
        let mut doors = Vec::new();
        loop {
            let found = page(&registry, &authority, request.clone()).await.unwrap();
            doors.extend(found.hits.into_iter().map(|hit| hit.title));
            request.page_token = found.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(doors.len(), 12);
        assert!(doors.is_sorted());
        request.page_token = "eA".into();
        assert_eq!(
            refused(page(&registry, &authority, request).await),
            "PAGE_TOKEN_INVALID"
        );
    }
}
