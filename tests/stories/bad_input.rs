//! Bad input over REST: each a clear refusal with a stable reason and both messages, and nothing half done.

mod desk;
mod requests;
mod tables;
mod tokens;
mod votes;

use anyhow::Result;
use heju_tests::platform::Options;
use heju_tests::{Layout, People, Platform};
use testkit::Backend;

use desk::Desk;

async fn open() -> Result<Desk> {
    let options = Options {
        layout: Layout::One,
        backend: Backend::Sqlite,
        otlp_endpoint: None,
    };
    let platform = Platform::start(options).await?;
    let people = People::enter(&platform).await?;
    Ok(Desk::new(platform, people))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_malformed_request_is_refused_and_changes_nothing() -> Result<()> {
    let mut desk = open().await?;
    requests::bodies(&mut desk).await?;
    requests::ids_and_amounts(&mut desk).await?;
    requests::keys(&mut desk).await?;
    requests::addresses(&mut desk).await?;
    desk.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_ours_opens_nothing() -> Result<()> {
    let mut desk = open().await?;
    tokens::bearers(&mut desk).await?;
    tokens::sessions(&mut desk).await?;
    tokens::live_events(&mut desk).await?;
    tokens::others(&mut desk).await?;
    desk.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_counts_once_in_time_and_for_the_own_home() -> Result<()> {
    let mut desk = open().await?;
    votes::announcements(&mut desk).await?;
    desk.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_in_error_is_refused_whole() -> Result<()> {
    let mut desk = open().await?;
    tables::of_the_registry(&mut desk).await?;
    tables::of_deposits(&mut desk).await?;
    desk.close();
    Ok(())
}
