//! The city's divisions, from the list that is part of the repository. Loading them twice changes nothing.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm_migration::prelude::*;

use crate::store::entity::division;

/// Columns `code,name,level,parent`.
const DIVISIONS: &str = include_str!("../../../../../seeds/divisions/330783.csv");

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0002"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rows = rows()
            .map_err(|error| DbErr::Custom(format!("the list of divisions cannot be read: {error}")))?;
        let known = OnConflict::column(division::Column::Code).do_nothing().to_owned();
        db::insert_chunked(manager.get_connection(), rows, Some(known))
            .await
            .map_err(|error| DbErr::Custom(format!("divisions cannot be recorded: {error}")))?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .execute(Query::delete().from_table("divisions").to_owned())
            .await?;
        Ok(())
    }
}

fn rows() -> Result<Vec<division::ActiveModel>, csv::Error> {
    let mut reader = csv::Reader::from_reader(DIVISIONS.as_bytes());
    reader
        .deserialize::<(String, String, String, String)>()
        .map(|row| {
            let (code, name, level, parent) = row?;
            Ok(division::ActiveModel {
                code: Set(code),
                name: Set(name),
                level: Set(level),
                parent_code: Set(Some(parent).filter(|parent| !parent.is_empty())),
                // What later migrations added is theirs to fill.
                ..Default::default()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn the_list_has_407_divisions() {
        assert_eq!(super::rows().unwrap().len(), 407);
    }
}
