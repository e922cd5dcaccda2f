//! What was decided about an area goes with it into another registry, as it is, and its clocks run on there.

use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use proto::registry::v1::contract_service_client::ContractServiceClient;
use proto::registry::v1::delineation_service_client::DelineationServiceClient;
use testkit::people;

use super::round_trip::KINDS;
use super::{Rows, sheets, to_csv};
use crate::boundaries::square;
use crate::contracts::desk::{Committees, Desk, authority, committee, rival, rival_code, street, terms};
use crate::delineations::send;
use crate::imports::file::File as Upload;
use crate::prices::counter::{Counter, each};
use crate::world::*;

const SHEET: &str = "案卷";

/// An area whose owners hired another firm and are asked about prices, looked at on 2026-05-02.
async fn decided(counter: &Counter) {
    let (desk, registry) = (&counter.desk, &counter.desk.registry);
    desk.record(manager(), "2024-01-01", "2026-04-30").await;
    counter.asked().await;
    let mode = pb::ChangeManagementModeRequest {
        area_id: area().to_string(),
        mode: pb::AreaMode::Firm.into(),
        since: "2026-05-01".into(),
        ballot_id: desk.hired("mode").await,
    };
    let request = desk.request(&street(), mode);
    desk.client().change_management_mode(request).await.unwrap();
    desk.decided("not passed", Matter::Other, false).await;
    let hire = desk.hired("hire").await;
    desk.record_as(&committee(), rival(), terms("2026-05-01", "2027-04-30"), &hire)
        .await
        .unwrap();
    let mut score = pb::RecordSatisfactionRequest {
        area_id: area().to_string(),
        from_on: "2025-01-01".into(),
        until_on: "2025-12-31".into(),
        per_mille: 912,
        ..Default::default()
    };
    for per_mille in [912, 921] {
        score.per_mille = per_mille;
        score.set_source(pb::SatisfactionSource::StreetAssessment);
        let request = desk.request(&street(), score.clone());
        counter.client().record_satisfaction(request).await.unwrap();
    }
    let check = pb::CheckServiceRoomsRequest {
        area_id: area().to_string(),
        permit_area: 6_843_250,
        measured_area: 6_900_000,
        built_rooms: 47_903,
        average_price_fen: 1_250_000,
        ..Default::default()
    };
    let checked = send!(registry, &authority(), "rooms", check_service_rooms, check);
    checked.unwrap();
    let boundary = pb::SetAreaBoundaryRequest {
        area_id: area().to_string(),
        geojson: square(2, 2),
        valid_from_on: TODAY.into(),
    };
    let request = registry
        .world
        .request_with_key(&authority(), "boundary", boundary);
    let mut divisions =
        proto::registry::v1::division_service_client::DivisionServiceClient::new(registry.peer());
    divisions.set_area_boundary(request).await.unwrap();
    desk.at("2026-05-02").await;
}

async fn workbook(registry: &TestRegistry) -> (Vec<u8>, Vec<(String, Rows)>) {
    let file = registry.take_area(&authority(), "移交档案").await.unwrap();
    let sheets = sheets(&file);
    (file.content, sheets)
}

fn dossiers(workbook: &[(String, Rows)]) -> Rows {
    let found = workbook.iter().find(|(name, _)| name == SHEET);
    found.expect("a sheet of dossiers").1.clone()
}

async fn contracts(registry: &TestRegistry) -> Vec<pb::Contract> {
    let message = pb::ListContractsRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let request = registry.world.request(&authority(), message);
    let mut client = ContractServiceClient::new(registry.peer());
    client
        .list_contracts(request)
        .await
        .unwrap()
        .into_inner()
        .contracts
}

/// How many contracts go on without a term.
async fn continuing(registry: &TestRegistry) -> usize {
    let contracts = contracts(registry).await;
    let states = contracts.iter().map(pb::Contract::state);
    states
        .filter(|state| *state == pb::ContractState::Continuing)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_stands_in_another_registry_and_its_clocks_run_on() {
    each(async |counter| {
        decided(&counter).await;
        let first = &counter.desk.registry;
        let (content, book) = workbook(first).await;
        let subjects: Vec<String> = dossiers(&book)
            .iter()
            .skip(1)
            .map(|row| row[0].split_once('/').unwrap().1.to_owned())
            .collect();
        assert_eq!(
            subjects,
            [
                "boundaries",
                "service_rooms",
                "managers",
                "set_ups",
                "ballots",
                "contracts",
                "management_modes",
                "fee_standards",
                "price_adjustments",
                "satisfactions",
            ]
        );

        let mut second = TestRegistry::new(first.world.backend()).await;
        second.world.add::<Committees>().await;
        let desk = Desk { registry: second };
        desk.at("2026-05-02").await;
        // The service that counted a ballot may have told it before the file comes.
        desk.hired("hire").await;
        let second = &desk.registry;
        let kind = pb::TableKind::Unspecified;
        let upload = Upload::begin(second, kind, pb::ImportMode::Strict, content).await;
        let import = upload.load().await;
        assert_eq!(upload.errors().await, []);
        assert_eq!(import.state(), pb::ImportState::Finished);
        assert_eq!(workbook(second).await.1, book, "and again the same cells");
        assert_eq!(contracts(second).await, contracts(first).await);
        let told = second.outbox().await;
        let count = |kind: &str| told.iter().filter(|event| event.kind.ends_with(kind)).count();
        for (kind, times) in [
            ("BoundarySet", 1),
            ("ServiceRoomsChecked", 1),
            ("AreaManagerChanged", 1),
            ("SetUpDue", 1),
            ("ContractRecorded", 2),
            ("ManagementModeChanged", 1),
            ("FeeStandardRecorded", 1),
            ("PriceAdjustmentProposed", 1),
            ("SatisfactionRecorded", 1),
        ] {
            assert_eq!(count(kind), times, "{kind}");
        }

        // What stands is left alone.
        let table = to_csv(&dossiers(&book));
        for registry in [first, second] {
            let report = registry.import(pb::TableKind::Dossiers, &table).await.unwrap();
            assert_eq!(
                (report.errors, report.recorded, report.unchanged),
                (Vec::new(), 0, 10)
            );
        }

        // A ballot that hired a firm there hires no other here.
        let used = contracts(second)
            .await
            .into_iter()
            .find(|contract| contract.firm_id == rival().to_string())
            .unwrap();
        let again = pb::RecordContractRequest {
            area_id: area().to_string(),
            firm_id: manager().to_string(),
            terms: Some(terms("2027-05-01", "2028-04-30")),
            ballot_id: used.ballot_id,
        };
        let request = second.world.request(&committee(), again);
        let answer = ContractServiceClient::new(second.peer())
            .record_contract(request)
            .await;
        assert_eq!(refused(answer), "BALLOT_USED");

        // A file that comes late: what became due on the way is done at once.
        let late = Desk {
            registry: TestRegistry::new(first.world.backend()).await,
        };
        let over: chrono::NaiveDate = "2027-05-02".parse().unwrap();
        late.registry.world.advance_to(calendar::start_of_day(over)).await;
        for (name, rows) in &book {
            let kind = KINDS.iter().find(|(own, _)| own == name).unwrap().1;
            if kind == pb::TableKind::Dossiers {
                // Twice at the same moment: each dossier is taken once.
                let table = to_csv(rows);
                let import = || late.registry.import(kind, &table);
                let (one, other) = tokio::join!(import(), import());
                let (one, other) = (one.unwrap(), other.unwrap());
                assert_eq!((&one.errors[..], &other.errors[..]), (&[][..], &[][..]));
                assert_eq!(one.recorded + other.recorded, 10);
                assert_eq!(one.unchanged + other.unchanged, 10);
            } else if rows.len() > 1 {
                late.registry.import(kind, &to_csv(rows)).await.unwrap();
            }
        }
        late.registry.world.pump().await;
        assert_eq!(continuing(&late.registry).await, 1);

        // The term runs out here as it would have there.
        let over: chrono::NaiveDate = "2027-05-01".parse().unwrap();
        second.world.advance_to(calendar::start_of_day(over)).await;
        second.world.pump().await;
        assert_eq!(continuing(second).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_that_was_altered_cut_or_belongs_elsewhere_is_not_taken() {
    each(async |counter| {
        decided(&counter).await;
        let table = dossiers(&workbook(&counter.desk.registry).await.1);
        let second = TestRegistry::with_area(counter.desk.registry.world.backend()).await;
        second
            .load(
                pb::TableKind::Areas,
                &areas(&[("330783001014-0009", OTHER_COMMUNITY)]),
            )
            .await;
        let error = async |change: &dyn Fn(&mut Rows)| {
            let mut rows = table.clone();
            change(&mut rows);
            let text = String::from_utf8(to_csv(&rows)).unwrap();
            second.error_of(pb::TableKind::Dossiers, &text).await
        };
        let only = |rows: &mut Rows, subject: &str| {
            rows.retain(|row| row[0] == "dossier" || row[0] == "案卷号" || row[0].ends_with(subject));
        };
        // The firm that the contracts name is not registered here.
        assert_eq!(
            error(&|rows| only(rows, "/contracts")).await,
            "content REFERENCE_UNKNOWN"
        );
        assert_eq!(
            error(&|rows| {
                only(rows, "/satisfactions");
                rows[1][2] = rows[1][2].replace("921", "999");
            })
            .await,
            "seal DOSSIER_ALTERED"
        );
        assert_eq!(
            error(&|rows| {
                only(rows, "/satisfactions");
                rows[1][0] = "330783001014-0009/satisfactions".into();
            })
            .await,
            "seal DOSSIER_ALTERED",
            "of another area"
        );
        assert_eq!(
            error(&|rows| {
                only(rows, "/satisfactions");
                rows[1][0] = format!("{AREA}/contracts");
            })
            .await,
            "dossier DOSSIER_ALTERED",
            "as another subject"
        );
        assert_eq!(
            error(&|rows| {
                only(rows, "/satisfactions");
                rows[1][1] = "2".into();
            })
            .await,
            "piece PIECE_MISSING"
        );
        assert_eq!(
            error(&|rows| {
                only(rows, "/satisfactions");
                rows[1][0] = "330783001014-0010/satisfactions".into();
            })
            .await,
            "dossier REFERENCE_UNKNOWN"
        );
        // Managers who do not lead to the one that the area has are those of another time.
        let rival = format!(
            "credit_code,name,kind\n{},和邻物业（演示）,PROPERTY\n",
            rival_code()
        );
        second.load(pb::TableKind::Firms, &rival).await;
        assert_eq!(
            error(&|rows| only(rows, "/managers")).await,
            "content DOSSIER_DIFFERS"
        );
        // An area that has records of its own takes no others.
        let boundary = pb::SetAreaBoundaryRequest {
            area_id: area().to_string(),
            geojson: square(3, 3),
            valid_from_on: TODAY.into(),
        };
        let request = second.world.request_with_key(&authority(), "b", boundary);
        let mut divisions =
            proto::registry::v1::division_service_client::DivisionServiceClient::new(second.peer());
        divisions.set_area_boundary(request).await.unwrap();
        assert_eq!(
            error(&|rows| only(rows, "/boundaries")).await,
            "content DOSSIER_DIFFERS"
        );

        // Only who may take a whole area takes its dossiers.
        let first = &counter.desk.registry;
        for stranger in [
            people::street(OTHER_STREET),
            people::owner(owner(1001)),
            committee(),
        ] {
            let answer = first
                .take(&stranger, super::of_area(pb::TableKind::Dossiers))
                .await;
            assert!(answer.is_err(), "{stranger:?}");
        }
    })
    .await;
}
