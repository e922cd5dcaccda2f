//! One trace through everything: HTTP, gRPC, outbox, NATS, reactions and deadlines, in one process and in several.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod edges;

use std::time::Duration;

use anyhow::{Context, Result};
use edges::{Edge, Trace};
use heju_tests::expected::Scope;
use heju_tests::platform::Options;
use heju_tests::repair::{WITHIN, cast_vote};
use heju_tests::{Layout, People, Platform};
use spans::Receiver;
use testkit::Backend;

/// How long the last export may take.
const EXPORTED_WITHIN: Duration = Duration::from_secs(30);

/// The named metrics of the platform.
const METRICS: [&str; 7] = [
    "heju.outbox.lag",
    "heju.outbox.age",
    "heju.consumer.lag",
    "heju.handler.time",
    "heju.deadlines.overdue",
    "heju.dead_letters",
    "heju.request.time",
];

/// What leads to what, from the client's request to the money set aside: parent, then child.
const EDGES: [Edge; 13] = [
    Edge::new(("gateway", "POST /v1/draws"), ("funds", "funds.ProposeDraw")),
    Edge::new(
        ("gateway", "POST /v1/draws/{draw_id}/check"),
        ("funds", "funds.CheckDraw"),
    ),
    // Over the outbox and NATS.
    Edge::new(
        ("funds", "funds.CheckDraw"),
        ("committees", "committees.on_vote_requested"),
    ),
    Edge::new(
        ("gateway", "POST /v1/ballots/{ballot_id}/announce"),
        ("committees", "committees.AnnounceBallot"),
    ),
    // From service to service.
    Edge::new(
        ("committees", "committees.AnnounceBallot"),
        ("registry", "registry.StreamRoll"),
    ),
    Edge::new(
        ("gateway", "POST /v1/ballots/{ballot_id}/votes"),
        ("committees", "committees.CastVote"),
    ),
    // By a deadline, days later.
    Edge::new(
        ("committees", "committees.AnnounceBallot"),
        ("committees", "committees.close_ballot"),
    ),
    // Over the outbox and NATS, back.
    Edge::new(
        ("committees", "committees.close_ballot"),
        ("funds", "funds.on_ballot_decided"),
    ),
    Edge::new(
        ("gateway", "POST /v1/draws/{draw_id}/accept"),
        ("funds", "funds.AcceptWork"),
    ),
    Edge::new(
        ("gateway", "POST /v1/draws/{draw_id}/pay"),
        ("funds", "funds.PayDraw"),
    ),
    Edge::new(("gateway", "GET /v1/draws/{draw_id}"), ("funds", "funds.GetDraw")),
    Edge::new(
        ("gateway", "GET /v1/ballots"),
        ("committees", "committees.ListBallots"),
    ),
    Edge::new(
        ("gateway", "POST /v1/clock/advance"),
        ("gateway", "gateway.AdvanceClock"),
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_covers_the_repair_in_one_process() -> Result<()> {
    follow(Layout::One).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_covers_the_repair_across_processes() -> Result<()> {
    follow(Layout::Several).await
}

async fn follow(layout: Layout) -> Result<()> {
    let receiver = Receiver::start(([127, 0, 0, 1], 0).into()).await?;
    let otlp_endpoint = Some(receiver.endpoint());
    let platform = Platform::start(Options {
        layout,
        backend: Backend::Sqlite,
        otlp_endpoint,
    })
    .await?;
    let trace_id = format!("{:032x}", rand::random::<u128>().max(1));
    let span_id = format!("{:016x}", rand::random::<u64>().max(1));
    let people = People::enter_traced(&platform, Some(&format!("00-{trace_id}-{span_id}-01"))).await?;
    repair(&people, &trace_id).await?;

    let complete = |seen: &spans::Seen| {
        let trace = Trace::of(seen.trace(&trace_id));
        EDGES.iter().all(|edge| trace.has(edge))
            && METRICS.iter().all(|name| seen.has_metric(name))
            && seen
                .log_records()
                .any(|record| record.trace_id.as_deref() == Some(&trace_id))
    };
    let waited = receiver.wait_for(complete, EXPORTED_WITHIN).await;
    let spans = receiver.trace(&trace_id);
    let trace = Trace::of(&spans);
    let missing: Vec<&Edge> = EDGES.iter().filter(|edge| !trace.has(edge)).collect();
    assert!(
        missing.is_empty(),
        "edges are missing: {missing:#?}\nthere are:\n{}",
        trace.told()
    );
    let metrics = receiver.metric_names();
    for name in METRICS {
        assert!(
            metrics.iter().any(|known| known == name),
            "{name} was not reported; there are {metrics:?}"
        );
    }
    waited.context("a log record of the trace is missing")?;

    trace.has_no_gaps(&span_id);
    let processes = trace.processes();
    match layout {
        Layout::One => assert_eq!(processes, ["heju-all"]),
        Layout::Several => {
            assert_eq!(
                processes,
                ["heju-committees", "heju-funds", "heju-gateway", "heju-registry"]
            );
        }
    }
    println!(
        "{layout:?}: one trace of {} spans through {processes:?}",
        spans.len()
    );
    platform.passed();
    Ok(())
}

/// The repair of one stairwell, every request in the one trace.
async fn repair(people: &People, trace_id: &str) -> Result<()> {
    let scope = Scope::of(people.story(), Some("1"));
    let (vote, window) = people
        .bring_to_the_vote(&scope, "1 单元屋面维修", 1_000_000, "traced")
        .await?;
    people.move_clock_to(window.opens_at).await?;
    for head in &scope.heads {
        let voter = people.owner(&head.accounts[0]).await?;
        cast_vote(
            &voter,
            &vote.ballot_id,
            &head.home_ids[0],
            "CHOICE_FOR",
            "traced-vote",
        )
        .await?;
    }
    people.close(&vote, window).await?;
    people
        .draw_in(&vote.draw_id, "DRAW_STATE_RESERVED", WITHIN)
        .await?;
    people.accept(&vote.draw_id, 1_000_000, "traced-accept").await?;
    people.pay(&vote.draw_id, "traced-pay").await?;
    let answer = people
        .community
        .get(&format!("/v1/draws/{}", vote.draw_id))
        .await?;
    assert_eq!(
        answer.trace_id, trace_id,
        "an answer names the trace of its request"
    );
    Ok(())
}
