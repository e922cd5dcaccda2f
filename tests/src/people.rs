//! The people of the story, each signed in with their own account.

use std::collections::HashMap;

use anyhow::{Context, Result};
use seeds::{DEMO_PASSWORD, Manifest, Story};
use tokio::sync::Mutex;

use crate::{Caller, Platform};

/// Everybody who has a part.
pub struct People {
    /// What was generated.
    pub manifest: Manifest,
    /// Moves the clock.
    pub administrator: Caller,
    /// The housing authority: imports, and pays.
    pub authority: Caller,
    /// The community of the story's area.
    pub community: Caller,
    /// The property firm.
    pub firm: Caller,
    /// The developer, who still owns a home.
    pub developer: Caller,
    /// A street that has no business here.
    pub other_street: Caller,
    anonymous: Caller,
    trace: Option<String>,
    owners: Mutex<HashMap<String, Caller>>,
}

impl People {
    /// Signs the offices and firms in; owners sign in when they are first needed.
    ///
    /// # Errors
    /// Where somebody cannot.
    pub async fn enter(platform: &Platform) -> Result<Self> {
        Self::enter_traced(platform, None).await
    }

    /// As `enter`; every request of everybody belongs to the trace of `trace_parent`.
    ///
    /// # Errors
    /// Where somebody cannot.
    pub async fn enter_traced(platform: &Platform, trace_parent: Option<&str>) -> Result<Self> {
        let manifest = Manifest::read(&platform.city).context("reading the city's manifest")?;
        let anonymous = Caller::anonymous(&platform.gateway)?;
        let sign_in = async |account: &str| -> Result<Caller> {
            let caller = anonymous.sign_in(account, DEMO_PASSWORD).await?;
            Ok(trace_parent.map_or(caller.clone(), |trace| caller.traced(trace)))
        };
        let story = &manifest.story;
        Ok(People {
            administrator: sign_in("administrator").await?,
            authority: sign_in("authority").await?,
            community: sign_in(&story.community_account).await?,
            firm: sign_in(&story.manager_account).await?,
            developer: sign_in(&story.developer_account).await?,
            other_street: sign_in(&story.other_street_account).await?,
            trace: trace_parent.map(str::to_owned),
            anonymous,
            owners: Mutex::default(),
            manifest,
        })
    }

    /// The building whose roof leaks, and who lives in it.
    pub fn story(&self) -> &Story {
        &self.manifest.story
    }

    /// Nobody.
    pub fn anonymous(&self) -> &Caller {
        &self.anonymous
    }

    /// An owner by account, signed in once.
    ///
    /// # Errors
    /// Where the owner cannot.
    pub async fn owner(&self, account: &str) -> Result<Caller> {
        let mut owners = self.owners.lock().await;
        if let Some(known) = owners.get(account) {
            return Ok(known.clone());
        }
        let caller = self.anonymous.sign_in(account, DEMO_PASSWORD).await?;
        let caller = self
            .trace
            .as_deref()
            .map_or(caller.clone(), |trace| caller.traced(trace));
        owners.insert(account.to_owned(), caller.clone());
        Ok(caller)
    }
}
