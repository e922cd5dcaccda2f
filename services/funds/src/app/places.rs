//! Where things lie after mergers of divisions. A record keeps the code it was made under; whose territory it is today
//! follows from the mergers, so the officers of a surviving division act on the draws of those that ended in it.

use access::Resource;
use calendar::today;
use ids::DivisionCode;

use super::App;
use crate::error::AppError;
use crate::store::{Connection, reads};

impl App {
    /// The resource with the divisions that took over the one it lies in.
    pub(super) async fn in_present_place(
        &self,
        connection: &impl Connection,
        resource: Resource,
    ) -> Result<Resource, AppError> {
        let mergers = reads::mergers(connection).await?;
        Ok(resource.placed(&mergers, today(self.clock.now())))
    }

    /// The division and those that lie in it today only because of mergers.
    pub(super) async fn territory(
        &self,
        connection: &impl Connection,
        division: DivisionCode,
    ) -> Result<Vec<DivisionCode>, AppError> {
        let mergers = reads::mergers(connection).await?;
        Ok(mergers.territory(division, today(self.clock.now())))
    }
}
