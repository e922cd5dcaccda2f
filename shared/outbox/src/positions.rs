//! How far a replica has come with each aggregate, looked up and moved for a whole batch of events at once.

use std::collections::HashMap;

use db::{OverRows, StoreError};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::Serialize;

use crate::{Incoming, Tx};

/// Where an event stands beside what a replica has of its aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The next version: it takes effect now.
    Next,
    /// It took effect before, and there is nothing left to do.
    Known,
    /// A version between is still to come: it is delivered again later.
    Early {
        /// The version that should come next.
        expected: i64,
    },
}

/// What is known of an aggregate: the version that the table holds, none where it has no row, and the one after the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    was: Option<i64>,
    becomes: i64,
}

/// A position as the statements read it.
#[derive(Serialize)]
struct Move<'a> {
    aggregate: &'a str,
    was: i64,
    becomes: i64,
}

const FIND: OverRows = OverRows {
    postgres: "SELECT aggregate, version FROM positions WHERE consumer = $2 \
               AND aggregate IN (SELECT jsonb_array_elements_text($1::jsonb))",
    sqlite: "SELECT aggregate, version FROM positions WHERE consumer = ?2 \
             AND aggregate IN (SELECT value FROM json_each(?1))",
};

const MOVE: OverRows = OverRows {
    postgres: "UPDATE positions SET version = m.becomes \
               FROM jsonb_to_recordset($1::jsonb) AS m(aggregate text, was bigint, becomes bigint) \
               WHERE consumer = $2 AND positions.aggregate = m.aggregate AND positions.version = m.was",
    // The one writer reads and moves: nobody comes between. An UPDATE over json_each would read the rows once for each
    // position, and a SELECT without WHERE before ON CONFLICT is a join to SQLite.
    sqlite: "INSERT INTO positions (consumer, aggregate, version) \
             SELECT ?2, json_extract(value, '$.aggregate'), json_extract(value, '$.becomes') \
             FROM json_each(?1) WHERE true \
             ON CONFLICT (consumer, aggregate) DO UPDATE SET version = excluded.version",
};

const BEGIN: OverRows = OverRows {
    postgres: "INSERT INTO positions (consumer, aggregate, version) SELECT $2, m.aggregate, m.becomes \
               FROM jsonb_to_recordset($1::jsonb) AS m(aggregate text, becomes bigint) ON CONFLICT DO NOTHING",
    sqlite: "INSERT INTO positions (consumer, aggregate, version) \
             SELECT ?2, json_extract(value, '$.aggregate'), json_extract(value, '$.becomes') \
             FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
};

impl Tx {
    /// For a replica that follows every version of an aggregate: where each event of a batch stands, in the order of
    /// the batch. The positions of those that are `Next` are moved in this transaction.
    ///
    /// Batches of one replica follow each other, whichever process they are in: the second waits here for the commit
    /// of the first, and sees what it did.
    ///
    /// # Errors
    /// `Conflict` where somebody who does not take turns moved a position at the same moment; else as the statements.
    pub async fn next_versions<'a>(
        &self,
        events: impl IntoIterator<Item = &'a Incoming>,
    ) -> Result<Vec<Standing>, StoreError> {
        let events: Vec<&Incoming> = events.into_iter().collect();
        let Some(consumer) = events.first().map(|event| event.consumer.as_str()) else {
            return Ok(Vec::new());
        };
        debug_assert!(
            events.iter().all(|event| event.consumer == consumer),
            "a batch is one consumer's"
        );
        self.take_turn(consumer).await?;
        let mut positions = self.positions(consumer, &events).await?;
        let standings = events
            .iter()
            .map(|event| judge(&mut positions, &event.aggregate, event.version))
            .collect();
        self.move_positions(consumer, &positions).await?;
        Ok(standings)
    }

    /// Waits for the batch before; on SQLite writers wait for each other anyway.
    async fn take_turn(&self, consumer: &str) -> Result<(), StoreError> {
        if self.is_postgres() {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            let name = Value::from(format!("replica/{consumer}"));
            self.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, [name]))
                .await?;
        }
        Ok(())
    }

    async fn positions(
        &self,
        consumer: &str,
        events: &[&Incoming],
    ) -> Result<HashMap<String, Position>, StoreError> {
        let mut aggregates: Vec<&str> = events.iter().map(|event| event.aggregate.as_str()).collect();
        aggregates.sort_unstable();
        aggregates.dedup();
        let find = FIND.statement(self.get_database_backend(), &aggregates, [consumer.into()])?;
        let mut positions = HashMap::with_capacity(aggregates.len());
        for row in self.query_all_raw(find).await? {
            let version: i64 = row.try_get("", "version")?;
            let position = Position {
                was: Some(version),
                becomes: version,
            };
            positions.insert(row.try_get("", "aggregate")?, position);
        }
        Ok(positions)
    }

    async fn move_positions(
        &self,
        consumer: &str,
        positions: &HashMap<String, Position>,
    ) -> Result<(), StoreError> {
        let (mut known, mut new) = (Vec::new(), Vec::new());
        for (aggregate, position) in positions {
            let list = match position.was {
                Some(was) if was == position.becomes => continue,
                None if position.becomes == 0 => continue,
                Some(_) => &mut known,
                None => &mut new,
            };
            list.push(Move {
                aggregate,
                was: position.was.unwrap_or_default(),
                becomes: position.becomes,
            });
        }
        for (statement, mut moves) in [(MOVE, known), (BEGIN, new)] {
            if moves.is_empty() {
                continue;
            }
            // Whoever does not take turns meets the rows in one order at least.
            moves.sort_unstable_by_key(|moved| moved.aggregate);
            let statement = statement.statement(self.get_database_backend(), &moves, [consumer.into()])?;
            let done = self.execute_raw(statement).await?;
            if usize::try_from(done.rows_affected()).ok() != Some(moves.len()) {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }
}

fn judge(positions: &mut HashMap<String, Position>, aggregate: &str, version: i64) -> Standing {
    let known = positions.get(aggregate).map_or(0, |position| position.becomes);
    if version <= known {
        return Standing::Known;
    }
    if version > known + 1 {
        return Standing::Early { expected: known + 1 };
    }
    positions
        .entry(aggregate.to_owned())
        .or_insert(Position {
            was: None,
            becomes: 0,
        })
        .becomes = version;
    Standing::Next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_of_a_batch_is_judged_by_those_before_it() {
        let known = Position {
            was: Some(4),
            becomes: 4,
        };
        let mut positions = HashMap::from([("a".to_owned(), known)]);
        let batch = [
            ("a", 4, Standing::Known),
            ("a", 5, Standing::Next),
            ("b", 2, Standing::Early { expected: 1 }),
            ("a", 7, Standing::Early { expected: 6 }),
            ("b", 1, Standing::Next),
            ("a", 6, Standing::Next),
            ("a", 5, Standing::Known),
            ("b", 1, Standing::Known),
        ];
        for (aggregate, version, standing) in batch {
            assert_eq!(
                judge(&mut positions, aggregate, version),
                standing,
                "{aggregate} {version}"
            );
        }
        assert_eq!(positions["a"].becomes, 6);
        assert_eq!((positions["b"].was, positions["b"].becomes), (None, 1));
    }
}
