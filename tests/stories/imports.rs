//! A small estate is loaded from files that are sent in parts: one row is wrong, is told, mended and loaded; what stands
//! is left alone.

use std::collections::BTreeMap;
use std::io::Cursor;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use calamine::{Reader, Xlsx};
use heju_tests::People;
use heju_tests::repair::WITHIN;
use heju_tests::rest::{number, text};
use ids::CitizenId;
use reqwest::Method;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Day of hand-over and of every title.
const SINCE: &str = "2019-06-30";
/// So that a table of a few hundred bytes comes in several parts.
const PART: usize = 150;
/// Buildings, rooms, exclusive areas in m², and who owns the homes: a couple, somebody with two homes, two others.
const HOMES: [(&str, &str, &str, &[u32]); 5] = [
    ("3", "101", "89.37", &[1, 2]),
    ("3", "102", "101.05", &[3]),
    ("3", "103", "76.48", &[4]),
    ("92", "101", "120.00", &[3]),
    ("92", "102", "95.51", &[5]),
];

/// The estate that stands next to the story's.
pub struct Estate {
    /// Its filing number.
    pub number: String,
    /// `area_…`
    pub area_id: String,
    /// Its homes with what was deposited for them, in fen.
    pub deposits: BTreeMap<String, i64>,
}

/// Loads the estate next door, of the same developer and firm as the story's, with its deposits.
pub async fn next_door(people: &People) -> Result<Estate> {
    let story = people.story();
    let number = format!("{}-0999", story.division_code);
    let areas = format!(
        "number,name,division_code,developer_credit_code,manager_credit_code\n{number},东邻小区,{},{},{}\n",
        story.division_code, story.developer_credit_code, story.manager_credit_code
    );
    let buildings = format!("area_number,number,floors\n{number},3,6\n{number},92,6\n");
    let mut homes =
        "area_number,building_number,stairwell,room,unit_number,exclusive_area,use,sale_state,delivered_on\n"
            .to_owned();
    let mut owners = "unit_number,owner_name,document_kind,document_number,owned_since\n".to_owned();
    let mut deposits = "unit_number,amount,paid_on,reference\n".to_owned();
    for (index, (building, room, area, of)) in HOMES.iter().enumerate() {
        let unit = unit(story.division_code.as_str(), building, room);
        homes += &format!("{number},{building},1,{room},{unit},{area},RESIDENTIAL,DELIVERED,{SINCE}\n");
        for serial in *of {
            owners += &format!(
                "{unit},{},CITIZEN_ID,{},{SINCE}\n",
                name(*serial),
                citizen(*serial)
            );
        }
        deposits += &format!(
            "{unit},{}.{:02},{SINCE},NEXT-{index}\n",
            6_000 + index,
            37 + index
        );
    }
    load(people, "AREAS", &areas, "strict").await?;
    load(people, "BUILDINGS", &buildings, "strict").await?;
    load(people, "HOMES", &homes, "strict").await?;
    a_wrong_row_is_told(people, &owners).await?;
    let done = load(people, "OWNERSHIPS", &owners, "mended").await?;
    assert_eq!(
        (number_of(&done, "recorded"), number_of(&done, "unchanged")),
        (6, 0)
    );
    let again = load(people, "OWNERSHIPS", &owners, "repeated").await?;
    assert_eq!(
        (number_of(&again, "recorded"), number_of(&again, "unchanged")),
        (0, 6)
    );

    let page = people
        .authority
        .read(&format!("/v1/areas?query={number}"))
        .await?;
    let area_id = text(&page["areas"][0]["areaId"])?;
    let page = people
        .authority
        .read(&format!("/v1/homes?area_id={area_id}"))
        .await?;
    let mut of_homes = BTreeMap::new();
    for home in page["homes"].as_array().context("no homes")? {
        let place = HOMES
            .iter()
            .position(|(building, room, ..)| home["unitNumber"] == unit(&story.division_code, building, room))
            .context("a home of the estate")?;
        let place = place as i64;
        of_homes.insert(text(&home["homeId"])?, (6_000 + place) * 100 + 37 + place);
    }
    assert_eq!(of_homes.len(), HOMES.len());
    deposit(people, &deposits).await?;
    Ok(Estate {
        number,
        area_id,
        deposits: of_homes,
    })
}

/// A document number with a wrong check character refuses the whole table: the row is told without the number, in the list
/// and in files to take away.
async fn a_wrong_row_is_told(people: &People, owners: &str) -> Result<()> {
    let right = citizen(4);
    let last = if right.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{last}", &right[..17]);
    let done = send(people, "OWNERSHIPS", &owners.replace(&right, &wrong), "wrong").await?;
    assert_eq!(done["state"], "IMPORT_STATE_REFUSED", "{done}");
    assert_eq!(
        [
            number_of(&done, "rows"),
            number_of(&done, "wrong"),
            number_of(&done, "recorded")
        ],
        [6, 1, 0]
    );
    let import_id = text(&done["importId"])?;
    let page = people
        .authority
        .read(&format!("/v1/imports/{import_id}/errors"))
        .await?;
    let errors = page["errors"].as_array().context("no errors")?;
    let [error] = errors.as_slice() else {
        panic!("one error: {page}")
    };
    // The couple's two rows and another stand above it, below the header.
    assert_eq!(
        (&error["sheet"], &error["line"]),
        (&json!("ownerships"), &json!(5))
    );
    assert_eq!(
        (&error["column"], &error["reason"]),
        (&json!("document_number"), &json!("CODE_CHECK_WRONG"))
    );
    let masked = text(&error["value"])?;
    assert!(
        masked.contains('*') && !masked.contains(&wrong[6..14]),
        "{masked}"
    );
    let cures = [text(&error["messageZh"])?, text(&error["messageEn"])?];
    assert!(
        cures
            .iter()
            .all(|cure| !cure.is_empty() && !cure.contains(&wrong))
    );

    let line = [
        "产权",
        "5",
        "证件号码",
        &masked,
        "CODE_CHECK_WRONG",
        &cures[0],
        &cures[1],
    ];
    for (format, extension, content_type) in [
        ("FILE_FORMAT_CSV_UTF8", "csv", "text/csv; charset=utf-8"),
        (
            "FILE_FORMAT_XLSX",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ] {
        let path = format!("/v1/imports/{import_id}/report?format={format}");
        let response = people.authority.request(Method::GET, &path).send().await?;
        assert_eq!(response.status(), 200, "{path}");
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header(CONTENT_TYPE), Some(content_type));
        let disposition = header(CONTENT_DISPOSITION).context("no name of the file")?;
        // `导入错误`, in ASCII for old programs and in full.
        let names = (
            format!("filename=\"____-{import_id}.{extension}\""),
            format!("filename*=UTF-8''%E5%AF%BC%E5%85%A5%E9%94%99%E8%AF%AF-{import_id}.{extension}"),
        );
        assert_eq!(disposition, format!("attachment; {}; {}", names.0, names.1));
        let content = response.bytes().await?;
        let rows = if extension == "csv" {
            rows_of_csv(&content)?
        } else {
            rows_of_workbook(&content)?
        };
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(rows[1], line);
    }
    let hidden = people
        .firm
        .get(&format!("/v1/imports/{import_id}/report"))
        .await?;
    assert_eq!((hidden.status, hidden.reason()), (403, "NOT_ALLOWED"));
    Ok(())
}

/// Sends a table and waits until it is loaded.
async fn load(people: &People, kind: &str, content: &str, key: &str) -> Result<Value> {
    let done = send(people, kind, content, key).await?;
    assert_eq!(done["state"], "IMPORT_STATE_FINISHED", "{kind}: {done}");
    assert_eq!(number_of(&done, "wrong"), 0, "{kind}: {done}");
    Ok(done)
}

/// Sends a table in parts, one of them twice, and waits until it is loaded or refused.
async fn send(people: &People, kind: &str, content: &str, key: &str) -> Result<Value> {
    let authority = &people.authority;
    let begin = json!({
        "kind": format!("TABLE_KIND_{kind}"),
        "mode": "IMPORT_MODE_STRICT",
        "fileName": "东邻小区.csv",
        "fileSize": content.len().to_string(),
        "sha256": hex::encode(Sha256::digest(content)),
    });
    let key = format!("{kind}-{key}");
    let begun = authority.write("/v1/imports/begin", &key, &begin).await?;
    let import_id = text(&begun["importId"])?;
    let parts = format!("/v1/imports/{import_id}/parts");
    for (place, part) in content.as_bytes().chunks(PART).enumerate() {
        let offset = place * PART;
        let body = json!({ "offset": offset.to_string(), "content": STANDARD.encode(part) });
        let taken = authority
            .write(&parts, &format!("{import_id}-{offset}"), &body)
            .await?;
        assert_eq!(number(&taken["received"]) as usize, offset + part.len());
        if offset == 0 && content.len() > PART {
            // Sent again by somebody who missed the answer, and the last part before its turn.
            let again = authority
                .write(&parts, &format!("{import_id}-again"), &body)
                .await?;
            assert_eq!(again["received"], taken["received"]);
            let early = json!({ "offset": (2 * PART).to_string(), "content": STANDARD.encode(part) });
            let early = authority
                .decide(&parts, &format!("{import_id}-early"), &early)
                .await?;
            assert_eq!(early.reason(), "PART_OUT_OF_PLACE");
        }
    }
    let over = ["FINISHED", "REFUSED", "FAILED", "CANCELLED"].map(|state| format!("IMPORT_STATE_{state}"));
    let is_over = |import: &Value| over.iter().any(|state| import["state"] == state.as_str());
    authority
        .wait_for(&format!("/v1/imports/{import_id}"), WITHIN, is_over)
        .await
}

/// Records first deposits as soon as the homes have reached the funds.
async fn deposit(people: &People, table: &str) -> Result<()> {
    let body = json!({ "content": STANDARD.encode(table) });
    let started = std::time::Instant::now();
    for attempt in 0.. {
        let key = format!("next-deposits-{attempt}");
        let report = people.authority.write("/v1/deposits/import", &key, &body).await?;
        if report["errors"].as_array().is_none_or(Vec::is_empty) {
            assert_eq!(number_of(&report, "posted"), HOMES.len() as i64);
            break;
        }
        assert_eq!(report["errors"][0]["reason"], "REFERENCE_UNKNOWN", "{report}");
        assert!(started.elapsed() < WITHIN, "{report}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(())
}

fn rows_of_csv(content: &[u8]) -> Result<Vec<Vec<String>>> {
    let content = content.strip_prefix("\u{feff}".as_bytes()).context("no mark")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(content);
    let rows = reader.records();
    rows.map(|row| Ok(row?.iter().map(str::to_owned).collect()))
        .collect()
}

fn rows_of_workbook(content: &[u8]) -> Result<Vec<Vec<String>>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(content.to_vec()))?;
    let (_, sheet) = book.worksheets().into_iter().next().context("no sheet")?;
    Ok(sheet
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect())
}

fn number_of(answer: &Value, field: &str) -> i64 {
    number(&answer[field])
}

fn unit(division: &str, building: &str, room: &str) -> String {
    format!("{division}GB00999F{building:0>4}{room:0>4}")
}

fn name(serial: u32) -> &'static str {
    ["赵一", "钱二", "孙三", "李四", "周五"][serial as usize - 1]
}

/// A citizen number that belongs to nobody, and to nobody of the demonstration city either.
fn citizen(serial: u32) -> String {
    let body = format!("33078319311001{}", 990 + serial);
    let check = CitizenId::check_char(&body).expect("the body has seventeen digits");
    format!("{body}{check}")
}
