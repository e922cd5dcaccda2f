//! What calls record of the owners of an area: how they hold their homes, who acts and votes for them.

use ids::{HomeId, OwnerId};
use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, Statement};
use testkit::people;
use uuid::Uuid;

use crate::world::*;

/// Three hold a home by shares, registered, and choose twice who votes.
pub async fn three(registry: &TestRegistry, home: HomeId, [one, two, three]: [u32; 3]) {
    set_shares(registry, home, &[(one, 1, 2), (two, 1, 4), (three, 1, 4)]).await;
    let message = pb::RecordTitleRequest {
        home_id: home.to_string(),
        title: pb::Title::Registered.into(),
        registered_on: "2020-02-02".into(),
    };
    call!(
        registry,
        owners.record_title,
        &people::street(STREET),
        "title-three",
        message
    )
    .unwrap();
    choose(registry, home, one, "2020-03-03", &"ab".repeat(32)).await;
    choose(registry, home, two, "2023-03-03", "").await;
}

/// Two hold a home by shares, not registered, and choose who votes.
pub async fn couple(registry: &TestRegistry, home: HomeId, [one, two]: [u32; 2]) {
    set_shares(registry, home, &[(one, 1, 3), (two, 2, 3)]).await;
    choose(registry, home, two, "2021-02-01", "").await;
}

/// What is known of single owners: of present and past ones, of a company, of two documents of one person.
pub async fn people(registry: &TestRegistry, company: &str) {
    let street = people::street(STREET);
    let possession = pb::RecordTitleRequest {
        home_id: home(1, 5).to_string(),
        title: pb::Title::Possession.into(),
        registered_on: String::new(),
    };
    call!(registry, owners.record_title, &street, "title-5", possession).unwrap();
    for (serial, mobile) in [
        (1001, "13800001001"),
        (1005, "13800001005"),
        (1006, "13800001005"),
    ] {
        let message = pb::SetMobileRequest {
            owner_id: owner(serial).to_string(),
            mobile: mobile.into(),
        };
        call!(
            registry,
            owners.set_mobile,
            &street,
            &format!("mobile-{serial}"),
            message
        )
        .unwrap();
    }
    let compared = [
        (1001, pb::Verification::Verified, pb::Mismatch::Unspecified),
        // Who sold the home is known still.
        (1002, pb::Verification::Mismatch, pb::Mismatch::CoOwners),
    ];
    for (serial, verification, mismatch) in compared {
        let message = pb::VerifyOwnerRequest {
            owner_id: owner(serial).to_string(),
            verification: verification.into(),
            verified_on: "2025-05-05".into(),
            mismatch: mismatch.into(),
        };
        // Of the city: the owner has no home any more.
        let answer = call!(
            registry,
            owners.verify_owner,
            &street,
            &format!("verify-{serial}"),
            message
        );
        if serial == 1002 {
            assert_eq!(refused(answer), "OWNER_NOT_FOUND");
            let row = format!(
                "CITIZEN_ID,{},,MISMATCH,2025-05-05,CO_OWNERS\n",
                citizen(1002).as_str()
            );
            let table = crate::people_tables::RECORDS.to_owned() + &row;
            registry.load(pb::TableKind::OwnerRecords, &table).await;
        } else {
            answer.unwrap();
        }
    }
    // Named, followed and ended; and named for days to come.
    name_agent(
        registry,
        owner(1007),
        9001,
        pb::AgentGround::Incapacity,
        ["2021-01-01", ""],
    )
    .await;
    name_agent(
        registry,
        owner(1007),
        9002,
        pb::AgentGround::Incapacity,
        ["2022-01-01", ""],
    )
    .await;
    let end = pb::EndAgentRequest {
        owner_id: owner(1007).to_string(),
        until_on: "2023-01-01".into(),
    };
    call!(registry, owners.end_agent, &street, "end-1007", end).unwrap();
    name_agent(
        registry,
        owner(1007),
        9001,
        pb::AgentGround::Incapacity,
        ["2024-01-01", ""],
    )
    .await;
    // An owner of the area acts for another.
    name_agent(
        registry,
        owner(1008),
        1005,
        pb::AgentGround::Incapacity,
        ["2027-01-01", "2028-01-01"],
    )
    .await;
    let company = owner_with(&format!("CREDIT_CODE:{company}"));
    name_agent(
        registry,
        company,
        9003,
        pb::AgentGround::LegalPerson,
        ["2025-01-01", "2029-01-01"],
    )
    .await;
}

async fn set_shares(registry: &TestRegistry, home: HomeId, shares: &[(u32, i64, i64)]) {
    let shares = shares
        .iter()
        .map(|(serial, numerator, denominator)| pb::OwnershipShare {
            owner_id: owner(*serial).to_string(),
            numerator: *numerator,
            denominator: *denominator,
        });
    let message = pb::SetSharesRequest {
        home_id: home.to_string(),
        form: pb::HoldingForm::Shares.into(),
        shares: shares.collect(),
    };
    call!(
        registry,
        owners.set_shares,
        &people::street(STREET),
        &format!("shares-{home}"),
        message
    )
    .unwrap();
}

async fn choose(registry: &TestRegistry, home: HomeId, serial: u32, from: &str, digest: &str) {
    let message = pb::ChooseRepresentativeRequest {
        home_id: home.to_string(),
        owner_id: owner(serial).to_string(),
        from_on: from.into(),
        document_digest: digest.into(),
    };
    let (caller, key) = (people::community(COMMUNITY), format!("choose-{home}-{from}"));
    call!(registry, owners.choose_representative, &caller, &key, message).unwrap();
}

async fn name_agent(
    registry: &TestRegistry,
    of: OwnerId,
    serial: u32,
    ground: pb::AgentGround,
    [from, until]: [&str; 2],
) {
    let message = pb::NameAgentRequest {
        owner_id: of.to_string(),
        ground: ground.into(),
        name: "张三".into(),
        citizen_id: citizen(serial).as_str().to_owned(),
        from_on: from.into(),
        until_on: until.into(),
        document_digest: "cd".repeat(32),
    };
    let (caller, key) = (people::street(STREET), format!("agent-{of}-{from}"));
    call!(registry, owners.name_agent, &caller, &key, message).unwrap();
}

/// Mobile numbers in clear, by owner.
pub async fn mobiles(registry: &TestRegistry) -> Vec<(String, String)> {
    let reader = registry.world.hosted("registry").store.reader();
    let sql = "SELECT owner_id, mobile_sealed FROM owner_records WHERE mobile_sealed IS NOT NULL";
    let found = reader
        .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
        .await
        .unwrap();
    let sealer = testkit::world::sealer();
    let mut mobiles: Vec<_> = found
        .iter()
        .map(|row| {
            let id = OwnerId::from_uuid(row.try_get::<Uuid>("", "owner_id").unwrap()).to_string();
            let sealed: String = row.try_get("", "mobile_sealed").unwrap();
            let mobile = sealer.open("owner.mobile", &id, &sealed).unwrap();
            (id, mobile)
        })
        .collect();
    mobiles.sort_unstable();
    mobiles
}
