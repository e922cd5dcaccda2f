//! Which deadline leads to which use case.

use ids::{AreaId, ImportId, RollId};
use outbox::Deadlines;
use rpc::{CallContext, field};

use crate::app::App;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::app::imports::RUN_IMPORT;
use crate::app::roll::end_roll::END_ROLL;
use crate::error::AppError;

/// All deadlines.
pub fn all(app: App) -> Deadlines {
    let importing = app.clone();
    let ending = app.clone();
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
        .on(END_ROLL, move |ctx: CallContext, aggregate: String| {
            let app = ending.clone();
            async move {
                let roll_id: RollId = field::id("rollId", &aggregate)?;
                app.end_roll(&ctx, roll_id).await?;
                Ok::<(), AppError>(())
            }
        })
}
