//! Migrations of the registry's tables.

mod m0001_registry;
mod m0002_divisions;
mod m0003_set_ups;
mod m0010_contracts;
mod m0020_divisions_in_time;
mod m0021_delineations;
mod m0022_boundaries;
mod m0030_owners_in_full;
mod m0031_public_rolls;
mod m0040_firm_people;
mod m0041_rosters;
mod m0042_building_parts;
mod m0050_imports;
mod m0051_export_looks;
mod m0060_fee_standards;
mod m0070_spellings;
mod m0080_regroupings;
mod m0090_area_managers;
mod m0091_versions;
mod m0092_export_looks_of_buildings;
mod m0093_adjustments_of_ballots;
mod m0094_looks_at_staff;
mod m0099_export_look_people;

use sea_orm_migration::MigrationTrait;

/// All of them, in order; those of the outbox come before.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_registry::Migration),
        Box::new(m0002_divisions::Migration),
        Box::new(m0003_set_ups::Migration),
        Box::new(m0010_contracts::Migration),
        Box::new(m0020_divisions_in_time::Migration),
        Box::new(m0021_delineations::Migration),
        Box::new(m0022_boundaries::Migration),
        Box::new(m0030_owners_in_full::Migration),
        Box::new(m0031_public_rolls::Migration),
        Box::new(m0040_firm_people::Migration),
        Box::new(m0041_rosters::Migration),
        Box::new(m0042_building_parts::Migration),
        Box::new(m0050_imports::Migration),
        Box::new(m0051_export_looks::Migration),
        Box::new(m0060_fee_standards::Migration),
        Box::new(m0070_spellings::Migration),
        Box::new(m0080_regroupings::Migration),
        Box::new(m0090_area_managers::Migration),
        Box::new(m0091_versions::Migration),
        Box::new(m0092_export_looks_of_buildings::Migration),
        Box::new(m0093_adjustments_of_ballots::Migration),
        Box::new(m0094_looks_at_staff::Migration),
        Box::new(m0099_export_look_people::Migration),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
    use sea_orm_migration::MigratorTrait;

    use super::*;

    struct Migrator;

    impl MigratorTrait for Migrator {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            all()
        }
    }

    /// Rows of one column, as text, in the order of the statement.
    async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<Option<String>> {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn what_stood_before_its_history_was_kept_gets_an_opening_row() {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let connection = Database::connect(options).await.unwrap();
        let names: Vec<_> = all()
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect();
        let before = names.iter().position(|name| name == "registry_m0090").unwrap();
        Migrator::up(&connection, Some(u32::try_from(before).unwrap()))
            .await
            .unwrap();
        for sql in [
            "INSERT INTO areas (id, number, name, division_code, manager_id, version) VALUES \
             (x'01', 'a', 'a', '330783004015', x'0a', 3), (x'02', 'b', 'b', '330783004015', x'0a', 1), \
             (x'03', 'c', 'c', '330783004015', NULL, 1)",
            "INSERT INTO contracts (id, version, area_id, division_code, firm_id, kind, state, from_on, detail) VALUES \
             (x'01', 2, x'01', '330783004015', x'0a', 'ordinary', 'effective', '2026-03-01', '{}'), \
             (x'02', 2, x'02', '330783004015', x'0a', 'ordinary', 'ended', '2020-03-01', '{}')",
            "INSERT INTO delineations (id, version, division_code, developer_id, state, area_id, detail) VALUES \
             (x'01', 5, '330783004015', x'0b', 'approved', x'03', \
             '{\"stage\":{\"approved\":{\"on\":\"2026-02-01\"}}}')",
            "INSERT INTO firms (id, credit_code, name, kind, version, address, filed_on, filing_number) VALUES \
             (x'0a', '1', 'a', 'property', 2, '东阳', '2026-01-05', '1'), (x'0b', '2', 'b', 'developer', 1, '', NULL, NULL)",
            "INSERT INTO certificates (id, firm_id, holder_id, kind, number_sealed, number_index, number_shown, issued_by, \
             valid_from, valid_until, standing, version) VALUES \
             (x'01', x'0a', x'0a', 'k', '', '1', '1', '', '2024-01-01', '2027-01-01', 'valid', 1), \
             (x'02', x'0a', x'0a', 'k', '', '2', '2', '', '2024-01-01', '2027-01-01', 'withdrawn', 2)",
            "INSERT INTO parking_lots (id, area_id, kind, name, spaces, leased, numbers, version) VALUES \
             (x'01', x'01', 'planned', 'p', 120, 80, '', 2)",
        ] {
            // Ids as databases keep them have 16 bytes.
            let sql = sql.replace("x'", &format!("x'{}", "00".repeat(15)));
            connection.execute_unprepared(&sql).await.unwrap();
        }
        Migrator::up(&connection, None).await.unwrap();

        let text = |words: &str| Some(words.to_owned());
        let since = "SELECT since FROM area_managers ORDER BY area_id";
        assert_eq!(texts(&connection, since).await, [text("2026-03-01"), None, None]);
        let registered = "SELECT registered_on FROM areas ORDER BY id";
        assert_eq!(
            texts(&connection, registered).await,
            [None, None, text("2026-02-01")]
        );
        let firms = "SELECT address || version || coalesce(since, '') FROM firm_versions ORDER BY firm_id";
        assert_eq!(
            texts(&connection, firms).await,
            [text("东阳22026-01-05"), text("1")]
        );
        let certificates = "SELECT valid_until || is_withdrawn FROM certificate_versions ORDER BY version";
        let expected = [text("2027-01-010"), text("2027-01-011")];
        assert_eq!(texts(&connection, certificates).await, expected);
        let parking = "SELECT spaces || '/' || leased FROM parking_versions WHERE since IS NULL";
        assert_eq!(texts(&connection, parking).await, [text("120/80")]);
        Migrator::down(&connection, Some(6)).await.unwrap();
        assert!(
            connection
                .execute_unprepared("SELECT 1 FROM area_managers")
                .await
                .is_err()
        );
    }
}
