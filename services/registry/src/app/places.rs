//! Where things lie after mergers of divisions. A record keeps the code it was made under; whose territory it is today
//! follows from the mergers, so the officers of a surviving division act on the records of those that ended in it.

use access::{Principal, Resource};
use ids::DivisionCode;

use super::{App, sight_of};
use crate::error::AppError;
use crate::store::areas::Sight;
use crate::store::{Readable, divisions};

impl App {
    /// The resource with the divisions that took over the one it lies in.
    pub(super) async fn in_present_place(
        &self,
        connection: &impl Readable,
        resource: Resource,
    ) -> Result<Resource, AppError> {
        if resource.division.is_none() {
            return Ok(resource);
        }
        let mergers = divisions::mergers(connection).await?;
        Ok(resource.placed(&mergers, self.today()))
    }

    /// Which areas the caller sees in a list, with those of divisions that ended in the caller's own.
    pub(super) async fn sight(
        &self,
        connection: &impl Readable,
        actor: &Principal,
    ) -> Result<Sight, AppError> {
        let mut sight = sight_of(actor);
        if let Some(&jurisdiction) = sight.divisions.first() {
            sight.divisions = self.with_predecessors(connection, jurisdiction).await?;
        }
        Ok(sight)
    }

    /// The division and those that lie in it today only because of mergers.
    pub(super) async fn with_predecessors(
        &self,
        connection: &impl Readable,
        division: DivisionCode,
    ) -> Result<Vec<DivisionCode>, AppError> {
        let mergers = divisions::mergers(connection).await?;
        Ok(mergers.territory(division, self.today()))
    }
}
