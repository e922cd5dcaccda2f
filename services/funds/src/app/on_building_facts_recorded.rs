//! The registry recorded a building's documents: from when warranties count, and for how long the structure's runs.

use ids::BuildingId;
use rpc::CallContext;

use super::App;
use crate::domain::warranty::BuildingFacts;
use crate::error::AppError;

impl App {
    /// Remembers what a building's documents say, as of this version of the building; what is known of a later version
    /// stays.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_building_facts_recorded(
        &self,
        ctx: &CallContext,
        building_id: BuildingId,
        version: i64,
        facts: BuildingFacts,
    ) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        tx.put_building_facts(building_id, version, facts).await?;
        Ok(tx.commit().await?)
    }
}
