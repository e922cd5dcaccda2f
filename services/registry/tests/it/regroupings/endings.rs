//! What holds an area while a merger ends it: it was done before, or it is refused; nothing is recorded in an area that
//! has ended.

use proto::registry::v1 as pb;
use proto::registry::v1::delineation_service_client::DelineationServiceClient;
use proto::registry::v1::division_service_client::DivisionServiceClient;
use testkit::people;
use tonic::Status;

use super::land::*;
use super::pairs::*;
use crate::delineations::send;
use crate::divisions::ask;
use crate::world::*;

const SQUARE: &str = "{\"type\":\"Polygon\",\"coordinates\":[[[120.2,29.2],[120.3,29.2],[120.3,29.3],[120.2,29.3],[120.2,29.2]]]}";

/// Does something to the area that ends while the approval comes: done before the end, or refused with `reason`, as it is
/// ever after.
async fn done_or_refused<T: std::fmt::Debug + PartialEq>(
    land: &Land,
    pair: &Pair,
    reason: &str,
    act: impl AsyncFn(&str) -> Result<T, Status>,
) {
    let key = format!("race-{}", pair.round);
    match while_approved(land, pair, act(&key)).await {
        // The first answer is also given after the end.
        Ok(first) => assert_eq!(act(&key).await.unwrap(), first),
        Err(status) => {
            assert_eq!(refused::<()>(Err(status)), reason);
            assert_eq!(refused(act(&key).await), reason);
        }
    }
    let late = format!("late-{}", pair.round);
    assert_eq!(refused(act(&late).await), reason);
    assert!(!land.area(&pair.from).await.ended_on.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn service_rooms_are_checked_before_the_end_or_not_at_all() {
    each_end(async |land, pair| {
        let registry = land.registry();
        let check = async |key: &str| {
            let message = pb::CheckServiceRoomsRequest {
                area_id: pair.source_id().to_string(),
                permit_area: 6_843_250,
                measured_area: 6_843_250,
                built_rooms: 47_903,
                ..Default::default()
            };
            send!(registry, &authority(), key, check_service_rooms, message)
        };
        done_or_refused(land, pair, "AREA_ENDED", check).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boundary_is_set_before_the_end_or_not_at_all() {
    each_end(async |land, pair| {
        let registry = land.registry();
        let set = async |key: &str| {
            let message = pb::SetAreaBoundaryRequest {
                area_id: pair.source_id().to_string(),
                geojson: SQUARE.into(),
                valid_from_on: TODAY.into(),
            };
            ask!(registry, &authority(), key, set_area_boundary, message)
        };
        done_or_refused(land, pair, "AREA_ENDED", set).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_manager_is_assigned_before_the_end_or_not_at_all() {
    each_end(async |land, pair| {
        let (registry, firm) = (land.registry(), people::firm(manager()));
        let somebody = async |key: &str| {
            let message = pb::EmployStaffRequest {
                firm_id: manager().to_string(),
                name: "王五".into(),
                role: pb::StaffRole::ProjectManager.into(),
                mobile: String::new(),
                employed_on: "2025-01-01".into(),
            };
            let key = format!("{key}-{}", pair.round);
            let employed = call!(registry, firm_client.employ_staff, &firm, &key, message);
            employed.unwrap().staff_id
        };
        let (one, other) = (somebody("one").await, somebody("other").await);
        let assign = async |key: &str| {
            let staff_id = if key.starts_with("late") { &other } else { &one };
            let message = pb::AssignManagerRequest {
                staff_id: staff_id.clone(),
                area_id: pair.source_id().to_string(),
                assigned_on: TODAY.into(),
            };
            call!(registry, firm_client.assign_manager, &firm, key, message)
        };
        // Nobody manages an area that ended.
        done_or_refused(land, pair, "AREA_NOT_MANAGED", assign).await;
    })
    .await;
}
