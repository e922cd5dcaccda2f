//! Which deadline leads to which use case.

use ids::AreaId;
use outbox::Deadlines;
use rpc::{CallContext, field};

use crate::app::App;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::error::AppError;

/// All deadlines.
pub fn all(app: App) -> Deadlines {
    Deadlines::new().on(EXAMINE_SET_UP, move |ctx: CallContext, aggregate: String| {
        let app = app.clone();
        async move {
            let area_id: AreaId = field::id("areaId", &aggregate)?;
            app.examine_set_up(&ctx, area_id).await?;
            Ok::<(), AppError>(())
        }
    })
}
