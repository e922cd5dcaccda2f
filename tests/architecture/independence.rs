//! Between crates: services do not know each other, and shared crates know no service.

use crate::assert_none;
use crate::source;
use crate::tree::{self, Package};

/// The binary that runs every service: the only crate that knows them all.
const BINARY: &str = "services/heju";
/// What a gateway without state and without domain has no use for.
const NOT_FOR_THE_GATEWAY: &[&str] = &[
    "db",
    "outbox",
    "sea-orm",
    "sea-orm-migration",
    "money",
    "rules",
    "sealing",
];

/// Every dependency a manifest names, of every sort.
fn dependencies(package: &Package) -> Vec<String> {
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|table| package.manifest.get(*table)?.as_table())
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// The names under which services may be depended on: `funds`, `heju-funds`.
fn service_names(packages: &[Package]) -> Vec<String> {
    let services = packages
        .iter()
        .filter_map(|package| package.folder.strip_prefix("services/"));
    services
        .flat_map(|name| [name.to_owned(), format!("heju-{name}")])
        .collect()
}

/// Dependencies that a crate in this folder may not have.
fn violations(package: &Package, services: &[String]) -> Vec<String> {
    let folder = package.folder.as_str();
    let own = folder.rsplit('/').next().unwrap_or(folder);
    let guarded = (folder.starts_with("services/") && folder != BINARY)
        || folder.starts_with("shared/")
        || matches!(folder, "proto" | "seeds");
    let mut found = Vec::new();
    for dependency in dependencies(package) {
        let is_other = services.contains(&dependency) && dependency.trim_start_matches("heju-") != own;
        if guarded && is_other {
            found.push(format!(
                "{folder}/Cargo.toml: depends on the service `{dependency}`; ask by gRPC or follow its events"
            ));
        }
        if folder == "services/gateway" && NOT_FOR_THE_GATEWAY.contains(&dependency.as_str()) {
            found.push(format!(
                "{folder}/Cargo.toml: depends on `{dependency}`; the gateway holds no domain and no state"
            ));
        }
    }
    found
}

/// `use` lines of a service that name another service's crate.
fn uses_of_others(path: &str, text: &str, services: &[String]) -> Vec<String> {
    let Some((own, _)) = path
        .strip_prefix("services/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return Vec::new();
    };
    if own == "heju" {
        return Vec::new();
    }
    let paths = source::paths(&source::code(text));
    // `use proto::registry;` makes `registry::v1` a path of the contract, not of the crate.
    let is_local = |name: &str| {
        paths
            .iter()
            .any(|path| path.segments.len() > 1 && path.segments.ends_with(&[name.to_owned()]))
    };
    paths
        .iter()
        .filter(|used| used.is_use && used.segments.len() > 1)
        .filter(|used| !is_local(&used.segments[0]))
        .filter(|used| services.contains(&used.segments[0].replace('_', "-")))
        .filter(|used| used.segments[0].trim_start_matches("heju_") != own)
        .map(|used| {
            format!(
                "{path}:{}: uses `{}` of another service",
                used.line,
                used.segments.join("::")
            )
        })
        .collect()
}

#[test]
fn no_crate_depends_on_a_service_but_the_binary() {
    let packages = tree::packages();
    let services = service_names(&packages);
    assert!(services.len() >= 8, "the services were not found");
    assert_none(
        "dependencies",
        packages
            .iter()
            .flat_map(|package| violations(package, &services))
            .collect(),
    );
}

#[test]
fn no_service_uses_another() {
    let services = service_names(&tree::packages());
    let files = tree::rust_files();
    assert_none(
        "uses",
        files
            .iter()
            .flat_map(|file| uses_of_others(&file.path, &file.text, &services))
            .collect(),
    );
}

#[test]
fn the_checks_can_fail() {
    let package = |folder: &str, text: &str| Package {
        folder: folder.into(),
        manifest: text.parse().unwrap(),
    };
    let services = ["funds", "heju-funds", "registry", "heju-registry"].map(str::to_owned);
    let found = |folder, text| violations(&package(folder, text), &services).len();
    assert_eq!(
        found(
            "services/funds",
            "[dependencies]\nregistry.workspace = true\nmoney.workspace = true"
        ),
        1
    );
    assert_eq!(
        found(
            "services/funds",
            "[dev-dependencies]\nheju-registry.workspace = true"
        ),
        1
    );
    assert_eq!(
        found("shared/outbox", "[dependencies]\nfunds.workspace = true"),
        1
    );
    assert_eq!(
        found("services/gateway", "[dependencies]\nsea-orm.workspace = true"),
        1
    );
    assert_eq!(
        found("services/heju", "[dependencies]\nfunds.workspace = true"),
        0
    );
    assert_eq!(
        found("services/funds", "[dev-dependencies]\nfunds.workspace = true"),
        0
    );
    assert_eq!(
        uses_of_others("services/funds/src/a.rs", "use registry::App;", &services).len(),
        1
    );
    assert_eq!(
        uses_of_others(
            "services/funds/src/a.rs",
            "use proto::registry::v1 as pb;",
            &services
        )
        .len(),
        0
    );
    assert_eq!(
        uses_of_others("services/heju/src/main.rs", "use registry::App;", &services).len(),
        0
    );
}
