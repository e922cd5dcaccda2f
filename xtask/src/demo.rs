//! `cargo xtask demo`: the story of a roof repair, told through the public API by the people in it.

mod cast;
mod failures;
mod repair;
mod trace;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use crate::run_file::RunFile;
use cast::Cast;

/// Longest wait for what other services do with an event.
pub const WITHIN: Duration = Duration::from_secs(20);

/// What `demo` can be told.
#[derive(Args)]
pub struct Options {
    /// Data folder of the running `up`.
    #[arg(long, default_value = ".heju")]
    data: PathBuf,
}

/// Tells the story.
pub fn run(options: &Options) -> Result<()> {
    let Some(run) = RunFile::read(&options.data) else {
        bail!(
            "Nothing runs: start `cargo xtask up` in another terminal, wait for the accounts, then run this again."
        );
    };
    let mut cast = Cast::enter(&run)?;
    println!(
        "The roof of building {} of {} leaks.\n",
        cast.story.building_number, cast.story.area_name
    );
    let paid = repair::tell(&mut cast)?;

    println!("\nThree ways in which it can fail\n");
    failures::too_few_take_part(&mut cast)?;
    failures::exactly_half_in_favour(&mut cast)?;
    failures::a_wrong_street_looks(&cast, &paid)?;

    println!();
    trace::show(&run, &cast.trace_id)
}

/// Prints a line of the story: who, and what happened.
pub fn say(who: &str, what: &str) {
    println!("  {who:<14} {what}");
}

/// Fen as yuan: `45,678.90`.
pub fn yuan(fen: i64) -> String {
    let digits = (fen.abs() / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!(
        "{}{grouped}.{:02}",
        if fen < 0 { "-" } else { "" },
        fen.abs() % 100
    )
}

/// 0.01 m² as m².
pub fn square_metres(area: i64) -> String {
    format!("{}.{:02} m²", area / 100, area % 100)
}

#[cfg(test)]
mod tests {
    use super::{square_metres, yuan};

    #[test]
    fn amounts_are_written_as_people_read_them() {
        assert_eq!(yuan(4_567_890), "45,678.90");
        assert_eq!(yuan(5), "0.05");
        assert_eq!(yuan(-100_000_000), "-1,000,000.00");
        assert_eq!(square_metres(8_937), "89.37 m²");
    }
}
