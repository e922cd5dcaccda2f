//! Tokens that are missing, expired, forged or for another service, and callers who may not.

use anyhow::Result;
use chrono::Utc;
use heju_tests::expected::Scope;
use heju_tests::repair::proposal;
use heju_tests::rest::send;
use heju_tests::tokens::Token;
use reqwest::Method;
use serde_json::json;

use super::desk::Desk;

/// Wrong passwords after which an account waits.
const ATTEMPTS: usize = 10;

/// Bearers whose token must be refused, on a read, a write and the stream of events alike.
pub async fn bearers(desk: &mut Desk) -> Result<()> {
    let firm = desk.people.firm.clone();
    let key = desk.platform.signing_key()?;
    let now = Utc::now().timestamp();
    let issued = Token::read(firm.token())?;
    let tampered = {
        let parts: Vec<&str> = firm.token().split('.').collect();
        let other = issued.clone().with("roles", json!(["authority"])).forged();
        format!(
            "{}.{}.{}",
            parts[0],
            other.split('.').nth(1).unwrap_or_default(),
            parts[2]
        )
    };
    let proposal = proposal(
        &Scope::of(desk.people.story(), None),
        "3 幢屋面防水维修",
        1_000_000,
    );
    for (token, reason) in [
        ("abc".to_owned(), "TOKEN_MALFORMED"),
        (
            issued.clone().with("exp", now - 3_600).signed(&key)?,
            "TOKEN_EXPIRED",
        ),
        (
            issued.clone().with("nbf", now + 3_600).signed(&key)?,
            "TOKEN_NOT_YET_VALID",
        ),
        (
            issued.clone().with("aud", "another-platform").signed(&key)?,
            "TOKEN_FOR_ANOTHER_SERVICE",
        ),
        (
            issued
                .clone()
                .with("iss", "https://issuer.example")
                .signed(&key)?,
            "TOKEN_ISSUER_UNKNOWN",
        ),
        (
            issued.clone().with("sub", "").signed(&key)?,
            "TOKEN_CLAIMS_INVALID",
        ),
        (
            issued.clone().with("org", "draw_1").signed(&key)?,
            "TOKEN_CLAIMS_INVALID",
        ),
        (issued.forged(), "TOKEN_FORGED"),
        (issued.unsigned(), "TOKEN_FORGED"),
        (tampered, "TOKEN_FORGED"),
    ] {
        let bearer = firm.with_token(&token);
        desk.refuses_to_tell(&bearer, "/v1/me", (401, reason)).await?;
        desk.refuses(&bearer, "/v1/draws", &proposal, (401, reason))
            .await?;
        desk.refuses_to_tell(&bearer, "/v1/events/stream", (401, reason))
            .await?;
    }
    let nobody = desk.people.anonymous().clone();
    desk.refuses_to_tell(&nobody, "/v1/draws", (401, "TOKEN_MISSING"))
        .await?;
    desk.refuses(&nobody, "/v1/draws", &proposal, (401, "TOKEN_MISSING"))
        .await?;
    // Signed with the right key, the same claims are good.
    let good = firm.with_token(&issued.signed(&key)?);
    assert_eq!(good.read("/v1/me").await?["roles"], json!(["firm"]));
    Ok(())
}

/// Signing in with a wrong password, and trying too often.
pub async fn sessions(desk: &mut Desk) -> Result<()> {
    let nobody = desk.people.anonymous().clone();
    let path = "/v1/sessions";
    let wrong = json!({ "account": "committee-1", "password": "wrong" });
    for body in [
        wrong.clone(),
        json!({ "account": "nobody", "password": "heju-demo" }),
        json!({}),
    ] {
        desk.refuses(&nobody, path, &body, (401, "CREDENTIALS_WRONG"))
            .await?;
    }
    for _ in 1..ATTEMPTS {
        nobody.post(path, "", &wrong).await?;
    }
    desk.refuses(&nobody, path, &wrong, (429, "TOO_MANY_ATTEMPTS"))
        .await?;
    let right = json!({ "account": "committee-1", "password": "heju-demo" });
    desk.refuses(&nobody, path, &right, (429, "TOO_MANY_ATTEMPTS"))
        .await
}

/// Live events: only for offices, only from a place that there is.
pub async fn live_events(desk: &mut Desk) -> Result<()> {
    let path = "/v1/events/stream";
    let owner = desk
        .people
        .owner(&desk.people.story().owner_accounts[0].account.clone())
        .await?;
    for who in [owner, desk.people.firm.clone()] {
        desk.refuses_to_tell(&who, path, (403, "NOT_ALLOWED")).await?;
    }
    for place in ["12", "FUNDS:x", "FUNDS:999999999", "MOON:1"] {
        desk.look().await?;
        let request = desk
            .people
            .community
            .request(Method::GET, path)
            .header("last-event-id", place);
        let answer = send(request).await?;
        desk.refused(place, &answer, (400, "LAST_EVENT_ID_MALFORMED"))
            .await?;
    }
    Ok(())
}

/// Callers with a good token who may not: what they may not know of is not there.
pub async fn others(desk: &mut Desk) -> Result<()> {
    let story = desk.people.story().clone();
    let scope = Scope::of(&story, None);
    let proposal = proposal(&scope, "3 幢屋面防水维修", 1_000_000);
    let draw = desk
        .people
        .propose(&scope, "3 幢屋面防水维修", 1_000_000, "others")
        .await?;
    let draw_id = draw["drawId"].as_str().unwrap_or_default().to_owned();
    let (own, other) = (&scope.heads[0], &scope.heads[1]);
    let owner = desk.people.owner(&own.accounts[0]).await?;
    let statement = format!("/v1/homes/{}/statement", other.home_ids[0]);
    desk.refuses_to_tell(&owner, &statement, (404, "HOME_NOT_FOUND"))
        .await?;
    desk.refuses_to_tell(
        &owner,
        &format!("/v1/homes/{}", other.home_ids[0]),
        (404, "HOME_NOT_FOUND"),
    )
    .await?;
    desk.refuses(&owner, "/v1/draws", &proposal, (403, "NOT_ALLOWED"))
        .await?;
    desk.refuses(
        &desk.people.developer.clone(),
        "/v1/draws",
        &proposal,
        (403, "NOT_ALLOWED"),
    )
    .await?;
    desk.refuses(
        &owner,
        "/v1/imports",
        &json!({ "kind": "TABLE_KIND_FIRMS" }),
        (403, "NOT_ALLOWED"),
    )
    .await?;
    let to = json!({ "to": (desk.people.now().await? + chrono::TimeDelta::days(1)).to_rfc3339() });
    desk.refuses(
        &desk.people.authority.clone(),
        "/v1/clock/advance",
        &to,
        (403, "NOT_ALLOWED"),
    )
    .await?;
    let back = json!({ "to": "2020-01-01T00:00:00Z" });
    desk.refuses(
        &desk.people.administrator.clone(),
        "/v1/clock/advance",
        &back,
        (409, "CLOCK_CANNOT_GO_BACK"),
    )
    .await?;
    for (path, body) in [
        ("check", json!({ "remark": "" })),
        ("accept", json!({ "settledFen": "1" })),
        ("pay", json!({ "bankReference": "x" })),
    ] {
        let path = format!("/v1/draws/{draw_id}/{path}");
        desk.refuses(&desk.people.firm.clone(), &path, &body, (403, "NOT_ALLOWED"))
            .await?;
        desk.refuses(
            &desk.people.other_street.clone(),
            &path,
            &body,
            (404, "DRAW_NOT_FOUND"),
        )
        .await?;
    }
    let pay = format!("/v1/draws/{draw_id}/pay");
    let body = json!({ "bankReference": "x" });
    desk.refuses(
        &desk.people.authority.clone(),
        &pay,
        &body,
        (409, "DRAW_WRONG_STATE"),
    )
    .await?;
    let accept = format!("/v1/draws/{draw_id}/accept");
    let body = json!({ "settledFen": "1" });
    desk.refuses(
        &desk.people.community.clone(),
        &accept,
        &body,
        (409, "DRAW_WRONG_STATE"),
    )
    .await
}
