//! A firm is filed with the authority (备案).

use chrono::NaiveDate;
use ids::CreditCode;
use rpc::CallContext;
use sealing::mask_name;
use serde::Serialize;

use super::{firm_resource, publish, unknown};
use crate::app::App;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::{Filing, FirmRecord};
use crate::domain::firm::refusal::Refusal;
use crate::domain::firm::{Firm, FirmKind};
use crate::domain::personal::Personal;
use crate::error::AppError;
use crate::store::firm_records::Beside;
use crate::store::{divisions, firm_records};

/// A filing.
#[derive(Debug, Clone, Serialize)]
pub struct FileFirm {
    /// Whose.
    pub credit_code: CreditCode,
    /// Registered name.
    pub name: String,
    /// What the firm does.
    pub kind: FirmKind,
    /// The firm whose branch it is.
    pub parent: Option<CreditCode>,
    /// Legal head in clear; may be empty.
    #[serde(skip)]
    pub legal_head: Personal,
    /// Registered address; may be empty.
    pub address: String,
    /// Phone of the office; may be empty.
    pub phone: String,
    /// Filing number.
    pub number: String,
    /// Day of the filing.
    pub filed_on: NaiveDate,
}

impl App {
    /// Files the firm; one that no table brought is recorded first. Answers the firm as it is then.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, `PARENT_NOT_FOUND`, and as [`FirmRecord::file`].
    pub async fn file_firm(&self, ctx: &CallContext, command: FileFirm) -> Result<FirmRecord, AppError> {
        let mut tx = self.store.begin_write().await?;
        let remembered = (&command, self.fingerprint(&[&command.legal_head]));
        if let Some(first) = tx.replay(ctx, &remembered).await? {
            return Ok(first);
        }
        let city = divisions::city(tx.connection()).await?;
        let id = Firm::id_of(&command.credit_code);
        ctx.permit(&self.access, &firm_resource(id, city), unknown)?;
        let parent = match &command.parent {
            Some(code) => {
                let found = firm_records::find(tx.connection(), Firm::id_of(code)).await?;
                Some(found.ok_or(Refusal::ParentNotFound)?)
            }
            None => None,
        };
        let standing = firm_records::find(tx.connection(), id).await?;
        let is_new = standing.is_none();
        let before = standing.unwrap_or_else(|| {
            FirmRecord::new(Firm {
                id,
                credit_code: command.credit_code.clone(),
                name: command.name.clone(),
                kind: command.kind,
            })
        });
        let registered = before.firm.clone();

        let legal_head = &command.legal_head;
        let filing = Filing {
            name: command.name.clone(),
            kind: command.kind,
            parent,
            legal_head: match legal_head.is_empty() {
                true => String::new(),
                false => mask_name(legal_head.expose()),
            },
            address: command.address.clone(),
            phone: command.phone.clone(),
            number: command.number.clone(),
            on: command.filed_on,
        };
        let after = before.file(filing, self.today())?;

        if is_new {
            tx.insert_firms(std::slice::from_ref(&registered)).await?;
            let happened = Happened {
                division: city,
                version: 1,
                event: RegistryEvent::FirmRegistered(registered),
            };
            tx.publish(ctx, [&happened]).await?;
        }
        let beside = Beside {
            legal_head: Some(legal_head).filter(|head| !head.is_empty()),
            revoke_reason: None,
        };
        tx.save_firm(&self.sealer, &after, beside, command.filed_on)
            .await?;
        publish(&mut tx, ctx, city, FirmEvent::Filed(after.clone())).await?;
        tx.remember(ctx, &remembered, id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
