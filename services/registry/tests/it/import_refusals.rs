//! Tables that do not hold: a stable reason for each, and nothing half done.

use proto::registry::v1 as pb;
use testkit::{Backend, backends};

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_none_is_refused() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    let send = async |content: &[u8]| refused(registry.import(pb::TableKind::Buildings, content).await);
    assert_eq!(send(b"area_number,number\nx,1\n").await, "TABLE_COLUMN_MISSING");
    assert_eq!(
        send(b"area_number,number,floors,colour\nx,1,2,red\n").await,
        "TABLE_COLUMN_UNKNOWN"
    );
    assert_eq!(send(b"area_number,number,floors\n").await, "TABLE_EMPTY");
    assert_eq!(
        send(b"area_number,number,floors\nx,\xFF\xFE,1\n").await,
        "TABLE_ENCODING_UNKNOWN"
    );
    assert_eq!(send(&vec![b'a'; 8 * 1024 * 1024 + 1]).await, "TABLE_TOO_LARGE");
    assert_eq!(
        refused(registry.import(pb::TableKind::Unspecified, b"x").await),
        "TABLE_KIND_MISSING"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_cell_of_a_home_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let good = home_row(1, 1, "DELIVERED");
        let cases = [
            ("100.00", "0", "exclusive_area AREA_NOT_POSITIVE"),
            ("100.00", "0.00", "exclusive_area AREA_NOT_POSITIVE"),
            ("100.00", "-5.00", "exclusive_area AREA_NOT_POSITIVE"),
            ("100.00", "１００", "exclusive_area NUMBER_MALFORMED"),
            ("100.00", "1.234", "exclusive_area NUMBER_MALFORMED"),
            ("100.00", "99999999999999999999", "exclusive_area AREA_TOO_LARGE"),
            ("100.00", "1000000.01", "exclusive_area AREA_TOO_LARGE"),
            ("100.00", "", "exclusive_area VALUE_MISSING"),
            ("RESIDENTIAL", "VILLA", "use VALUE_UNKNOWN"),
            ("DELIVERED", "GIVEN", "sale_state VALUE_UNKNOWN"),
            ("DELIVERED", "SOLD", "delivered_on VALUE_UNEXPECTED"),
            ("2020-05-01", "", "delivered_on VALUE_MISSING"),
            ("2020-05-01", "2020-5-1", "delivered_on DATE_MALFORMED"),
            ("2020-05-01", "2020-02-30", "delivered_on DATE_MALFORMED"),
            ("2020-05-01", "2026-03-03", "delivered_on DATE_IN_THE_FUTURE"),
            ("GB00001F", "GB00001X", "unit_number CODE_MALFORMED"),
            (",0001,", ",,", "room VALUE_MISSING"),
            (",1,1,", ",9,1,", "building_number REFERENCE_UNKNOWN"),
            (AREA, "nowhere", "area_number REFERENCE_UNKNOWN"),
            (",100.00,", ",100.00,surplus,", " COLUMN_COUNT_WRONG"),
        ];
        for (cell, wrong, expected) in cases {
            let table = HOMES_HEADER.to_owned() + &good.replace(cell, wrong);
            assert_eq!(
                registry.error_of(pb::TableKind::Homes, &table).await,
                expected,
                "{wrong:?}"
            );
        }
        let twice = HOMES_HEADER.to_owned() + &good + &good;
        assert_eq!(
            registry.error_of(pb::TableKind::Homes, &twice).await,
            "unit_number DUPLICATE_ROW"
        );
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &good))
            .await;
        let other = HOMES_HEADER.to_owned() + &good.replace("100.00", "100.01");
        assert_eq!(
            registry.error_of(pb::TableKind::Homes, &other).await,
            "exclusive_area VALUE_DIFFERS"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_cell_of_firms_areas_and_buildings_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let code = developer_code().to_string();
        let wrong_check = format!("{}{}", &code[..17], if code.ends_with('1') { '2' } else { '1' });
        let firm = |code: &str, kind: &str| format!("credit_code,name,kind\n{code},甲,{kind}\n");
        let of_firm = async |table: String| registry.error_of(pb::TableKind::Firms, &table).await;
        assert_eq!(
            of_firm(firm(&wrong_check, "PROPERTY")).await,
            "credit_code CODE_CHECK_WRONG"
        );
        // E22: `…Y43` is right, `…Y4Z` is not even in the alphabet.
        assert_eq!(
            of_firm(firm("91350100M000100Y4Z", "PROPERTY")).await,
            "credit_code CODE_MALFORMED"
        );
        assert_eq!(
            of_firm(firm("91350100M000100Y43", "BAKERY")).await,
            "kind VALUE_UNKNOWN"
        );
        assert_eq!(of_firm(firm(&code, "DEVELOPER")).await, "name VALUE_DIFFERS");

        let of_area = async |table: String| registry.error_of(pb::TableKind::Areas, &table).await;
        assert_eq!(
            of_area(areas(&[("n/1", COMMUNITY)])).await,
            "number TEXT_MALFORMED"
        );
        // 002 is no street of this city, and a street is no community.
        assert_eq!(
            of_area(areas(&[("n", "330783002001")])).await,
            "division_code REFERENCE_UNKNOWN"
        );
        assert_eq!(
            of_area(areas(&[("n", STREET)])).await,
            "division_code REFERENCE_UNKNOWN"
        );
        let swapped = areas(&[("n", COMMUNITY)])
            .replace(&code, "#")
            .replace(manager_code().as_str(), &code)
            .replace('#', manager_code().as_str());
        assert_eq!(of_area(swapped).await, "developer_credit_code FIRM_OF_OTHER_KIND");
        let unknown = areas(&[("n", COMMUNITY)]).replace(&code, "91350100M000100Y43");
        assert_eq!(of_area(unknown).await, "developer_credit_code REFERENCE_UNKNOWN");

        let of_building = async |row: &str| {
            registry
                .error_of(
                    pb::TableKind::Buildings,
                    &format!("area_number,number,floors\n{row}\n"),
                )
                .await
        };
        assert_eq!(
            of_building(&format!("{AREA},4,many")).await,
            "floors NUMBER_MALFORMED"
        );
        assert_eq!(
            of_building(&format!("{AREA},4,-1")).await,
            "floors NUMBER_MALFORMED"
        );
        assert_eq!(
            of_building(&format!("{AREA},4,0")).await,
            "floors NUMBER_OUT_OF_RANGE"
        );
        assert_eq!(of_building("nowhere,4,6").await, "area_number REFERENCE_UNKNOWN");
        assert_eq!(of_building(&format!("{AREA},1,6")).await, "floors VALUE_DIFFERS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_cell_of_an_ownership_has_its_reason_and_no_message_shows_who_it_is() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let homes = HOMES_HEADER.to_owned() + &home_row(1, 1, "DELIVERED") + &home_row(1, 2, "UNSOLD");
        registry.load(pb::TableKind::Homes, &homes).await;
        let of = async |rows: String| {
            registry
                .error_of(pb::TableKind::Ownerships, &(OWNERSHIPS_HEADER.to_owned() + &rows))
                .await
        };
        let good = ownership_row(1, 1, 7);
        let number = citizen(7).as_str().to_owned();
        let wrong_check = format!(
            "{}{}",
            &number[..17],
            if number.ends_with('1') { '2' } else { '1' }
        );
        assert_eq!(
            of(good.replace(&number, &wrong_check)).await,
            "document_number CODE_CHECK_WRONG"
        );
        assert_eq!(
            of(good.replace(&number, "123")).await,
            "document_number CODE_MALFORMED"
        );
        assert_eq!(
            of(good.replace("CITIZEN_ID", "LIBRARY_CARD")).await,
            "document_kind VALUE_UNKNOWN"
        );
        assert_eq!(
            of(good.replace(SINCE, "2026-03-03")).await,
            "owned_since DATE_IN_THE_FUTURE"
        );
        assert_eq!(of(ownership_row(1, 9, 7)).await, "unit_number REFERENCE_UNKNOWN");
        assert_eq!(of(ownership_row(1, 2, 7)).await, "unit_number HOME_UNSOLD");
        assert_eq!(of(good.clone() + &good).await, "document_number DUPLICATE_ROW");
        let other_day = ownership_row(1, 1, 8).replace(SINCE, "2020-05-02");
        assert_eq!(of(good.clone() + &other_day).await, "owned_since VALUE_DIFFERS");

        registry
            .load(pb::TableKind::Ownerships, &(OWNERSHIPS_HEADER.to_owned() + &good))
            .await;
        assert_eq!(of(ownership_row(1, 1, 8)).await, "document_number VALUE_DIFFERS");
        let renamed = OWNERSHIPS_HEADER.to_owned() + &good.replace("张三", "李四");
        let report = registry
            .import(pb::TableKind::Ownerships, renamed.as_bytes())
            .await
            .unwrap();
        let error = &report.errors[0];
        assert_eq!(error.reason, "VALUE_DIFFERS");
        assert!(error.message_en.contains("张*"), "{}", error.message_en);
        for text in [&error.message_en, &error.message_zh] {
            assert!(
                !text.contains("张三") && !text.contains("李四") && !text.contains(&number),
                "{text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_the_first_hundred_errors_by_line_and_counts_the_rows() {
    let registry = TestRegistry::with_area(Backend::Sqlite).await;
    let rows: String = (1..=150)
        .map(|number| home_row(1, number, "GIVEN").replace("100.00", "0"))
        .collect();
    let report = registry
        .import(pb::TableKind::Homes, (HOMES_HEADER.to_owned() + &rows).as_bytes())
        .await
        .unwrap();
    assert_eq!((report.rows, report.recorded, report.error_count), (150, 0, 150));
    assert_eq!(report.errors.len(), 100);
    assert_eq!(
        (report.errors[0].line, report.errors[2].line),
        (2, 3),
        "two wrong cells a row, the header is line 1"
    );
}
