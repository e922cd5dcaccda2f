//! Importing deposits: encodings, rows in error, repeats.

use proto::funds::v1 as pb;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn first_deposits_are_posted_once_and_told_by_building() {
    each(async |town| {
        let rows = [
            ("3", "101", "5808.75", "A-1"),
            ("3", "102", "0.01", "A-2"),
            ("5", "101", "100", "A-3"),
        ];
        let report = town.import(Town::table(&rows)).await.unwrap();
        assert_eq!(
            (report.rows, report.posted, report.unchanged, report.posted_fen),
            (3, 3, 0, 590_876)
        );
        let again = town.import(Town::table(&rows)).await.unwrap();
        assert_eq!(
            (again.rows, again.posted, again.unchanged, again.posted_fen),
            (3, 0, 3, 0)
        );
        let events = town.outbox().await;
        assert_eq!(events.len(), 2, "one for each building");
        assert!(
            events
                .iter()
                .all(|event| event.0 == "DepositsPosted" && event.2 == 1)
        );
        let deposits: usize = events
            .iter()
            .map(|event| event.3["deposits"].as_array().unwrap().len())
            .sum();
        assert_eq!(deposits, 3);
        let balance = town.trial_balance().await;
        assert_eq!(
            (balance.bank_fen, balance.available_fen, balance.postings),
            (590_876, 590_876, 3)
        );
        assert!(balance.balanced);
        assert_eq!(town.statement("3", "101").await.first_deposit_fen, 580_875);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_in_error_refuses_the_whole_table() {
    each(async |town| {
        let mut table = Town::table(&[("3", "101", "1.00", "A-1"), ("3", "102", "0", "A-2")]);
        table.push_str("330783004015GB00001F99999999,1.00,2012-06-30,A-3\n");
        let report = town.import(table).await.unwrap();
        let errors: Vec<_> = report
            .errors
            .iter()
            .map(|error| (error.line, error.reason.as_str()))
            .collect();
        assert_eq!(errors, [(3, "AMOUNT_NOT_POSITIVE"), (4, "REFERENCE_UNKNOWN")]);
        assert_eq!((report.error_count, report.posted), (2, 0));
        assert_eq!(town.trial_balance().await.postings, 0);
        assert!(town.outbox().await.is_empty());
        town.import(Town::table(&[("3", "101", "1.00", "A-1")]))
            .await
            .unwrap();
        let other = town
            .import(Town::table(&[("3", "101", "2.00", "A-1")]))
            .await
            .unwrap();
        assert_eq!(other.errors[0].reason, "REFERENCE_REUSED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing() {
    each(async |town| {
        let content = Town::table(&[("3", "101", "1.00", "A-1")]).into_bytes();
        let message = pb::ImportDepositsRequest {
            content,
            dry_run: true,
        };
        let report = town
            .client()
            .import_deposits(town.world.request(&authority(), message))
            .await
            .unwrap();
        assert_eq!(
            (
                report.get_ref().rows,
                report.get_ref().posted,
                report.get_ref().error_count
            ),
            (1, 0, 0)
        );
        assert_eq!(town.trial_balance().await.postings, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_are_none_and_callers_who_may_not_are_refused() {
    each(async |town| {
        assert_refused(town.import("").await, Code::InvalidArgument, "TABLE_EMPTY");
        assert_refused(
            town.import("a,b\n1,2\n").await,
            Code::InvalidArgument,
            "TABLE_COLUMN_UNKNOWN",
        );
        assert_refused(
            town.import("amount\n1\n").await,
            Code::InvalidArgument,
            "TABLE_COLUMN_MISSING",
        );
        assert_refused(
            town.import(vec![0xFF, 0xFE, 0]).await,
            Code::InvalidArgument,
            "TABLE_ENCODING_UNKNOWN",
        );
        let content = Town::table(&[("3", "101", "1.00", "A-1")]).into_bytes();
        let message = pb::ImportDepositsRequest {
            content,
            dry_run: false,
        };
        let by_firm = town
            .client()
            .import_deposits(town.world.request(&manager(), message))
            .await;
        assert_refused(by_firm, Code::PermissionDenied, "NOT_ALLOWED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_table_from_two_sides_is_posted_once() {
    each(async |town| {
        let table = Town::table(&[("3", "101", "1.00", "A-1"), ("3", "102", "1.00", "A-2")]);
        let (a, b) = tokio::join!(town.import(table.clone()), town.import(table.clone()));
        for lost in [a, b].into_iter().filter_map(Result::err) {
            assert_eq!(lost.code(), Code::Aborted);
        }
        assert_eq!(town.trial_balance().await.bank_fen, 200);
    })
    .await;
}
