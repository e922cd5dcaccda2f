//! Looks at people in clear: what is recorded of each before the answer leaves.

use ids::LookId;
use rpc::CallContext;

use super::App;
use crate::domain::look::{Look, LookKind, Seen};
use crate::domain::owner::refusal::Refusal;

/// Roles in which somebody looks for oneself or a firm, and for no division.
const WITHOUT_DIVISION: [&str; 2] = ["owner", "firm"];

impl App {
    /// A look by the caller, in this role, now.
    pub(super) fn look(
        &self,
        ctx: &CallContext,
        role: &str,
        (seen, kind): (Seen, LookKind),
        reason: String,
        fields: &[&str],
    ) -> Look {
        let now = self.clock.now();
        let division = match ctx.actor.jurisdiction {
            Some(division) if !WITHOUT_DIVISION.contains(&role) => division.to_string(),
            _ => String::new(),
        };
        Look {
            id: LookId::generate(),
            seen,
            kind,
            call: ctx.action.to_owned(),
            account: ctx.actor.subject.clone(),
            role: role.to_owned(),
            division,
            reason,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            looked_at: now,
            times: 1,
            last_at: now,
        }
    }
}

/// Why the caller calls.
///
/// # Errors
/// `REASON_MISSING`.
pub(super) fn reason_of(ctx: &CallContext) -> Result<String, Refusal> {
    let reason = ctx.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(reason.to_owned())
}
