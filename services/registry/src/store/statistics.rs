//! What the database believes of its own tables.

use db::StoreError;
use sea_orm::ConnectionTrait;

use super::Tx;

/// Rows after which a table is another one than the database last looked at.
const ROWS_NEW: u32 = 1_000;

impl Tx {
    /// Lets PostgreSQL count the registers anew after so many rows were recorded: until it does so by itself, some minutes
    /// later, it plans for the empty tables that it knew, and reads whole tables for the homes of one owner.
    ///
    /// The last statement of a transaction: whoever else wants to count waits for the commit.
    ///
    /// # Errors
    /// As the statement.
    pub async fn count_registers(&self, recorded: u32) -> Result<(), StoreError> {
        if self.is_postgres() && recorded >= ROWS_NEW {
            let count = "ANALYZE firms, areas, buildings, homes, owners, ownerships, ownership_owners, equipment, \
                         inspections, parking_lots, parking_versions";
            self.connection().execute_unprepared(count).await?;
        }
        Ok(())
    }
}
