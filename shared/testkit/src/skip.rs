//! What cannot run on this machine is reported, never passed over in silence.

use std::io::Write;

/// File to which skips are written, set by `cargo xtask test`, which counts its lines.
const FILE_ENV: &str = "HEJU_TEST_SKIPS";

/// Reports that `what` does not run here because of `why`.
pub fn report(what: &str, why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    eprintln!("SKIPPED {test}: {what}: {why}");
    if let Some(file) = std::env::var_os(FILE_ENV) {
        let mut file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(file)
            .expect("the file of skips opens");
        writeln!(file, "{test}: {what}: {why}").expect("the skip is written");
    }
}
