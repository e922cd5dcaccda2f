//! A firm's particulars and name change, or it goes off the register.

use chrono::NaiveDate;
use ids::FirmId;
use rpc::CallContext;
use sealing::mask_name;
use serde::Serialize;

use super::publish;
use crate::app::App;
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::{Change, FirmRecord};
use crate::domain::personal::Personal;
use crate::error::AppError;
use crate::store::firm_records::Beside;

/// New particulars; what is none stays.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeFirm {
    /// The firm.
    pub firm_id: FirmId,
    /// Legal head in clear; empty leaves it.
    #[serde(skip)]
    pub legal_head: Personal,
    /// Registered address.
    pub address: Option<String>,
    /// Phone of the office.
    pub phone: Option<String>,
}

/// A new name.
#[derive(Debug, Clone, Serialize)]
pub struct RenameFirm {
    /// The firm.
    pub firm_id: FirmId,
    /// The name.
    pub name: String,
    /// Its first day.
    pub renamed_on: NaiveDate,
}

/// A firm that goes off the register.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeFirm {
    /// The firm.
    pub firm_id: FirmId,
    /// The day.
    pub revoked_on: NaiveDate,
    /// Why.
    pub reason: String,
}

impl App {
    /// Changes particulars; answers the firm as it is then.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`FirmRecord::change`].
    pub async fn change_firm(&self, ctx: &CallContext, command: ChangeFirm) -> Result<FirmRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        let remembered = (&command, self.fingerprint(&[&command.legal_head]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;
        let legal_head = Some(&command.legal_head).filter(|head| !head.is_empty());

        let after = firm.change(Change {
            legal_head: legal_head.map(|head| mask_name(head.expose())),
            address: command.address.clone(),
            phone: command.phone.clone(),
        })?;

        let beside = Beside {
            legal_head,
            revoke_reason: None,
        };
        tx.save_firm(&self.sealer, &after, beside, self.today()).await?;
        publish(&mut tx, ctx, city, FirmEvent::Changed(after.clone())).await?;
        tx.remember(ctx, &remembered, command.firm_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Gives the firm another name; answers the firm as it is then.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`FirmRecord::rename`].
    pub async fn rename_firm(&self, ctx: &CallContext, command: RenameFirm) -> Result<FirmRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;

        let after = firm.rename(command.name.clone(), command.renamed_on, self.today())?;

        tx.save_firm(&self.sealer, &after, Beside::default(), self.today())
            .await?;
        publish(&mut tx, ctx, city, FirmEvent::Renamed(after.clone())).await?;
        tx.remember(ctx, &command, command.firm_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Takes the firm off the register; answers the firm as it is then.
    ///
    /// # Errors
    /// `FIRM_NOT_FOUND`, `NOT_ALLOWED`, `CONFLICT`, and as [`FirmRecord::revoke`].
    pub async fn revoke_firm(&self, ctx: &CallContext, command: RevokeFirm) -> Result<FirmRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (firm, city) = self.firm_for(tx.connection(), ctx, command.firm_id).await?;

        let after = firm.revoke(command.revoked_on, self.today())?;

        let beside = Beside {
            legal_head: None,
            revoke_reason: Some(&command.reason),
        };
        tx.save_firm(&self.sealer, &after, beside, self.today()).await?;
        publish(&mut tx, ctx, city, FirmEvent::Deregistered(after.clone())).await?;
        tx.remember(ctx, &command, command.firm_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
