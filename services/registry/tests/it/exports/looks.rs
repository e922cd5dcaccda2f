//! An owner reads who took the own record away in a file, beside who looked at it alone.

use testkit::{backends, people};

use super::*;
use crate::people_tables::{AGENTS, RECORDS, document};

/// The looks at an owner, by pages of one, the newest first: kind, call, account, role, reason.
async fn looks_at(registry: &TestRegistry, serial: u32) -> Vec<pb::Look> {
    let mut message = pb::ListLooksRequest {
        owner_id: owner(serial).to_string(),
        page_size: 1,
        ..Default::default()
    };
    let mut looks = Vec::new();
    loop {
        let request = registry
            .world
            .request(&people::owner(owner(serial)), message.clone());
        let page = registry.owners().list_looks(request).await.unwrap().into_inner();
        assert!(page.looks.len() <= 1);
        looks.extend(page.looks);
        if page.next_page_token.is_empty() {
            return looks;
        }
        message.page_token = page.next_page_token;
    }
}

async fn reveal(registry: &TestRegistry, serial: u32) {
    let message = pb::RevealOwnerRequest {
        owner_id: owner(serial).to_string(),
    };
    let request = registry.because(&people::street(STREET), "reveal", "核对名册", message);
    registry.owners().reveal_owner(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn single_looks_and_files_are_one_list_and_name_nobody_else() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        settle(&registry, 2, 1..=1).await;
        let authority = people::authority(CITY);
        reveal(&registry, 1001).await;
        registry.take_area(&authority, "移交档案").await.unwrap();
        let of_building = pb::ExportTableRequest {
            building_id: building("1").to_string(),
            unmasked: true,
            ..of_area(pb::TableKind::Ownerships)
        };
        registry
            .take_because(&authority, "更新名册", of_building)
            .await
            .unwrap();
        // What is masked is nobody's look.
        registry
            .take(&authority, of_area(pb::TableKind::Ownerships))
            .await
            .unwrap();
        // Who comes to own a home later was not in the files; who sold it was, and reads so.
        registry
            .transfer(&authority, "t", home(1, 2), &[owner(2001)], TODAY)
            .await
            .unwrap();

        let told = |looks: Vec<pb::Look>| -> Vec<_> {
            looks
                .into_iter()
                .map(|look| (look.kind(), look.call, look.role, look.reason))
                .collect()
        };
        let file = |call: &str, reason: &str| {
            let call = format!("registry.{call}");
            (
                pb::LookKind::Exported,
                call,
                "authority".to_owned(),
                reason.to_owned(),
            )
        };
        let (table, area) = (file("ExportTable", "更新名册"), file("ExportArea", "移交档案"));
        let single = (
            pb::LookKind::Revealed,
            "registry.RevealOwner".to_owned(),
            "street".to_owned(),
            "核对名册".to_owned(),
        );
        let first = looks_at(&registry, 1001).await;
        assert_eq!(told(first.clone()), [table.clone(), area.clone(), single]);
        let exported = &first[0];
        assert_eq!(exported.account, authority.subject);
        assert_eq!(exported.fields, ["name", "document_number"]);
        assert_eq!((exported.times, exported.looked_at), (1, exported.last_at));
        assert!(exported.look_id.starts_with("look_"));
        assert_eq!(told(looks_at(&registry, 1002).await), [table, area.clone()]);
        // The owner of a home of another building was in the file of the whole area only.
        assert_eq!(told(looks_at(&registry, 2001).await), [area]);
        let text = format!("{first:?}");
        assert!(!text.contains(citizen(1002).as_str()) && !text.contains(&owner(1002).to_string()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_named_in_a_file_about_owners_reads_it_and_nobody_else() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let records = format!(
            "{RECORDS}{},13800001001,OPEN,,\n{},,VERIFIED,2025-05-05,\n",
            document(1001),
            document(1002)
        );
        registry.load(pb::TableKind::OwnerRecords, &records).await;
        let agent = format!(
            "{AGENTS}{},2024-01-01,李四,{},INCAPACITY,,\n",
            document(1001),
            document(9001)
        );
        registry.load(pb::TableKind::Agents, &agent).await;
        let authority = people::authority(CITY);
        for kind in [pb::TableKind::OwnerRecords, pb::TableKind::Agents] {
            let request = pb::ExportTableRequest {
                unmasked: true,
                ..of_area(kind)
            };
            registry
                .take_because(&authority, kind.as_str_name(), request)
                .await
                .unwrap();
        }
        registry.take_area(&authority, "移交档案").await.unwrap();
        // Who begins to act later was in none of them.
        let later = agent
            .replace("2024-01-01", "2025-01-01")
            .replace(&document(9001), &document(9002));
        registry.load(pb::TableKind::Agents, &later).await;

        let (name, number, mobile) = ("name", "document_number", "mobile");
        for (serial, expected) in [
            (
                1001,
                vec![vec![name, number, mobile], vec![number], vec![number, mobile]],
            ),
            (1002, vec![vec![name, number], vec![number]]),
            (1003, vec![vec![name, number]]),
            (9001, vec![vec![name, number], vec![name, number]]),
            (9002, vec![]),
        ] {
            let looks = looks_at(&registry, serial).await;
            let fields: Vec<_> = looks.iter().map(|look| look.fields.clone()).collect();
            assert_eq!(fields, expected, "{serial}");
            assert!(looks.iter().all(|look| look.kind() == pb::LookKind::Exported));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_goes_on_where_it_stopped_when_another_look_comes() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let authority = people::authority(CITY);
        for reason in ["一", "二", "三"] {
            registry.take_area(&authority, reason).await.unwrap();
        }
        let own = people::owner(owner(1001));
        let page = async |page_token: String| {
            let message = pb::ListLooksRequest {
                owner_id: owner(1001).to_string(),
                page_size: 2,
                page_token,
            };
            let request = registry.world.request(&own, message);
            let page = registry.owners().list_looks(request).await.unwrap().into_inner();
            let reasons: Vec<_> = page.looks.into_iter().map(|look| look.reason).collect();
            (reasons, page.next_page_token)
        };
        let (reasons, next) = page(String::new()).await;
        assert_eq!(reasons, ["三", "二"]);
        registry.take_area(&authority, "四").await.unwrap();
        reveal(&registry, 1001).await;
        let (reasons, next) = page(next).await;
        assert_eq!((reasons, next.as_str()), (vec!["一".to_owned()], ""));
    }
}
