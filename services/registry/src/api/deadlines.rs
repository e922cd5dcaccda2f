//! Which deadline leads to which use case.

use ids::{AreaId, ContractId, ImportId};
use outbox::Deadlines;
use rpc::{CallContext, field};

use crate::app::App;
use crate::app::contract::look_at_contract::LOOK_AT_CONTRACT;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::app::imports::RUN_IMPORT;
use crate::error::AppError;

/// All deadlines.
pub fn all(app: App) -> Deadlines {
    let importing = app.clone();
    let contracts = app.clone();
    Deadlines::new()
        .on(EXAMINE_SET_UP, move |ctx: CallContext, aggregate: String| {
            let app = app.clone();
            async move {
                let area_id: AreaId = field::id("areaId", &aggregate)?;
                app.examine_set_up(&ctx, area_id).await?;
                Ok::<(), AppError>(())
            }
        })
        .on(RUN_IMPORT, move |ctx: CallContext, aggregate: String| {
            let app = importing.clone();
            async move {
                let import_id: ImportId = field::id("importId", &aggregate)?;
                app.run_import(&ctx, import_id).await?;
                Ok::<(), AppError>(())
            }
        })
        .on(LOOK_AT_CONTRACT, move |ctx: CallContext, aggregate: String| {
            let app = contracts.clone();
            async move {
                let contract_id: ContractId = field::id("contractId", &aggregate)?;
                app.look_at_contract(&ctx, contract_id).await?;
                Ok::<(), AppError>(())
            }
        })
}
