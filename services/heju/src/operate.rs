//! What operators do: migrate before a rollout, look at dead letters, start a demonstration over.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use committees::Committees;
use events::Bus;
use funds::Funds;
use hosting::{Service, ServiceConfig};
use registry::Registry;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::config::Config;

/// Dead letters shown at one time.
const LIST_MAX: u64 = 200;

/// Events that could not be handled.
#[derive(Subcommand)]
pub enum DeadLetters {
    /// Show those that nobody resolved, as JSON, one a line.
    List {
        /// Only of this service.
        service: Option<String>,
    },
    /// Ask the running service to try them again: one by its id, or all.
    Replay {
        /// The service.
        service: String,
        /// Only this one.
        id: Option<Uuid>,
    },
}

/// Migrates the named services, or all; declares their streams where NATS answers.
pub async fn migrate(config: &Config, services: &[String]) -> Result<()> {
    for name in services {
        config.service(name)?;
    }
    let wanted = |name: &str| services.is_empty() || services.iter().any(|service| service == name);
    config.prepare_data()?;
    let bus = Bus::connect(&config.nats, "heju-migrate").await?;
    bus.wait_until_up(std::time::Duration::from_secs(60)).await?;
    if wanted(Registry::NAME) {
        migrate_one::<Registry>(&config.registry, &bus).await?;
    }
    if wanted(Committees::NAME) {
        migrate_one::<Committees>(&config.committees, &bus).await?;
    }
    if wanted(Funds::NAME) {
        migrate_one::<Funds>(&config.funds, &bus).await?;
    }
    bus.drain().await;
    Ok(())
}

async fn migrate_one<S: Service>(config: &ServiceConfig, bus: &Bus) -> Result<()> {
    hosting::host::migrate::<S>(config).await?;
    events::stream::declare(bus, S::NAME).await?;
    println!("{} is up to date", S::NAME);
    Ok(())
}

/// Lists or replays dead letters.
pub async fn dead_letters(config: &Config, command: &DeadLetters) -> Result<()> {
    match command {
        DeadLetters::List { service } => {
            for name in ["registry", "committees", "funds"] {
                if service.as_deref().is_some_and(|wanted| wanted != name) {
                    continue;
                }
                let database = db::Database::connect(&config.service(name)?.database).await?;
                for letter in outbox::dead_letters::list(&database, LIST_MAX).await? {
                    let line = serde_json::json!({ "service": name, "letter": letter });
                    println!("{line}");
                }
                database.close().await;
            }
        }
        DeadLetters::Replay { service, id } => {
            let database = db::Database::connect(&config.service(service)?.database).await?;
            let count = outbox::dead_letters::request_replay(&database, *id).await?;
            database.close().await;
            println!("{count} dead letters of {service} will be tried again by the running service");
        }
    }
    Ok(())
}

/// Drops every database of the platform.
pub async fn drop_databases(config: &Config, yes: bool) -> Result<()> {
    if !yes {
        bail!("This drops all data of the platform; say --yes to do it.");
    }
    for name in ["registry", "committees", "funds"] {
        let url = &config.service(name)?.database.url;
        if let Some(file) = url.strip_prefix("sqlite://") {
            for suffix in ["", "-wal", "-shm"] {
                let file = format!("{file}{suffix}");
                match std::fs::remove_file(&file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(error).with_context(|| format!("removing {file}"));
                    }
                    _ => {}
                }
            }
            continue;
        }
        let (base, database) = url
            .rsplit_once('/')
            .with_context(|| format!("the database URL of {name} names no database"))?;
        if !database
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            bail!("The database name {database} is not one of ours; drop it by hand.");
        }
        let admin = sea_orm::Database::connect(format!("{base}/postgres")).await?;
        admin
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
            .await?;
        admin.close().await?;
    }
    println!("all databases are dropped");
    Ok(())
}
