//! Defaults, file, environment, and what is refused.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use heju_config::{ConfigError, Secret, keys, load_from, redacted, redacted_text};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct App {
    data_folder: String,
    sample_ratio: f64,
    verbose: bool,
    servers: Vec<String>,
    ports: Vec<u16>,
    clock: Clock,
    labels: BTreeMap<String, String>,
    funds: Funds,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Clock {
    #[default]
    System,
    Simulated,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Funds {
    listen_port: u16,
    batch_max: i64,
    pepper: Secret<String>,
    public_name: Option<String>,
    page_size: Option<u32>,
    database: Database,
    replica: Option<Database>,
}

/// Forgot to deny unknown fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Database {
    url: String,
    pool_size: u32,
}

impl Default for App {
    fn default() -> Self {
        Self {
            data_folder: "data".to_owned(),
            sample_ratio: 1.0,
            verbose: false,
            servers: vec!["nats://127.0.0.1:4222".to_owned()],
            ports: vec![],
            clock: Clock::System,
            labels: BTreeMap::new(),
            funds: Funds {
                listen_port: 7001,
                batch_max: 500,
                pepper: Secret::new("default pepper".to_owned()),
                public_name: None,
                page_size: None,
                database: Database {
                    url: "sqlite://data/funds.db".to_owned(),
                    pool_size: 4,
                },
                replica: None,
            },
        }
    }
}

fn load(file: Option<&str>, variables: &[(&str, &str)]) -> Result<App, ConfigError> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let Some(text) = file else {
        return load_from(None, "HEJU", variables);
    };
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    load_from(Some(file.path()), "HEJU", variables)
}

fn refusal(file: Option<&str>, variables: &[(&str, &str)]) -> String {
    load(file, variables).unwrap_err().to_string()
}

#[test]
fn without_file_and_environment_the_defaults_hold_secrets_included() {
    assert_eq!(load(None, &[]).unwrap(), App::default());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let app = load(
        Some("verbose = true\n[funds]\nlisten_port = 8001\nbatch_max = 7\n[funds.database]\npool_size = 9"),
        &[("HEJU__FUNDS__LISTEN_PORT", "9001")],
    )
    .unwrap();
    assert!(app.verbose);
    assert_eq!(app.funds.listen_port, 9001);
    assert_eq!(app.funds.batch_max, 7);
    assert_eq!(app.funds.database.pool_size, 9);
    assert_eq!(app.funds.database.url, "sqlite://data/funds.db");
}

#[test]
fn every_key_is_overridden_by_its_variable() {
    let wanted = App {
        data_folder: "/srv/heju".to_owned(),
        sample_ratio: 0.25,
        verbose: true,
        servers: vec!["nats://a:1".to_owned(), "nats://b:2".to_owned()],
        ports: vec![1, 2],
        clock: Clock::Simulated,
        labels: BTreeMap::from([("city".to_owned(), "330783".to_owned())]),
        funds: Funds {
            listen_port: 1,
            batch_max: -2,
            pepper: Secret::new("007".to_owned()),
            public_name: Some("1e5".to_owned()),
            page_size: Some(50),
            database: Database {
                url: "postgres://heju:a__b=c@db/funds".to_owned(),
                pool_size: 32,
            },
            replica: Some(Database {
                url: "postgres://replica/funds".to_owned(),
                pool_size: 0,
            }),
        },
    };
    let variables = [
        ("HEJU__DATA_FOLDER", "/srv/heju"),
        ("HEJU__SAMPLE_RATIO", "0.25"),
        ("HEJU__VERBOSE", "true"),
        ("HEJU__SERVERS", "nats://a:1, nats://b:2"),
        ("HEJU__PORTS", "1,2"),
        ("HEJU__CLOCK", "simulated"),
        ("HEJU__LABELS__CITY", "330783"),
        ("HEJU__FUNDS__LISTEN_PORT", "1"),
        ("HEJU__FUNDS__BATCH_MAX", "-2"),
        ("HEJU__FUNDS__PEPPER", "007"),
        ("HEJU__FUNDS__PUBLIC_NAME", "1e5"),
        ("HEJU__FUNDS__PAGE_SIZE", "50"),
        ("HEJU__FUNDS__DATABASE__URL", "postgres://heju:a__b=c@db/funds"),
        ("HEJU__FUNDS__DATABASE__POOL_SIZE", "32"),
        ("HEJU__FUNDS__REPLICA__URL", "postgres://replica/funds"),
    ];
    assert_eq!(load(None, &variables).unwrap(), wanted);
    for key in keys::<App>("HEJU") {
        assert!(
            variables.iter().any(|(name, _)| name.starts_with(&key.variable)),
            "{} is not overridden in this test",
            key.variable
        );
    }
}

#[test]
fn a_list_may_be_json_or_empty() {
    let app = load(None, &[("HEJU__SERVERS", ""), ("HEJU__PORTS", "[80, 443]")]).unwrap();
    assert!(app.servers.is_empty());
    assert_eq!(app.ports, [80, 443]);
}

#[test]
fn variables_that_are_not_ours_are_not_looked_at() {
    let app = load(
        None,
        &[
            ("HEJU_FUNDS_SERVICE_HOST", "10.0.0.1"),
            ("PATH", "/bin"),
            ("HEJUX__VERBOSE", "true"),
        ],
    );
    assert_eq!(app.unwrap(), App::default());
}

#[test]
fn an_unknown_key_is_refused_with_its_path_and_place() {
    for (file, variables, expected) in [
        (
            Some("[funds]\ndatabse = 1"),
            vec![],
            vec![
                "remove the unknown setting `funds.databse` in ",
                ".toml",
                "`database`",
            ],
        ),
        (
            None,
            vec![("HEJU__FUNDS__LISTENPORT", "1")],
            vec![
                "`funds.listenport` (environment variable HEJU__FUNDS__LISTENPORT)",
                "`listen_port`",
            ],
        ),
        (
            None,
            vec![("HEJU__FOUNDS__X", "1")],
            vec!["`founds` (environment variable HEJU__FOUNDS__X)"],
        ),
        // This section does not deny unknown fields; they are refused all the same.
        (
            Some("[funds.database]\nurll = \"x\""),
            vec![],
            vec!["`funds.database.urll` in ", "known here: `pool_size`, `url`"],
        ),
        (
            None,
            vec![("HEJU__FUNDS__REPLICA__URLL", "x")],
            vec!["`funds.replica.urll` (environment"],
        ),
        (None, vec![("HEJU__", "x")], vec!["(environment variable HEJU__)"]),
    ] {
        let text = refusal(file, &variables);
        for part in expected {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_wrong_value_is_refused_with_its_path_and_place() {
    for (file, variables, expected) in [
        (
            None,
            vec![("HEJU__FUNDS__LISTEN_PORT", "many")],
            vec!["correct the setting `funds.listen_port` (environment variable HEJU__FUNDS__LISTEN_PORT): "],
        ),
        (
            Some("[funds]\nlisten_port = 70000"),
            vec![],
            vec!["`funds.listen_port` in ", "70000"],
        ),
        (
            Some("[funds]\nlisten_port = 80.5"),
            vec![],
            vec!["`funds.listen_port` in ", "not a whole number"],
        ),
        (
            Some("clock = \"sundial\""),
            vec![],
            vec!["`clock` in ", "sundial", "`simulated`"],
        ),
        (Some("funds = 3"), vec![], vec!["`funds` in "]),
        (
            None,
            vec![("HEJU__PORTS", "80,x")],
            vec!["`ports[1]` (environment variable HEJU__PORTS)"],
        ),
        (
            None,
            vec![("HEJU__FUNDS", "x"), ("HEJU__FUNDS__BATCH_MAX", "1")],
            vec!["unset the environment variable HEJU__FUNDS__BATCH_MAX"],
        ),
        (
            None,
            vec![("HEJU__FUNDS__BATCH_MAX", "postgres://heju:s3cret@db/funds")],
            vec!["postgres://heju:***@db/funds"],
        ),
    ] {
        let text = refusal(file, &variables);
        for part in expected {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let missing = load_from::<App>(Some(Path::new("no/such.toml")), "HEJU", []).unwrap_err();
    assert!(
        missing.to_string().contains("no/such.toml cannot be read"),
        "{missing}"
    );
    let broken = refusal(Some("[funds]\nlisten_port = = 3"), &[]);
    assert!(broken.contains("line 2"), "{broken}");
    assert_eq!(broken.lines().count(), 1, "{broken}");
}

#[test]
fn secrets_and_passwords_are_hidden_in_print() {
    let mut app = App::default();
    app.funds.pepper = Secret::new("salt".to_owned());
    app.funds.database.url = "postgres://heju:s3cret@db/funds".to_owned();
    let printed = redacted(&app);
    assert_eq!(printed["funds"]["pepper"], json!("***"));
    assert_eq!(
        printed["funds"]["database"]["url"],
        json!("postgres://heju:***@db/funds")
    );
    assert_eq!(printed["funds"]["listen_port"], json!(7001));
    let text = redacted_text(&app) + &format!("{:?}", app.funds.pepper);
    assert!(!text.contains("salt") && !text.contains("s3cret"), "{text}");
    assert_eq!(app.funds.pepper.expose(), "salt");
}

#[test]
fn keys_list_every_setting_with_its_variable_and_default() {
    let keys = keys::<App>("HEJU");
    let url = keys.iter().find(|key| key.key == "funds.database.url").unwrap();
    assert_eq!(url.variable, "HEJU__FUNDS__DATABASE__URL");
    assert_eq!(url.default, json!("sqlite://data/funds.db"));
    assert!(keys.iter().all(|key| key.default != json!("default pepper")));
}
