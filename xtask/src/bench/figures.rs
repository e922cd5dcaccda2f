//! The single figures beside the rows, with the targets they should meet.

use std::time::Duration;

use super::footprint::Footprint;
use super::load::percentile;
use super::measure::Results;
use super::table::{Figure, millis};

/// The figures in the order in which they are printed.
pub fn all(footprint: &Footprint, on_sqlite: &Results, on_postgres: &Results) -> Vec<Figure> {
    let votes = on_postgres
        .rows
        .iter()
        .find(|row| row.operation == "cast a vote" && row.clients == 32);
    let ratio = votes.map_or(0.0, |row| row.ratio);
    let mut figures = vec![Figure {
        name: "votes at 32 clients on PostgreSQL, by pgbench".into(),
        measured: format!("{ratio:.2}"),
        target: "≥ 0.40",
        met: Some(ratio >= 0.4),
    }];
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        let (p50, p99) = (percentile(&results.delays, 50), percentile(&results.delays, 99));
        figures.push(Figure {
            name: format!(
                "event, from the answer of its write to a reader of the live events, p50 / p99, {database}"
            ),
            measured: format!("{} / {} ms", millis(p50), millis(p99)),
            target: "p99 < 50 ms",
            met: Some(p99 < Duration::from_millis(50)),
        });
    }
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        figures.push(Figure {
            name: format!(
                "draws reserved by events, after the votes on all of them closed together, {database}"
            ),
            measured: format!("{:.0}/s", results.reserved_per_s),
            target: "",
            met: None,
        });
    }
    figures.push(Figure {
        name: "`heju all`, peak memory with the small city loaded".into(),
        measured: format!("{:.0} MiB", footprint.loaded_mib),
        target: "< 150 MB",
        met: Some(footprint.loaded_mib * 1.048_576 < 150.0),
    });
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        figures.push(Figure {
            name: format!("`heju all`, peak memory after the measurements above, {database}"),
            measured: format!("{:.0} MiB", results.peak_mib),
            target: "",
            met: None,
        });
    }
    let plain = |name: &str, measured| Figure {
        name: name.into(),
        measured,
        target: "",
        met: None,
    };
    figures.push(Figure {
        target: "≤ 5 s",
        met: Some(footprint.ready <= Duration::from_secs(5)),
        ..plain(
            "`heju all`, start to ready, median of 5",
            format!("{} ms", millis(footprint.ready)),
        )
    });
    figures.push(plain(
        "`heju all`, start to ready on an empty folder",
        format!("{} ms", millis(footprint.first_ready)),
    ));
    figures.push(plain(
        "size of the binary",
        format!("{:.1} MiB", footprint.binary_mib),
    ));
    figures
}
