//! Who may take what away, for which reason, and that it is recorded.

use proto::registry::v1 as pb;
use testkit::{Backend, backends, people};

use super::{csv, of, of_area};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn owners_in_clear_need_the_authority_and_a_reason_and_are_recorded() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let authority = people::authority(CITY);
        let in_clear = || pb::ExportTableRequest {
            unmasked: true,
            ..of_area(pb::TableKind::Ownerships)
        };
        for reason in ["", "  "] {
            assert_eq!(
                refused(registry.take_because(&authority, reason, in_clear()).await),
                "REASON_MISSING"
            );
            assert_eq!(
                refused(registry.take_area(&authority, reason).await),
                "REASON_MISSING"
            );
        }
        for (caller, expected) in [
            (people::street(STREET), "NOT_ALLOWED"),
            (people::community(COMMUNITY), "NOT_ALLOWED"),
            (people::auditor(CITY), "NOT_ALLOWED"),
            (people::committee_member(area()), "NOT_ALLOWED"),
            (people::firm(manager()), "NOT_ALLOWED"),
            (people::owner(owner(1001)), "NOT_ALLOWED"),
            (people::department(CITY), "NOT_ALLOWED"),
            (people::association(CITY), "NOT_ALLOWED"),
            (people::administrator(), "NOT_ALLOWED"),
            (people::street(OTHER_STREET), "AREA_NOT_FOUND"),
            (people::authority("330782"), "AREA_NOT_FOUND"),
        ] {
            let answer = registry.take_area(&caller, "核对").await;
            assert_eq!(refused(answer), expected, "{caller:?}");
            let answer = registry.take_because(&caller, "核对", in_clear()).await;
            let reason = refused(answer);
            assert!(
                ["NOT_ALLOWED", "AREA_NOT_FOUND"].contains(&reason.as_str()),
                "{caller:?}"
            );
        }
        assert_eq!(registry.looks().await, [], "what was refused was not seen");

        let file = registry
            .take_because(&authority, "换届核对", in_clear())
            .await
            .unwrap();
        assert!(csv(&file)[1].contains(&"张三".to_owned()));
        registry.take_area(&authority, "移交档案").await.unwrap();
        let look = |action: &str, reason: &str| {
            (
                authority.subject.clone(),
                "authority".to_owned(),
                action.to_owned(),
                reason.to_owned(),
                3,
            )
        };
        assert_eq!(
            registry.looks().await,
            [
                look("registry.ExportTable", "换届核对"),
                look("registry.ExportArea", "移交档案")
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_recorded_before_the_first_byte() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    settle(&registry, 1, 1..=3).await;
    let message = pb::ExportAreaRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let request = super::because("核对", registry.world.request(&people::authority(CITY), message));
    let mut pieces = registry
        .exports()
        .export_area(request)
        .await
        .unwrap()
        .into_inner();
    let first = pieces.message().await.unwrap().unwrap();
    assert!(!first.content.is_empty());
    assert_eq!(registry.looks().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_caller_takes_what_the_lists_show() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let other = "330783001014-0009";
        registry
            .load(pb::TableKind::Areas, &areas(&[(other, OTHER_COMMUNITY)]))
            .await;
        let take = async |caller: &access::Principal, request: pb::ExportTableRequest| {
            registry
                .take(caller, request)
                .await
                .map(|file| csv(&file).len() - 1)
                .map_err(|status| rpc::failure::reason_of(&status))
        };
        use pb::TableKind::{Areas, Buildings, Firms, Homes, Ownerships};
        let denied = || Err("NOT_ALLOWED".to_owned());
        let (one, none) = (|| Ok(1), || Ok(0));
        let three = || Ok(3);
        // Firms, areas, buildings, homes, ownerships, of all that the caller sees.
        for (caller, expected) in [
            (people::authority(CITY), [Ok(2), Ok(2), three(), three(), three()]),
            (people::auditor(CITY), [Ok(2), Ok(2), three(), three(), three()]),
            (people::street(STREET), [Ok(2), one(), three(), three(), three()]),
            (
                people::street(OTHER_STREET),
                [Ok(2), one(), none(), none(), none()],
            ),
            (
                people::street("330783002"),
                [Ok(2), none(), none(), none(), none()],
            ),
            (
                people::committee_member(area()),
                [Ok(2), one(), three(), three(), denied()],
            ),
            (
                people::firm(manager()),
                [Ok(2), Ok(2), three(), three(), denied()],
            ),
            (
                people::department(CITY),
                [Ok(2), Ok(2), three(), denied(), denied()],
            ),
            (
                people::association(CITY),
                [Ok(2), Ok(2), denied(), denied(), denied()],
            ),
            (
                people::administrator(),
                [Ok(2), Ok(2), denied(), denied(), denied()],
            ),
            // An owner: the own area, and of it the own home.
            (people::owner(owner(1001)), [Ok(2), one(), three(), one(), one()]),
        ] {
            for (kind, expected) in [Firms, Areas, Buildings, Homes, Ownerships]
                .into_iter()
                .zip(expected)
            {
                assert_eq!(take(&caller, of(kind)).await, expected, "{caller:?} {kind:?}");
            }
        }
        // Of an area by its id: as the calls that list it.
        let hidden = || Err("AREA_NOT_FOUND".to_owned());
        for (caller, expected) in [
            (people::street(STREET), [three(), three()]),
            (people::street(OTHER_STREET), [hidden(), hidden()]),
            (people::committee_member(area()), [three(), denied()]),
            (people::owner(owner(1001)), [denied(), denied()]),
            (people::department(CITY), [denied(), denied()]),
        ] {
            for (kind, expected) in [Homes, Ownerships].into_iter().zip(expected) {
                assert_eq!(
                    take(&caller, of_area(kind)).await,
                    expected,
                    "{caller:?} {kind:?}"
                );
            }
        }
        // A division that is not one's own.
        let request = pb::ExportTableRequest {
            division_code: OTHER_STREET.into(),
            ..of(Homes)
        };
        let answer = take(&people::street(STREET), request).await;
        assert!(answer == denied() || answer == hidden(), "{answer:?}");
        let nobody = access::Principal::person("account", "无角色");
        assert_eq!(take(&nobody, of(Firms)).await, denied());
    }
}
