//! Tables that hold: recorded once, in every encoding, and together with the seeds.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_recorded_once_and_stands_unchanged_the_second_time() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=250).await;
        let events = registry.outbox().await.len();
        let again = registry.load(pb::TableKind::Firms, &firms()).await;
        assert_eq!((again.rows, again.recorded, again.unchanged), (2, 0, 2));
        let again = registry
            .load(pb::TableKind::Areas, &areas(&[(AREA, COMMUNITY)]))
            .await;
        assert_eq!((again.recorded, again.unchanged), (0, 1));
        settle(&registry, 1, 1..=250).await;
        assert_eq!(registry.outbox().await.len(), events, "what stands is no event");
        // A table may hold old rows and new ones.
        let more = HOMES_HEADER.to_owned() + &home_row(1, 250, "DELIVERED") + &home_row(1, 251, "UNSOLD");
        let report = registry.load(pb::TableKind::Homes, &more).await;
        assert_eq!((report.rows, report.recorded, report.unchanged), (2, 1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_may_carry_a_mark_or_be_gbk() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let table = areas(&[("330783004015-0009", COMMUNITY)]);
        let (gbk, _, _) = encoding_rs::GBK.encode(&table);
        let report = registry.import(pb::TableKind::Areas, &gbk).await.unwrap();
        assert_eq!((report.recorded, report.errors.len()), (1, 0));
        let marked = ["\u{FEFF}", &table].concat();
        let report = registry
            .import(pb::TableKind::Areas, marked.as_bytes())
            .await
            .unwrap();
        assert_eq!(report.unchanged, 1, "the same names, read from another encoding");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_checks_and_changes_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let mut message = pb::ImportTableRequest {
            kind: pb::TableKind::Firms.into(),
            content: firms().into_bytes(),
            dry_run: true,
        };
        let authority = people::authority(CITY);
        let dry = registry.world.request_with_key(&authority, "k", message.clone());
        let report = registry.client().import_table(dry).await.unwrap().into_inner();
        assert_eq!((report.rows, report.recorded, report.error_count), (2, 0, 0));
        assert_eq!(registry.outbox().await.len(), 0);
        message.dry_run = false;
        let real = registry.world.request_with_key(&authority, "k", message);
        assert_eq!(
            registry
                .client()
                .import_table(real)
                .await
                .unwrap()
                .into_inner()
                .recorded,
            2
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_report_and_the_key_takes_no_other_table() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let administrator = people::administrator();
        let send = async |key: &str, content: String| {
            let message = pb::ImportTableRequest {
                kind: pb::TableKind::Firms.into(),
                content: content.into_bytes(),
                dry_run: false,
            };
            let request = registry.world.request_with_key(&administrator, key, message);
            registry
                .client()
                .import_table(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let first = send("k", firms()).await.unwrap();
        assert_eq!(send("k", firms()).await.unwrap(), first);
        assert_eq!(first.recorded, 2);
        assert_eq!(
            refused(send("k", firms().replace("东阳建设", "西阳建设")).await),
            "IDEMPOTENCY_KEY_REUSED"
        );
        assert_eq!(registry.outbox().await.len(), 2);
        let by_street = registry.world.request(
            &people::street(STREET),
            pb::ImportTableRequest {
                kind: pb::TableKind::Firms.into(),
                ..Default::default()
            },
        );
        assert_eq!(
            refused(registry.client().import_table(by_street).await),
            "NOT_ALLOWED"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_table_twice_at_the_same_moment_is_recorded_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let homes: String = (1..=300).map(|number| home_row(1, number, "UNSOLD")).collect();
        let homes = HOMES_HEADER.to_owned() + &homes;
        let (one, other) = tokio::join!(
            registry.import(pb::TableKind::Homes, homes.as_bytes()),
            registry.import(pb::TableKind::Homes, homes.as_bytes())
        );
        let recorded: i32 = [&one, &other]
            .iter()
            .filter_map(|answer| answer.as_ref().ok())
            .map(|r| r.recorded)
            .sum();
        assert_eq!(recorded, 300, "{one:?} {other:?}");
        for status in [one, other].into_iter().filter_map(Result::err) {
            assert_eq!(rpc::failure::reason_of(&status), "CONFLICT");
        }
        let versions: Vec<i64> = registry
            .outbox()
            .await
            .iter()
            .filter(|event| event.aggregate == building("1").to_string())
            .map(|event| event.version)
            .collect();
        assert_eq!(versions, [1, 2, 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_small_demonstration_city_loads_and_its_story_can_be_voted_on() {
    let folder = tempfile::tempdir().unwrap();
    let city = seeds::generate(
        seeds::Size::Small,
        seeds::DEFAULT_SEED,
        folder.path(),
        &owner_with,
        &mut |_| (),
    )
    .unwrap();
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        for file in &city.files {
            let kind = match file.table {
                seeds::Table::Firms => pb::TableKind::Firms,
                seeds::Table::Areas => pb::TableKind::Areas,
                seeds::Table::Buildings => pb::TableKind::Buildings,
                seeds::Table::Homes => pb::TableKind::Homes,
                seeds::Table::Ownerships => pb::TableKind::Ownerships,
                _ => continue,
            };
            let content = std::fs::read_to_string(folder.path().join(&file.name)).unwrap();
            let report = registry.load(kind, &content).await;
            assert_eq!(report.recorded, report.rows, "{}", file.name);
        }
        let scope = proto::common::v1::Scope {
            area_id: city.story.area_id.clone(),
            building_ids: vec![city.story.building_id.clone()],
            stairwells: Vec::new(),
        };
        let roll = registry.roll(scope).await.unwrap();
        let heads: std::collections::HashSet<_> = roll.iter().map(|entry| &entry.head_key).collect();
        assert_eq!((roll.len(), heads.len()), (24, 23));
    }
}
