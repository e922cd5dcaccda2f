//! Stories across all services, told over REST: a repair from the proposal to the payment, a price from the plan to its
//! first day, an estate that is loaded next door and merges with its neighbour, and bad input.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod assembly;
mod bad_input;
mod failures;
mod imports;
mod live;
mod merger;
mod prices;
mod repeats;
mod roof;
mod told;

use heju_tests::Layout;
use testkit::Backend;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roof_is_repaired_in_one_process_on_sqlite() -> anyhow::Result<()> {
    told::on(Layout::One, Backend::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roof_is_repaired_across_processes_on_postgresql() -> anyhow::Result<()> {
    if let Err(why) = testkit::postgres::server().await {
        testkit::skip::report("PostgreSQL", &why.to_string());
        return Ok(());
    }
    told::on(Layout::Several, Backend::Postgres).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_is_raised_by_the_owners_in_one_process_on_sqlite() -> anyhow::Result<()> {
    prices::on(Layout::One, Backend::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_is_raised_by_the_owners_across_processes_on_postgresql() -> anyhow::Result<()> {
    if let Err(why) = testkit::postgres::server().await {
        testkit::skip::report("PostgreSQL", &why.to_string());
        return Ok(());
    }
    prices::on(Layout::Several, Backend::Postgres).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_estate_is_loaded_and_merges_with_its_neighbour_in_one_process_on_sqlite() -> anyhow::Result<()> {
    merger::on(Layout::One, Backend::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_estate_is_loaded_and_merges_with_its_neighbour_across_processes_on_postgresql()
-> anyhow::Result<()> {
    if let Err(why) = testkit::postgres::server().await {
        testkit::skip::report("PostgreSQL", &why.to_string());
        return Ok(());
    }
    merger::on(Layout::Several, Backend::Postgres).await
}
