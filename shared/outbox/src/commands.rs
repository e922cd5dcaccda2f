//! The memory of accepted writes: the same key gets the first answer, another input is refused, and each is audited.

use std::fmt::Display;

use db::StoreError;
use rpc::context::IdempotencyKey;
use rpc::{CallContext, Cause};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, Statement};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::Tx;
use crate::entity::command;

impl Tx {
    /// The first answer to this command, where the key was used for it before.
    ///
    /// # Errors
    /// `KeyMissing` where the call has no key, `KeyReused` where it was used for another command.
    pub async fn replay<A: DeserializeOwned>(
        &self,
        ctx: &CallContext,
        command: &impl Serialize,
    ) -> Result<Option<A>, StoreError> {
        let key = key_of(ctx)?;
        let id = (ctx.actor.subject.clone(), key.as_str().to_owned());
        if self.is_postgres() {
            // The same request at the same moment waits here for the first one's answer; on SQLite writers wait anyway.
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            let name = format!("{}/{}", id.0, id.1);
            self.execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                lock,
                [name.into()],
            ))
            .await?;
        }
        let Some(known) = command::Entity::find_by_id(id).one(self.connection()).await? else {
            return Ok(None);
        };
        if known.input_hash != hash(ctx.action, command)? {
            return Err(StoreError::KeyReused);
        }
        Ok(Some(serde_json::from_str(&known.answer)?))
    }

    /// Remembers the command with its answer, in the same transaction as its effect.
    ///
    /// # Errors
    /// `Conflict` where the same key is being used at the same moment: the caller repeats and gets the first answer.
    pub async fn remember(
        &self,
        ctx: &CallContext,
        command: &impl Serialize,
        aggregate: impl Display,
        answer: &impl Serialize,
    ) -> Result<(), StoreError> {
        let key = key_of(ctx)?;
        let row = command::ActiveModel {
            subject: Set(ctx.actor.subject.clone()),
            key: Set(key.as_str().to_owned()),
            action: Set(ctx.action.to_owned()),
            role: Set(ctx.actor.acting_role().to_string()),
            aggregate: Set(aggregate.to_string()),
            input_hash: Set(hash(ctx.action, command)?),
            answer: Set(serde_json::to_string(answer)?),
            reason: Set(ctx.reason.clone()),
            trace_parent: Set(ctx.trace_parent.clone()),
            accepted_at: Set(self.now()),
        };
        match command::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
        {
            Ok(_) => Ok(()),
            Err(StoreError::Duplicate(_)) => Err(StoreError::Conflict),
            Err(error) => Err(error),
        }
    }
}

fn key_of(ctx: &CallContext) -> Result<&IdempotencyKey, StoreError> {
    match &ctx.cause {
        Cause::Call { key: Some(key) } => Ok(key),
        _ => Err(StoreError::KeyMissing),
    }
}

fn hash(action: &str, command: &impl Serialize) -> Result<String, StoreError> {
    let mut digest = Sha256::new();
    digest.update(action.as_bytes());
    digest.update([0]);
    digest.update(serde_json::to_vec(command)?);
    Ok(hex::encode(digest.finalize()))
}
