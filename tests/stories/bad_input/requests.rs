//! Bodies, ids, amounts, keys and addresses that are wrong in themselves.

use anyhow::Result;
use heju_tests::expected::Scope;
use heju_tests::repair::proposal;
use heju_tests::rest::{send, text};
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::Desk;

/// Where a draw is proposed.
const DRAWS: &str = "/v1/draws";
/// A byte more than the gateway takes.
const TOO_LARGE: usize = 8 * 1024 * 1024 + 1;

fn good(desk: &Desk) -> Value {
    proposal(
        &Scope::of(desk.people.story(), None),
        "3 幢屋面防水维修",
        1_000_000,
    )
}

/// The proposal with another value somewhere.
fn with(desk: &Desk, field: &str, value: Value) -> Value {
    let mut body = good(desk);
    body[field] = value;
    body
}

/// Not JSON, not of the right shape, not of the right types.
pub async fn bodies(desk: &mut Desk) -> Result<()> {
    let firm = desk.people.firm.clone();
    let (gbk, _, _) = encoding_rs::GBK.encode("{\"title\":\"屋面\"}");
    for bytes in [
        &b"{\"scope\":"[..],
        b"",
        b"[1]",
        b"null",
        b"\"roof\"",
        b"{\"title\":\"a\"} {}",
        &gbk,
    ] {
        let key = desk.key();
        desk.look().await?;
        let answer = firm.post_bytes(DRAWS, &key, bytes.to_vec()).await?;
        let what = String::from_utf8_lossy(bytes).into_owned();
        // Nothing is an empty message, which lacks everything.
        let reason = if matches!(bytes, b"" | b"null") {
            "ID_MALFORMED"
        } else {
            "BODY_MALFORMED"
        };
        desk.refused(&what, &answer, (400, reason)).await?;
    }
    let key = desk.key();
    desk.look().await?;
    let plain = firm
        .request(Method::POST, DRAWS)
        .header("idempotency-key", key)
        .header("content-type", "text/plain");
    let answer = send(plain.body(good(desk).to_string())).await?;
    desk.refused("text/plain", &answer, (400, "BODY_MALFORMED"))
        .await?;

    let mut nested = good(desk);
    nested["scope"]["colour"] = json!("red");
    for body in [with(desk, "colour", json!("red")), nested] {
        desk.refuses(&firm, DRAWS, &body, (400, "FIELD_UNKNOWN")).await?;
    }
    for (field, value) in [
        ("title", json!(5)),
        ("title", json!(["屋面"])),
        ("scope", json!("here")),
        ("scope", json!([])),
        ("scope", json!({ "areaId": 7 })),
        ("scope", json!({ "buildingIds": "3" })),
        ("part", json!("SHARED_PART_MOON")),
        ("part", json!({})),
        ("budgetFen", json!("much")),
        ("budgetFen", json!(true)),
        ("budgetFen", json!(1.5)),
        ("budgetFen", json!("1e3.")),
        ("budgetFen", json!("9223372036854775808")),
        ("budgetFen", json!(1e30)),
    ] {
        desk.refuses(&firm, DRAWS, &with(desk, field, value), (400, "BODY_MALFORMED"))
            .await?;
    }
    for (field, value, reason) in [
        ("title", json!("  "), "TITLE_MISSING"),
        ("title", json!("屋".repeat(101)), "TEXT_TOO_LONG"),
        ("title", json!("屋\u{0}面"), "TEXT_MALFORMED"),
        ("text", json!("面".repeat(20_001)), "TEXT_TOO_LONG"),
        ("part", json!("SHARED_PART_UNSPECIFIED"), "PART_MISSING"),
    ] {
        desk.refuses(&firm, DRAWS, &with(desk, field, value), (400, reason))
            .await?;
    }
    desk.look().await?;
    let answer = firm.post_bytes(DRAWS, "too-large", vec![b' '; TOO_LARGE]).await?;
    desk.refused("a body that is too large", &answer, (413, "BODY_TOO_LARGE"))
        .await
}

/// Ids of other kinds, ids that are none, amounts that nobody can mean.
pub async fn ids_and_amounts(desk: &mut Desk) -> Result<()> {
    let (firm, community) = (desk.people.firm.clone(), desk.people.community.clone());
    let story = desk.people.story().clone();
    let home_id = &story.unsold_home.home_id;
    let unknown_draw = format!("draw_{:032x}", 7);
    for (area_id, expected) in [
        (home_id.as_str(), (400, "ID_OF_OTHER_KIND")),
        (story.building_id.as_str(), (400, "ID_OF_OTHER_KIND")),
        ("", (400, "ID_MALFORMED")),
        ("area", (400, "ID_MALFORMED")),
        ("area_123", (400, "ID_MALFORMED")),
        ("area_0193c2a1b4d07e5f8a6b3c2d1e0f9a8z", (400, "ID_MALFORMED")),
        ("area_0193c2a1b4d07e5f8a6b3c2d1e0f9a8b", (404, "AREA_NOT_FOUND")),
    ] {
        desk.refuses(
            &firm,
            DRAWS,
            &with(desk, "scope", json!({ "areaId": area_id })),
            expected,
        )
        .await?;
    }
    let elsewhere = json!({ "areaId": story.area_id, "buildingIds": [format!("building_{:032x}", 7)] });
    desk.refuses(
        &firm,
        DRAWS,
        &with(desk, "scope", elsewhere),
        (400, "BUILDING_NOT_IN_AREA"),
    )
    .await?;
    let nobody = json!({ "areaId": story.area_id, "buildingIds": [story.building_id], "stairwells": ["99"] });
    desk.refuses(
        &firm,
        DRAWS,
        &with(desk, "scope", nobody),
        (400, "SCOPE_WITHOUT_HOMES"),
    )
    .await?;
    for (amount, reason) in [
        (json!("-1"), "AMOUNT_NOT_POSITIVE"),
        (json!(0), "AMOUNT_NOT_POSITIVE"),
        (json!("-9223372036854775808"), "AMOUNT_NOT_POSITIVE"),
        (json!("10000000001"), "AMOUNT_TOO_LARGE"),
        (json!("9223372036854775807"), "AMOUNT_TOO_LARGE"),
    ] {
        desk.refuses(&firm, DRAWS, &with(desk, "budgetFen", amount), (400, reason))
            .await?;
    }
    let check = json!({ "remark": "" });
    for (id, expected) in [
        (home_id.as_str(), (400, "ID_OF_OTHER_KIND")),
        ("draw_1", (400, "ID_MALFORMED")),
        (unknown_draw.as_str(), (404, "DRAW_NOT_FOUND")),
    ] {
        desk.refuses(&community, &format!("/v1/draws/{id}/check"), &check, expected)
            .await?;
        desk.refuses_to_tell(&community, &format!("/v1/draws/{id}"), expected)
            .await?;
    }
    Ok(())
}

/// A write without a key, with one that cannot be, and with one that was used for something else.
pub async fn keys(desk: &mut Desk) -> Result<()> {
    let firm = desk.people.firm.clone();
    let body = good(desk);
    desk.look().await?;
    let answer = firm.post(DRAWS, "", &body).await?;
    desk.refused("no key", &answer, (400, "IDEMPOTENCY_KEY_MISSING"))
        .await?;
    for key in ["k".repeat(129), "two words".to_owned()] {
        let answer = firm.post(DRAWS, &key, &body).await?;
        desk.refused(&key, &answer, (400, "IDEMPOTENCY_KEY_MISSING"))
            .await?;
    }

    let first = firm.write(DRAWS, "once", &body).await?;
    desk.sees_a_change().await?;
    desk.look().await?;
    let again = firm.write(DRAWS, "once", &body).await?;
    assert_eq!(again, first, "the same key and input get the first answer");
    let other = with(desk, "budgetFen", json!("1000001"));
    let answer = firm.post(DRAWS, "once", &other).await?;
    desk.refused(
        "a key used for something else",
        &answer,
        (400, "IDEMPOTENCY_KEY_REUSED"),
    )
    .await?;
    let path = format!("/v1/draws/{}/withdraw", text(&first["drawId"])?);
    let answer = firm.post(&path, "once", &json!({ "reason": "误报" })).await?;
    desk.refused(
        "a key used for another call",
        &answer,
        (400, "IDEMPOTENCY_KEY_REUSED"),
    )
    .await?;
    desk.refuses(&firm, &path, &json!({ "reason": " " }), (400, "REASON_MISSING"))
        .await
}

/// Paths, methods and parameters that there are not.
pub async fn addresses(desk: &mut Desk) -> Result<()> {
    let community = desk.people.community.clone();
    for (path, expected) in [
        ("/v1/moons", (404, "PATH_UNKNOWN")),
        ("/v1/draws?colour=red", (400, "FIELD_UNKNOWN")),
        ("/v1/draws?page_size=many", (400, "PARAMETER_MALFORMED")),
        ("/v1/draws?state=DRAW_STATE_MOON", (400, "PARAMETER_MALFORMED")),
        ("/v1/draws?page_size=-1", (400, "PAGE_SIZE_INVALID")),
        ("/v1/draws?page_size=501", (400, "PAGE_SIZE_INVALID")),
        ("/v1/draws?page_token=nowhere", (400, "PAGE_TOKEN_INVALID")),
        ("/v1/draws?area_id=draw_1", (400, "ID_MALFORMED")),
    ] {
        desk.refuses_to_tell(&community, path, expected).await?;
    }
    desk.look().await?;
    let answer = send(community.request(Method::DELETE, DRAWS)).await?;
    desk.refused("DELETE", &answer, (405, "METHOD_NOT_ALLOWED")).await
}
