//! Naming who acts for an owner, and ending it.

use chrono::NaiveDate;
use ids::OwnerId;
use rpc::CallContext;
use serde::Serialize;

use super::happened;
use crate::app::App;
use crate::domain::owner::agent::{self, Agent, Ground, Persons, full_age_on};
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::OwnerRecord;
use crate::domain::owner::refusal::Refusal;
use crate::domain::owner::{Document, NamedOwner};
use crate::error::AppError;
use crate::store::{Tx, owner_records, owners};

/// Who is to act for an owner. Name and document are in clear: what is remembered of them are keyed hashes.
#[derive(Debug, Clone)]
pub struct NameAgent {
    /// For whom.
    pub owner_id: OwnerId,
    /// Why.
    pub ground: Ground,
    /// The agent's name.
    pub name: String,
    /// The agent's document.
    pub document: Document,
    /// First day.
    pub from_on: NaiveDate,
    /// First day on which it is over, where known.
    pub until_on: Option<NaiveDate>,
    /// SHA-256 of the paper, in hexadecimal; may be empty.
    pub document_digest: String,
}

#[derive(Serialize)]
struct Remembered<'a> {
    owner_id: OwnerId,
    ground: Ground,
    agent_id: OwnerId,
    name: String,
    from_on: NaiveDate,
    until_on: Option<NaiveDate>,
    document_digest: &'a str,
}

/// Whose agent acts no longer.
#[derive(Debug, Clone, Serialize)]
pub struct EndAgent {
    /// For whom.
    pub owner_id: OwnerId,
    /// First day on which nobody acts any more.
    pub until_on: NaiveDate,
}

impl App {
    /// Records who acts for an owner. The agent becomes known as owners are, so that an account can belong to the agent.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `AGENT_NAMED_OTHERWISE`, `CONFLICT`, and as [`agent::name`].
    pub async fn name_agent(&self, ctx: &CallContext, command: NameAgent) -> Result<OwnerRecord, AppError> {
        let agent_id: OwnerId = self.sealer.derive_id(&command.document.natural_key());
        let remembered = Remembered {
            owner_id: command.owner_id,
            ground: command.ground,
            agent_id,
            name: hex::encode(self.sealer.blind_index("agent.name", &command.name)),
            from_on: command.from_on,
            until_on: command.until_on,
            document_digest: &command.document_digest,
        };
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let permitted = self.owner_for(tx.connection(), ctx, command.owner_id).await?;
        let mut record = owner_records::find(tx.connection(), command.owner_id).await?;
        let years = self.full_age_years()?;
        let minor = |born_on: &NaiveDate| full_age_on(*born_on, years) > command.from_on;
        let born = owners::born_on(tx.connection(), &self.sealer, &[command.owner_id]).await?;
        let persons = Persons {
            owner_id: command.owner_id,
            legal_person: permitted.owner.legal_person,
            owner_under_age: born.get(&command.owner_id).is_some_and(minor),
            agent_under_age: command.document.born_on().as_ref().is_some_and(minor),
        };
        let agent = Agent {
            agent_id,
            name: sealing::mask_name(&command.name),
            ground: command.ground,
            from_on: command.from_on,
            until_on: command.until_on,
            document_digest: command.document_digest.clone(),
        };
        record.agents = agent::name(record.agents, &persons, agent.clone())?;
        record.version += 1;

        self.make_known(&tx, agent_id, &command).await?;
        tx.save_owner_record(&record).await?;
        tx.save_agents(command.owner_id, &record.agents).await?;
        let event = OwnerEvent::AgentNamed {
            owner_id: command.owner_id,
            agent,
        };
        tx.publish(ctx, [&happened(permitted.division, record.version, event)])
            .await?;
        tx.remember(ctx, &remembered, command.owner_id, &record).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// Records that nobody acts for an owner any more from a day on.
    ///
    /// # Errors
    /// `OWNER_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`agent::end`].
    pub async fn end_agent(&self, ctx: &CallContext, command: EndAgent) -> Result<OwnerRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let permitted = self.owner_for(tx.connection(), ctx, command.owner_id).await?;
        let mut record = owner_records::find(tx.connection(), command.owner_id).await?;
        let (agents, agent_id) = agent::end(record.agents, command.until_on)?;
        record.agents = agents;
        record.version += 1;

        tx.save_owner_record(&record).await?;
        tx.save_agents(command.owner_id, &record.agents).await?;
        let event = OwnerEvent::AgentEnded {
            owner_id: command.owner_id,
            agent_id,
            until: command.until_on,
        };
        tx.publish(ctx, [&happened(permitted.division, record.version, event)])
            .await?;
        tx.remember(ctx, &command, command.owner_id, &record).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// Records the agent's name and document, sealed, where they are not known.
    async fn make_known(&self, tx: &Tx, agent_id: OwnerId, command: &NameAgent) -> Result<(), AppError> {
        let known = tx.names_of(&self.sealer, &[agent_id]).await?;
        match known.get(&agent_id) {
            Some(name) if *name == command.name => Ok(()),
            Some(_) => Err(Refusal::AgentNamedOtherwise.into()),
            None => {
                let person = NamedOwner {
                    id: agent_id,
                    document: command.document.clone(),
                    name: command.name.clone(),
                };
                tx.insert_owners(&self.sealer, &[person]).await?;
                Ok(())
            }
        }
    }
}
