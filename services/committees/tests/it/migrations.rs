//! Rolls and votes from before voters were kept: owners stay voters, votes stay their owners' and developers' own.

use committees::Committees;
use db::Database;
use hosting::host::migrate;
use hosting::{Host, Parts, Service};
use outbox::Store;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sea_orm_migration::MigrationTrait;
use testkit::World;

/// The service as it was before the voters.
struct Before;

#[async_trait::async_trait]
impl Service for Before {
    const NAME: &'static str = "committees";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let all = committees::store::migrations::all().into_iter();
        all.take_while(|migration| migration.name() < "committees_m0010")
            .collect()
    }

    async fn assemble(_: &Host, _: Store) -> anyhow::Result<Parts> {
        anyhow::bail!("only its tables are wanted")
    }
}

/// The id that ends in this digit, as the database writes one.
fn id(backend: DbBackend, digit: u8) -> String {
    let id = uuid::Uuid::from_u128(u128::from(digit));
    match backend {
        DbBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    }
}

#[tokio::test]
async fn owners_of_older_rolls_become_voters_and_votes_keep_their_capacity() {
    for backend in testkit::backends().await {
        let mut world = World::new(backend).await;
        let config = world.service_config().await;
        migrate::<Before>(&config).await.unwrap();
        let database = Database::connect(&config.database).await.unwrap();
        let kind = database.backend();
        let [ballot, owner, firm, first, second] = [1, 2, 3, 4, 5].map(|digit| id(kind, digit));
        for statement in [
            format!(
                "INSERT INTO roll_heads (ballot_id, head_key, area, homes, owner_ids, developer_id) VALUES \
                 ({ballot}, 'a', 10000, '[]', '[]', NULL), ({ballot}, 'd', 10000, '[]', '[]', {firm})"
            ),
            format!(
                "INSERT INTO roll_owners (ballot_id, owner_id, head_key) VALUES ({ballot}, {owner}, 'a')"
            ),
            format!(
                "INSERT INTO votes (id, ballot_id, head_key, choice, voter, voter_owner_id, area, cast_at) VALUES \
                 ({first}, {ballot}, 'a', 'for', 'x', {owner}, 10000, '2026-03-02 01:00:00+00:00'), \
                 ({second}, {ballot}, 'd', 'for', 'y', NULL, 10000, '2026-03-02 01:00:00+00:00')"
            ),
        ] {
            database.writer().execute_unprepared(&statement).await.unwrap();
        }
        database.close().await;

        migrate::<Committees>(&config).await.unwrap();
        let database = Database::connect(&config.database).await.unwrap();
        let count = async |condition: String| -> i64 {
            let statement = Statement::from_string(kind, format!("SELECT COUNT(*) FROM {condition}"));
            let row = database.writer().query_one_raw(statement).await.unwrap();
            row.unwrap().try_get_by_index(0).unwrap()
        };
        let voters =
            format!("roll_voters WHERE voter_id = {owner} AND head_key = 'a' AND capacity = 'owner'");
        assert_eq!(count(voters).await, 1);
        assert_eq!(count("roll_voters".into()).await, 1, "a developer is no person");
        for (key, capacity) in [("a", "owner"), ("d", "developer")] {
            let votes = format!("votes WHERE head_key = '{key}' AND capacity = '{capacity}'");
            assert_eq!(count(votes).await, 1, "{key}");
        }
        assert_eq!(count("roll_heads WHERE voters IS NULL".into()).await, 2);
        database.close().await;
    }
}
