//! Files as people really send them, and as attackers do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;

use super::*;
use crate::app::tables::Findings;
use crate::domain::import::Mode;
use crate::domain::table::TableKind;

fn request(target: Target, header_line: u32) -> Request {
    Request {
        target,
        mode: Mode::Check,
        file_name: "文件".into(),
        file_size: 0,
        sha256: String::new(),
        titles: BTreeMap::new(),
        header_line,
    }
}

fn read_as(
    content: Vec<u8>,
    target: Target,
    header_line: u32,
) -> Result<(Staged, Vec<Portion>), &'static str> {
    let mut portions = Vec::new();
    let staged = read(content, &request(target, header_line), &mut |portion| {
        portions.push(portion);
        Ok(())
    });
    Ok((staged.map_err(|refusal| refusal.reason())?, portions))
}

fn refused(content: Vec<u8>) -> &'static str {
    read_as(content, Target::Table(TableKind::Homes), 1).unwrap_err()
}

/// What a file of homes says of each column, row by row.
fn homes(content: Vec<u8>) -> Vec<BTreeMap<&'static str, String>> {
    let (_, portions) = read_as(content, Target::Table(TableKind::Homes), 1).unwrap();
    let mut rows = Vec::new();
    for portion in portions {
        let mut findings = Findings::of(TableKind::Homes);
        let lines: Vec<u32> = portion.lines().collect();
        let sheet = portion.into_sheet(&mut findings);
        assert!(!findings.has_errors());
        rows.extend(lines.into_iter().map(|line| {
            let columns = TableKind::Homes.columns().iter();
            columns
                .map(|column| (column.name, sheet.shown(line, column.name)))
                .collect::<BTreeMap<_, _>>()
        }));
    }
    rows
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, place) in TableKind::Homes.columns().iter().zip(0..) {
        sheet.write(0, place, column.zh).unwrap();
    }
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_reads_as_its_author_sees_it() {
    let content = workbook(|sheet| {
        let day = Format::new().set_num_format("yyyy/m/d");
        sheet.write(1, 0, "330783004015-0001").unwrap();
        sheet.write(1, 1, 3.0).unwrap();
        sheet.write(1, 3, 101.0).unwrap();
        sheet.write(1, 5, 89.37).unwrap();
        let handed_over = ExcelDateTime::parse_from_str("2019-06-30").unwrap();
        sheet.write_with_format(1, 8, &handed_over, &day).unwrap();
        // A blank row, then a day without a format, a sum with its binary rest, and an empty cell at the end.
        sheet.write(3, 1, "１２").unwrap();
        sheet.write(3, 5, 0.1 + 0.2).unwrap();
        sheet.write(3, 8, 43_646.0).unwrap();
        sheet.write(4, 1, "5").unwrap();
    });
    let rows = homes(content);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["building_number"], "3");
    assert_eq!(
        (rows[0]["room"].as_str(), rows[0]["stairwell"].as_str()),
        ("101", "")
    );
    assert_eq!(rows[0]["exclusive_area"], "89.37");
    assert_eq!(rows[0]["delivered_on"], "2019-06-30");
    assert_eq!(
        (
            rows[1]["building_number"].as_str(),
            rows[1]["exclusive_area"].as_str()
        ),
        ("12", "0.3")
    );
    assert_eq!(rows[1]["delivered_on"], "2019-06-30", "43646 is that day");
    assert_eq!(rows[2]["building_number"], "5");
}

#[test]
fn formulas_errors_and_numbers_that_lost_digits_are_told_apart() {
    let content = workbook(|sheet| {
        sheet
            .write(1, 0, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
        sheet
            .write(1, 3, Formula::new("=100+1").set_result("101"))
            .unwrap();
        sheet.write(1, 4, 330_783_199_001_011_000.0).unwrap();
    });
    let (_, portions) = read_as(content, Target::Table(TableKind::Homes), 1).unwrap();
    let text = serde_json::to_string(&portions).unwrap();
    assert!(text.contains("\"101\""), "{text}");
    assert!(text.contains(crate::app::tables::DIGITS_LOST), "{text}");
}

#[test]
fn the_titles_may_stand_below_a_heading() {
    let csv = "房屋一览表,,\n\n统一社会信用代码,名称,企业类型\n1,甲,PROPERTY\n,,\n2,乙,PROPERTY\n";
    let target = Target::Table(TableKind::Firms);
    let (staged, _) = read_as(csv.as_bytes().to_vec(), target, 3).unwrap();
    assert_eq!(staged.rows, 2);
    assert_eq!(
        read_as(csv.as_bytes().to_vec(), target, 1).unwrap_err(),
        "TABLE_COLUMN_MISSING"
    );
}

#[test]
fn what_is_no_table_is_refused_by_what_it_is() {
    assert_eq!(refused(b"\xD0\xCF\x11\xE0old".to_vec()), "TABLE_FORMAT_UNKNOWN");
    assert_eq!(refused(b"%PDF\0".to_vec()), "TABLE_FORMAT_UNKNOWN");
    assert_eq!(refused(Vec::new()), "TABLE_EMPTY");
    assert_eq!(refused(b"PK\x03\x04 and nothing".to_vec()), "TABLE_FILE_BROKEN");
    let mut whole = workbook(|sheet| {
        for row in 1..500 {
            sheet.write(row, 0, format!("area {row}")).unwrap();
        }
    });
    whole.truncate(whole.len() / 2);
    assert_eq!(refused(whole), "TABLE_FILE_BROKEN", "cut in the middle");
    let target = Target::Workbook;
    let other = workbook(|_| {});
    assert_eq!(read_as(other, target, 1).unwrap_err(), "TABLE_SHEET_MISSING");
    let csv = b"number\n1\n".to_vec();
    assert_eq!(read_as(csv, target, 1).unwrap_err(), "TABLE_FORMAT_UNKNOWN");
}

/// A workbook whose table of texts is this.
fn with_texts(head: &str, zeros: u64) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
        .unwrap();
    archive.write_all(head.as_bytes()).unwrap();
    std::io::copy(
        &mut std::io::Read::take(std::io::repeat(b' '), zeros),
        &mut archive,
    )
    .unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_found_before_it_goes_off() {
    let bomb = with_texts("<sst>", 64 * 1024 * 1024);
    assert!(bomb.len() < 200_000, "{} bytes hold 64 MiB", bomb.len());
    assert_eq!(refused(bomb), "TABLE_TOO_LARGE");
    let boast = with_texts("<sst uniqueCount=\"99999999999\">", 10);
    assert_eq!(refused(boast), "TABLE_TOO_LARGE");
    assert_eq!(
        refused(with_texts("<sst uniqueCount=\"1\">", 10)),
        "TABLE_FILE_BROKEN"
    );
}
