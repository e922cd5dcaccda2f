//! Which deadline leads to which use case.

use ids::{
    AreaId, CertificateId, ContractId, DelineationId, EquipmentId, ImportId, PriceAdjustmentId, RegroupingId,
    RollId,
};
use outbox::Deadlines;
use rpc::{CallContext, field};

use crate::app::App;
use crate::app::contract::look_at_contract::LOOK_AT_CONTRACT;
use crate::app::delineation::overdue::DELINEATION_OVERDUE;
use crate::app::examine_set_up::EXAMINE_SET_UP;
use crate::app::firm::certificates::{CERTIFICATE_EXPIRED, CERTIFICATE_EXPIRING};
use crate::app::imports::RUN_IMPORT;
use crate::app::part::equipment::{INSPECTION_DUE, INSPECTION_OVERDUE};
use crate::app::price::look_at_adjustment::LOOK_AT_ADJUSTMENT;
use crate::app::regrouping::overdue::REGROUPING_OVERDUE;
use crate::app::roll::end_roll::END_ROLL;
use crate::error::AppError;

/// All deadlines.
pub fn all(app: App) -> Deadlines {
    // One closure a kind; each keeps its own handle on the use cases.
    macro_rules! leads_to {
        ($id:ty, $field:literal, $use_case:ident) => {{
            let app = app.clone();
            move |ctx: CallContext, aggregate: String| {
                let app = app.clone();
                async move {
                    let id: $id = field::id($field, &aggregate)?;
                    app.$use_case(&ctx, id).await?;
                    Ok::<(), AppError>(())
                }
            }
        }};
    }
    Deadlines::new()
        .on(EXAMINE_SET_UP, leads_to!(AreaId, "areaId", examine_set_up))
        .on(
            CERTIFICATE_EXPIRING,
            leads_to!(CertificateId, "certificateId", certificate_expiring),
        )
        .on(
            CERTIFICATE_EXPIRED,
            leads_to!(CertificateId, "certificateId", certificate_expired),
        )
        .on(
            INSPECTION_DUE,
            leads_to!(EquipmentId, "equipmentId", inspection_due),
        )
        .on(
            INSPECTION_OVERDUE,
            leads_to!(EquipmentId, "equipmentId", inspection_overdue),
        )
        .on(
            LOOK_AT_CONTRACT,
            leads_to!(ContractId, "contractId", look_at_contract),
        )
        .on(
            DELINEATION_OVERDUE,
            leads_to!(DelineationId, "delineationId", delineation_overdue),
        )
        .on(
            LOOK_AT_ADJUSTMENT,
            leads_to!(PriceAdjustmentId, "adjustmentId", look_at_adjustment),
        )
        .on(
            REGROUPING_OVERDUE,
            leads_to!(RegroupingId, "regroupingId", regrouping_overdue),
        )
        .on(END_ROLL, leads_to!(RollId, "rollId", end_roll))
        .on(RUN_IMPORT, leads_to!(ImportId, "importId", run_import))
}
