//! Tables with wrong columns, duplicates, marks, other encodings and impossible values.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use heju_tests::Caller;
use heju_tests::rest::number;
use serde_json::{Value, json};

use super::desk::Desk;

/// The mark at the beginning of a UTF-8 file (BOM).
const MARK: &[u8] = b"\xEF\xBB\xBF";
const AREAS: &str = "number,name,division_code,developer_credit_code,manager_credit_code\n";
const BUILDINGS: &str = "area_number,number,floors\n";
const HOMES: &str =
    "area_number,building_number,stairwell,room,unit_number,exclusive_area,use,sale_state,delivered_on\n";
const DEPOSITS: &str = "unit_number,amount,paid_on,reference\n";

fn import(kind: &str, content: &[u8]) -> Value {
    json!({ "kind": format!("TABLE_KIND_{kind}"), "content": STANDARD.encode(content) })
}

async fn reported(desk: &mut Desk, path: &str, body: &Value, expected: &[(u32, &str)]) -> Result<()> {
    let (authority, key) = (desk.people.authority.clone(), desk.key());
    desk.look().await?;
    let report = authority.write(path, &key, body).await?;
    assert_eq!(
        (number(&report["recorded"]), number(&report["posted"])),
        (0, 0),
        "{report}"
    );
    desk.reported(path, &report, expected).await
}

async fn accepted(desk: &mut Desk, who: &Caller, path: &str, body: &Value) -> Result<Value> {
    let key = desk.key();
    let report = who.write(path, &key, body).await?;
    assert!(report["errors"].as_array().is_none_or(Vec::is_empty), "{report}");
    Ok(report)
}

/// Areas, buildings and homes.
pub async fn of_the_registry(desk: &mut Desk) -> Result<()> {
    let path = "/v1/imports";
    let story = desk.people.story().clone();
    let authority = desk.people.authority.clone();
    let area = &story.area_number;
    for (content, reason) in [
        (format!("area_number,number\n{area},90\n"), "TABLE_COLUMN_MISSING"),
        (
            format!("area_number,number,floors,colour\n{area},90,6,red\n"),
            "TABLE_COLUMN_UNKNOWN",
        ),
        (
            format!("area_number,number,floors,floors\n{area},90,6,6\n"),
            "TABLE_COLUMN_UNKNOWN",
        ),
        (BUILDINGS.to_owned(), "TABLE_EMPTY"),
        (String::new(), "TABLE_EMPTY"),
    ] {
        desk.refuses(
            &authority,
            path,
            &import("BUILDINGS", content.as_bytes()),
            (400, reason),
        )
        .await?;
    }
    let neither = [BUILDINGS.as_bytes(), b"\xFF\xFF,90,6\n"].concat();
    desk.refuses(
        &authority,
        path,
        &import("BUILDINGS", &neither),
        (400, "TABLE_ENCODING_UNKNOWN"),
    )
    .await?;
    let no_kind = json!({ "content": STANDARD.encode(BUILDINGS) });
    desk.refuses(&authority, path, &no_kind, (400, "TABLE_KIND_MISSING"))
        .await?;
    let no_base64 = json!({ "kind": "TABLE_KIND_BUILDINGS", "content": "幢" });
    desk.refuses(&authority, path, &no_base64, (400, "BODY_MALFORMED"))
        .await?;

    let rows = |rows: &str| import("BUILDINGS", format!("{BUILDINGS}{rows}").as_bytes());
    let good = format!("{area},90,6\n");
    for (bad, errors) in [
        (format!("{good}{area},90,7\n"), vec![(3, "DUPLICATE_ROW")]),
        (format!("{good}{area},91,zero\n"), vec![(3, "NUMBER_MALFORMED")]),
        (format!("{good}{area},91,-1\n"), vec![(3, "NUMBER_MALFORMED")]),
        (format!("{good}{area},91,0\n"), vec![(3, "NUMBER_OUT_OF_RANGE")]),
        (format!("{good}{area},91\n"), vec![(3, "COLUMN_COUNT_WRONG")]),
        (format!("{good},91,6\n"), vec![(3, "VALUE_MISSING")]),
        (
            format!("{good}330783004015-9999,91,6\n"),
            vec![(3, "REFERENCE_UNKNOWN")],
        ),
    ] {
        reported(desk, path, &rows(&bad), &errors).await?;
    }
    // A unit number with its district, and a serial that no home of the city has.
    let unit = format!("{}9{}", &story.unsold_home.unit_number[..27], "");
    for (size, reason) in [
        ("0", "AREA_NOT_POSITIVE"),
        ("-5.00", "AREA_NOT_POSITIVE"),
        ("much", "NUMBER_MALFORMED"),
        ("99999999999", "AREA_TOO_LARGE"),
    ] {
        let row = format!(
            "{area},{},1,999,{unit},{size},RESIDENTIAL,UNSOLD,\n",
            story.building_number
        );
        reported(
            desk,
            path,
            &import("HOMES", format!("{HOMES}{row}").as_bytes()),
            &[(2, reason)],
        )
        .await?;
    }

    let dry = {
        let mut body = rows(&good);
        body["dryRun"] = json!(true);
        body
    };
    reported(desk, path, &dry, &[]).await?;
    let marked = [MARK, BUILDINGS.as_bytes(), good.as_bytes()].concat();
    let report = accepted(desk, &authority, path, &import("BUILDINGS", &marked)).await?;
    assert_eq!(number(&report["recorded"]), 1, "{report}");
    let report = accepted(desk, &authority, path, &rows(&good)).await?;
    assert_eq!(
        (number(&report["recorded"]), number(&report["unchanged"])),
        (0, 1),
        "{report}"
    );

    let name = "龙凤花园";
    let text = format!(
        "{AREAS}{}-0777,{name},{},,\n",
        story.division_code, story.division_code
    );
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let report = accepted(desk, &authority, path, &import("AREAS", &gbk)).await?;
    assert_eq!(number(&report["recorded"]), 1, "{report}");
    let areas = authority
        .read(&format!(
            "/v1/areas?division_code={}&page_size=500",
            story.division_code
        ))
        .await?;
    let areas = areas["areas"].as_array().context("no areas")?;
    assert!(
        areas.iter().any(|area| area["name"] == name),
        "a name in GBK was read wrongly: {areas:?}"
    );

    let community = desk.people.community.clone();
    desk.refuses(
        &community,
        path,
        &rows(&format!("{area},92,6\n")),
        (403, "NOT_ALLOWED"),
    )
    .await
}

/// First deposits.
pub async fn of_deposits(desk: &mut Desk) -> Result<()> {
    let path = "/v1/deposits/import";
    let authority = desk.people.authority.clone();
    let unit = desk.people.story().unsold_home.unit_number.clone();
    let table = |content: &[u8]| json!({ "content": STANDARD.encode(content) });
    for (content, reason) in [
        ("unit_number,amount,paid_on\n".to_owned(), "TABLE_COLUMN_MISSING"),
        (
            "unit_number,amount,paid_on,reference,colour\n".to_owned(),
            "TABLE_COLUMN_UNKNOWN",
        ),
        (DEPOSITS.to_owned(), "TABLE_EMPTY"),
    ] {
        desk.refuses(&authority, path, &table(content.as_bytes()), (400, reason))
            .await?;
    }
    let neither = [DEPOSITS.as_bytes(), b"\xFF\xFF,1,2020-01-01,a\n"].concat();
    desk.refuses(
        &authority,
        path,
        &table(&neither),
        (400, "TABLE_ENCODING_UNKNOWN"),
    )
    .await?;

    let rows = |rows: &str| table(format!("{DEPOSITS}{rows}").as_bytes());
    let good = format!("{unit},100.00,2020-01-01,bad-1\n");
    for (bad, errors) in [
        (
            format!("{good}{unit},100.00,2020-01-01,bad-1\n"),
            vec![(3, "REFERENCE_REPEATED")],
        ),
        (
            format!("{good}{unit},0.00,2020-01-01,bad-2\n"),
            vec![(3, "AMOUNT_NOT_POSITIVE")],
        ),
        (
            format!("{good}{unit},-5.00,2020-01-01,bad-2\n"),
            vec![(3, "AMOUNT_SIGNED")],
        ),
        (
            format!("{good}{unit},999999999999.00,2020-01-01,bad-2\n"),
            vec![(3, "AMOUNT_TOO_LARGE")],
        ),
        (
            format!("{good}{unit},5.00,2020-13-01,bad-2\n"),
            vec![(3, "DATE_MALFORMED")],
        ),
        (
            format!(
                "{good}{},5.00,2020-01-01,bad-2\n",
                unit.replace("330783", "330784")
            ),
            vec![(3, "REFERENCE_UNKNOWN")],
        ),
        (format!("{good}{unit},5.00\n"), vec![(3, "ROW_MALFORMED")]),
    ] {
        reported(desk, path, &rows(&bad), &errors).await?;
    }
    let (gbk, _, _) = encoding_rs::GBK.encode("缴款");
    let marked = [MARK, DEPOSITS.as_bytes(), good.as_bytes()].concat();
    let chinese = [
        DEPOSITS.as_bytes(),
        format!("{unit},100.00,2020-01-01,").as_bytes(),
        &gbk,
        b"-1\n",
    ]
    .concat();
    for content in [marked, chinese] {
        let report = accepted(desk, &authority, path, &table(&content)).await?;
        assert_eq!(
            (number(&report["posted"]), number(&report["postedFen"])),
            (1, 10_000),
            "{report}"
        );
    }
    let report = accepted(desk, &authority, path, &rows(&good)).await?;
    assert_eq!(
        (number(&report["posted"]), number(&report["unchanged"])),
        (0, 1),
        "{report}"
    );
    reported(
        desk,
        path,
        &rows(&good.replace("100.00", "101.00")),
        &[(2, "REFERENCE_REUSED")],
    )
    .await?;
    let community = desk.people.community.clone();
    desk.refuses(&community, path, &rows(&good), (403, "NOT_ALLOWED"))
        .await
}
