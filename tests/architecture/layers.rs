//! Inside a service: `api → app → domain`, `app → store → domain`, and a domain that knows nothing else.

use crate::assert_none;
use crate::source::{self, CodePath};
use crate::tree::{self, Package};

/// What a domain may use besides the standard library and itself.
const DOMAIN_USES: &[&str] = &[
    "ids",
    "money",
    "calendar",
    "rules",
    "thiserror",
    "serde",
    "strum",
    "chrono",
];
/// What a domain may use of `rpc`: its refusals say what sort they are.
const DOMAIN_USES_OF_RPC: &[&str] = &["Refusal", "Kind"];
/// Parts of the standard library that reach out of the program or read the time.
const IMPURE: &[&str] = &["env", "fs", "net", "process", "thread"];
/// Types whose `now` reads a clock.
const CLOCKS: &[&str] = &["Utc", "Local", "SystemTime", "Instant"];

/// Where in a service a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Api,
    App,
    Domain,
    Store,
    /// `lib.rs` and what stands beside the layers: it puts them together.
    Assembly,
}

/// The service and the layer of a source file; `None` for files outside the four layers' services.
fn place(path: &str) -> Option<(&str, Layer)> {
    let (service, file) = path.strip_prefix("services/")?.split_once("/src/")?;
    let layer = match file.split(['/', '.']).next()? {
        "api" => Layer::Api,
        "app" => Layer::App,
        "domain" => Layer::Domain,
        "store" => Layer::Store,
        _ => Layer::Assembly,
    };
    Some((service, layer))
}

/// The module a file is: `services/funds/src/domain/draw.rs` is `domain::draw`.
fn module_of(path: &str) -> Vec<String> {
    let file = path
        .split_once("/src/")
        .map_or(path, |(_, file)| file)
        .trim_end_matches(".rs");
    file.split('/')
        .filter(|part| !matches!(*part, "lib" | "main"))
        .map(str::to_owned)
        .collect()
}

/// Segments from the root of the crate; `None` where the path leads out of it.
fn within_crate(path: &CodePath, module: &[String]) -> Option<Vec<String>> {
    let mut segments = path.segments.iter().peekable();
    let mut base: Vec<String> = match segments.peek()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    for segment in segments {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => {
                base.pop();
            }
            other => base.push(other.to_owned()),
        }
    }
    Some(base)
}

/// What one file uses that its layer may not. `crates` are the crates its manifest names.
fn violations(path: &str, text: &str, crates: &[String]) -> Vec<String> {
    // A module of tests may use what tests use.
    let Some((_, layer)) = place(path).filter(|_| !path.ends_with("/tests.rs")) else {
        return Vec::new();
    };
    let module = module_of(path);
    let code = source::without_tests(&source::code(text));
    let mut found = Vec::new();
    for used in source::paths(&code) {
        let why = match within_crate(&used, &module) {
            Some(inner) => own_module(layer, &inner),
            None if layer == Layer::Domain => domain_crate(&used, crates),
            None => foreign_crate(layer, &used),
        };
        if let Some(why) = why {
            found.push(format!(
                "{path}:{}: `{}`: {why}",
                used.line,
                used.segments.join("::")
            ));
        }
    }
    if layer == Layer::Domain {
        for (number, line) in code.lines().enumerate() {
            if line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == "async")
            {
                found.push(format!(
                    "{path}:{}: `async`: a decision waits for nothing",
                    number + 1
                ));
            }
        }
    }
    found
}

fn own_module(layer: Layer, inner: &[String]) -> Option<&'static str> {
    let target = inner.first()?.as_str();
    if target == "store" && inner.get(1).is_some_and(|second| second == "entity") && layer != Layer::Store {
        return Some("entities never leave the store");
    }
    match (layer, target) {
        (Layer::Domain, "domain") => None,
        (Layer::Domain, _) => Some("the domain uses nothing of the service but itself"),
        (Layer::App, "api") => Some("use cases do not know the edge"),
        (Layer::Store, "app" | "api") => Some("the store knows the domain only"),
        (Layer::Api, "store") => Some("the edge asks use cases, not the store"),
        _ => None,
    }
}

fn domain_crate(used: &CodePath, crates: &[String]) -> Option<&'static str> {
    let first = used.segments.first()?.as_str();
    let second = used.segments.get(1).map(String::as_str);
    if CLOCKS
        .iter()
        .any(|clock| used.segments.ends_with(&[(*clock).to_owned(), "now".to_owned()]))
    {
        return Some("the domain is told the time");
    }
    match first {
        "std" if second.is_some_and(|part| IMPURE.contains(&part)) => {
            Some("the domain reaches out of the program")
        }
        "rpc" if second.is_some_and(|part| DOMAIN_USES_OF_RPC.contains(&part)) => None,
        _ if !crates.iter().any(|name| name == first) => None,
        _ if DOMAIN_USES.contains(&first) => None,
        _ => Some(
            "the domain uses only ids, money, calendar, rules, thiserror, serde, strum, chrono and rpc::{Refusal, Kind}",
        ),
    }
}

fn foreign_crate(layer: Layer, used: &CodePath) -> Option<&'static str> {
    let first = used.segments.first()?.as_str();
    match (layer, first) {
        (Layer::App, "proto") => {
            Some("use cases see no message of the wire; convert at the edge or in a client of the peer")
        }
        (Layer::App | Layer::Api, "sea_orm" | "sea_orm_migration") => Some("tables are the store's business"),
        (Layer::Store, "proto" | "tonic") => Some("the store knows no wire"),
        _ => None,
    }
}

/// Names of the crates that a package may name in its code.
fn crates_of(package: &Package) -> Vec<String> {
    let tables = ["dependencies", "dev-dependencies"];
    tables
        .iter()
        .filter_map(|table| package.manifest.get(*table)?.as_table())
        .flat_map(|table| table.keys().map(|name| name.replace('-', "_")))
        .collect()
}

#[test]
fn layers_use_only_what_lies_below_them() {
    let packages = tree::packages();
    let mut found = Vec::new();
    for file in tree::rust_files() {
        let Some((service, _)) = place(&file.path) else {
            continue;
        };
        let package = packages
            .iter()
            .find(|package| package.folder == format!("services/{service}"));
        found.extend(violations(
            &file.path,
            &file.text,
            &crates_of(package.expect("every service has a manifest")),
        ));
    }
    assert_none("layers", found);
}

#[cfg(test)]
mod tests {
    use super::violations;

    fn of(layer: &str, text: &str) -> Vec<String> {
        let crates = ["ids", "rpc", "serde_json", "tokio", "sea_orm", "proto", "chrono"].map(str::to_owned);
        violations(&format!("services/funds/src/{layer}/draw.rs"), text, &crates)
    }

    #[test]
    fn a_domain_that_reaches_out_is_found() {
        assert_eq!(of("domain", "use sea_orm::Set;").len(), 1);
        assert_eq!(of("domain", "use serde_json::{Value, json};").len(), 2);
        assert_eq!(of("domain", "use rpc::{Kind, CallContext};").len(), 1);
        assert_eq!(of("domain", "use crate::{domain::Draw, app::App};").len(), 1);
        assert_eq!(of("domain", "use super::super::store::Tx;").len(), 1);
        assert_eq!(of("domain", "let now = chrono::Utc::now();").len(), 1);
        assert_eq!(of("domain", "let now = Utc::now();").len(), 1);
        assert_eq!(of("domain", "let a = std::env::var(b);").len(), 1);
        assert_eq!(of("domain", "async fn decide() {}").len(), 1);
    }

    #[test]
    fn a_pure_domain_is_left_alone() {
        let text = "use chrono::{DateTime, Utc};\nuse rpc::{Kind, Refusal as _};\nuse super::ledger::Posting;\n\
                    use crate::domain::event::DrawEvent;\nuse std::collections::BTreeMap;\n// use sea_orm::Set;\n\
                    fn f() { State::Paid }\n#[cfg(test)]\nmod tests { use serde_json::json; }";
        assert_eq!(of("domain", text), Vec::<String>::new());
    }

    #[test]
    fn a_use_case_that_knows_the_wire_or_the_tables_is_found() {
        assert_eq!(of("app", "use proto::funds::v1 as pb;").len(), 1);
        assert_eq!(of("app", "fn f() -> Result<(), sea_orm::DbErr> {}").len(), 1);
        assert_eq!(of("app", "use crate::api::convert;").len(), 1);
        assert_eq!(of("app", "use crate::store::entity::draws;").len(), 1);
        assert_eq!(
            of("app", "use crate::{domain::Draw, store::{Store, Tx}};"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_edge_that_goes_round_the_use_cases_is_found() {
        assert_eq!(of("api", "use crate::store::Tx;").len(), 1);
        assert_eq!(of("store", "use crate::app::App;").len(), 1);
        assert_eq!(of("store", "use super::super::api::grpc;").len(), 1);
        assert_eq!(
            of("api", "use crate::app::App;\nuse proto::funds::v1 as pb;"),
            Vec::<String>::new()
        );
        assert_eq!(
            of("store", "use super::entity::draws;\nuse crate::domain::Draw;"),
            Vec::<String>::new()
        );
    }
}
