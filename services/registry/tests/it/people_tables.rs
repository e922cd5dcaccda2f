//! Tables of what is recorded of owners: how homes are held, comparisons and mobile numbers, who acts and votes for them.

mod agents;
mod holdings;
mod owner_records;
mod representatives;

use proto::registry::v1 as pb;
use testkit::people;

use crate::imports::file::File;
use crate::world::*;

/// Where events of the area lie.
pub const PLACE: &str = ".330783.004.015";

pub const HOLDINGS: &str =
    "unit_number,owned_since,document_kind,document_number,share,title,registered_on\n";
pub const RECORDS: &str = "document_kind,document_number,mobile,verification,verified_on,mismatch\n";
pub const AGENTS: &str = "document_kind,document_number,from_on,agent_name,agent_document_kind,agent_document_number,\
                          ground,until_on,document_digest\n";
pub const REPRESENTATIVES: &str =
    "area_number,owners,from_on,document_kind,document_number,document_digest\n";

/// A document as a table names it.
pub fn document(serial: u32) -> String {
    format!("CITIZEN_ID,{}", citizen(serial).as_str())
}

/// Several document numbers as a table names them.
pub fn numbers(serials: &[u32]) -> String {
    let numbers = serials.iter().map(|serial| citizen(*serial).as_str().to_owned());
    numbers.collect::<Vec<_>>().join(";")
}

/// Homes 1 to 4 of building 1, handed over: 1 of owners 1 and 2, 2 of owner 3, 3 of a company; 4 of owner 4 until 2022, of
/// owners 5 and 6 since.
async fn estate(registry: &TestRegistry) {
    let homes: String = (1..=4).map(|number| home_row(1, number, "DELIVERED")).collect();
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    let company = format!(
        "{},湖畔有限公司,CREDIT_CODE,{},{SINCE}\n",
        unit(1, 3),
        developer_code()
    );
    let owners = [
        OWNERSHIPS_HEADER,
        &ownership_row(1, 1, 1),
        &ownership_row(1, 1, 2),
        &ownership_row(1, 2, 3),
        &company,
        &ownership_row(1, 4, 4),
    ];
    registry.load(pb::TableKind::Ownerships, &owners.concat()).await;
    let next = OWNERSHIPS_HEADER.to_owned() + &ownership_row(2, 1, 5) + &ownership_row(2, 2, 6);
    let homes = HOMES_HEADER.to_owned() + &home_row(2, 1, "DELIVERED") + &home_row(2, 2, "DELIVERED");
    registry.load(pb::TableKind::Homes, &homes).await;
    registry.load(pb::TableKind::Ownerships, &next).await;
    let authority = people::authority(CITY);
    registry
        .transfer(&authority, "t4", home(1, 4), &[owner(5), owner(6)], "2022-01-01")
        .await
        .unwrap();
}

/// What a lenient import makes of a table: rows recorded and unchanged, and line, column and reason of each error.
async fn leniently(
    registry: &TestRegistry,
    kind: pb::TableKind,
    table: &str,
) -> (i32, i32, Vec<(i32, String, String)>) {
    let file = File::begin(registry, kind, pb::ImportMode::Lenient, table).await;
    let done = file.load().await;
    assert_eq!(done.state(), pb::ImportState::Finished, "{done:?}");
    assert_eq!(
        done.recorded + done.unchanged + done.wrong,
        done.rows,
        "every row is accounted for"
    );
    let errors = file.errors().await.into_iter();
    let told = errors.map(|error| (error.line, error.column, error.reason));
    (done.recorded, done.unchanged, told.collect())
}

fn told(line: i32, column: &str, reason: &str) -> (i32, String, String) {
    (line, column.to_owned(), reason.to_owned())
}

/// Versions of the events of an aggregate count from one without a gap.
async fn counts(registry: &TestRegistry, aggregate: &str, names: &[&str]) {
    let expected: Vec<String> = (1..)
        .zip(names)
        .map(|(version, name)| format!("{name} {version}"))
        .collect();
    assert_eq!(registry.told(aggregate).await, expected);
}
