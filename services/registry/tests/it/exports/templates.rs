//! Empty tables to fill in: what is in them, and that they import once they are filled in.

use std::io::{Cursor, Read};

use proto::registry::v1 as pb;
use testkit::{Backend, people};

use super::{File, csv, sheets, to_csv};
use crate::world::*;

/// SHA-256 of nothing.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const KINDS: [pb::TableKind; 15] = [
    pb::TableKind::Firms,
    pb::TableKind::Areas,
    pb::TableKind::Buildings,
    pb::TableKind::Homes,
    pb::TableKind::Ownerships,
    pb::TableKind::BuildingFacts,
    pb::TableKind::Equipment,
    pb::TableKind::Inspections,
    pb::TableKind::Parking,
    pb::TableKind::Holdings,
    pb::TableKind::OwnerRecords,
    pb::TableKind::Agents,
    pb::TableKind::Representatives,
    pb::TableKind::ExclusiveAreas,
    pb::TableKind::Dossiers,
];

fn of(kind: pb::TableKind, format: pb::FileFormat) -> pb::GetTemplateRequest {
    pb::GetTemplateRequest {
        kind: kind.into(),
        format: format.into(),
        ..Default::default()
    }
}

/// The text of the first sheet as the file holds it.
fn first_sheet(file: &File) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file.content.clone())).unwrap();
    let mut text = String::new();
    archive
        .by_name("xl/worksheets/sheet1.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_has_the_columns_and_explains_each() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    // Anybody with a token, whatever the role.
    let nobody = access::Principal::person("account", "无角色");
    for kind in KINDS {
        let file = registry
            .template(&nobody, of(kind, pb::FileFormat::Xlsx))
            .await
            .unwrap();
        let sheets = sheets(&file);
        let [(name, table), (explanation, explained)] = &sheets[..] else {
            panic!("two sheets");
        };
        assert_eq!(file.name, format!("{name}-模板.xlsx"));
        assert_eq!(explanation, "说明");
        assert_eq!(table.len(), 1, "nothing below the titles");
        assert_eq!(explained.len(), table[0].len() + 1);
        for (title, row) in table[0].iter().zip(&explained[1..]) {
            assert_eq!(title, &row[0]);
            assert!(row.iter().skip(5).all(|cell| !cell.is_empty()), "{row:?}");
        }
        let plain = registry
            .template(&people::administrator(), of(kind, pb::FileFormat::CsvUtf8))
            .await
            .unwrap();
        assert_eq!(csv(&plain), *table);
        // An empty table is read as one, and not as a table of something else.
        let answer = registry.import(kind, &plain.content).await;
        assert_eq!(refused(answer), "TABLE_EMPTY");
        let gb = registry
            .template(&nobody, of(kind, pb::FileFormat::CsvGb18030))
            .await
            .unwrap();
        let (text, _, wrong) = encoding_rs::GB18030.decode(&gb.content);
        assert!(!wrong && text.trim_end() == table[0].join(","));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_chosen_from_lists_and_every_column_is_text() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    let file = registry
        .template(
            &people::administrator(),
            of(pb::TableKind::Homes, pb::FileFormat::Xlsx),
        )
        .await
        .unwrap();
    let text = first_sheet(&file);
    for list in ["RESIDENTIAL,COMMERCIAL,PARKING", "UNSOLD,SOLD,DELIVERED"] {
        assert!(
            text.contains(&format!("<formula1>\"{list}\"</formula1>")),
            "{list}"
        );
    }
    assert!(text.contains("sqref=\"G2:G20001\"") && text.contains("sqref=\"H2:H20001\""));
    let columns = text.matches("<col ").count();
    assert!(
        columns >= 1 && text.matches("style=").count() >= columns,
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_filled_in_can_be_imported() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    for kind in KINDS {
        let file = registry
            .template(&people::administrator(), of(kind, pb::FileFormat::Xlsx))
            .await
            .unwrap();
        let sheets = sheets(&file);
        let example: Vec<String> = sheets[1].1[1..].iter().map(|row| row[4].clone()).collect();
        if kind == pb::TableKind::Representatives {
            couple(&registry, &example).await;
        }
        let mut table = vec![sheets[0].1[0].clone(), example];
        if kind == pb::TableKind::ExclusiveAreas {
            // The first row of a history alone tells nothing; the second corrects it to what the home has.
            let mut second = table[1].clone();
            for (place, cell) in [
                (1, "1"),
                (2, "89.37"),
                (3, "REGISTER"),
                (4, "2021-03-01"),
                (5, DIGEST),
            ] {
                second[place] = cell.to_owned();
            }
            table.push(second);
        }
        if kind == pb::TableKind::Dossiers {
            // Nobody fills one in: what is typed has not the platform's hash.
            let text = String::from_utf8(to_csv(&table)).unwrap();
            assert_eq!(registry.error_of(kind, &text).await, "seal DOSSIER_ALTERED");
            continue;
        }
        let rows = i32::try_from(table.len() - 1).unwrap();
        let report = registry.import(kind, &to_csv(&table)).await.unwrap();
        assert_eq!((report.errors, report.recorded), (Vec::new(), rows), "{kind:?}");
    }
}

/// A home that the owners of an example own together: every example of ownerships is one row, of one owner.
async fn couple(registry: &TestRegistry, example: &[String]) {
    let unit = "330783004015GB00001F00030013";
    let home = format!("{AREA},3,1,1503,{unit},89.37,RESIDENTIAL,DELIVERED,2019-06-30\n");
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &home))
        .await;
    let mut rows = OWNERSHIPS_HEADER.to_owned();
    for (name, number) in ["张三", "李四"].iter().zip(example[1].split(';')) {
        rows += &format!("{unit},{name},CITIZEN_ID,{number},2019-06-30\n");
    }
    registry.load(pb::TableKind::Ownerships, &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_of_nothing_is_refused() {
    let registry = TestRegistry::new(Backend::Sqlite).await;
    let request = pb::GetTemplateRequest::default();
    let answer = registry.template(&people::administrator(), request).await;
    assert_eq!(refused(answer), "TABLE_KIND_MISSING");
}
