//! Which deadline leads to which use case.

use ids::{AreaId, DelineationId, ImportId};
use outbox::Deadlines;
use rpc::{CallContext, field};

use crate::app::App;
use crate::app::delineation::overdue::DELINEATION_OVERDUE;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::app::imports::RUN_IMPORT;
use crate::error::AppError;

/// All deadlines.
pub fn all(app: App) -> Deadlines {
    let importing = app.clone();
    let of_delineations = app.clone();
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
        .on(DELINEATION_OVERDUE, move |ctx: CallContext, aggregate: String| {
            let app = of_delineations.clone();
            async move {
                let id: DelineationId = field::id("delineationId", &aggregate)?;
                app.delineation_overdue(&ctx, id).await?;
                Ok::<(), AppError>(())
            }
        })
}
