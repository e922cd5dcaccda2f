//! The few statements that are written by hand, because one of them does the work of thousands.

use db::OverRows;
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

/// Takes the owners of homes away: ids of homes. An array is looked up in the index whatever the planner believes of the
/// table; over a subquery it reads the whole of a table that has grown since it was planned.
pub(super) const TAKE_OWNERS: OverRows = OverRows {
    postgres: "DELETE FROM home_owners \
               WHERE home_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))",
    sqlite: "DELETE FROM home_owners WHERE home_id IN (SELECT unhex(value, '-') FROM json_each(?1))",
};

/// Gives homes owners: pairs of the ids of a home and of an owner of it.
pub(super) const GIVE_OWNERS: OverRows = OverRows {
    postgres: "INSERT INTO home_owners (home_id, owner_id) SELECT (pair->>0)::uuid, (pair->>1)::uuid \
               FROM jsonb_array_elements($1::jsonb) AS pair ON CONFLICT DO NOTHING",
    sqlite: "INSERT INTO home_owners (home_id, owner_id) \
             SELECT unhex(json_extract(value, '$[0]'), '-'), unhex(json_extract(value, '$[1]'), '-') \
             FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
};

/// Adds to many balances at once: `(account, change of the balance, change of the first deposit)`.
///
/// Both databases name the columns of a bare VALUES list `column1`, `column2`, …
pub(super) fn add_to_balances(backend: DbBackend, changes: &[(Uuid, i64, i64)]) -> Statement {
    let mut values: Vec<Value> = Vec::with_capacity(changes.len() * 3);
    let mut rows = String::with_capacity(changes.len() * 40);
    for (index, (account_id, balance, first_deposit)) in changes.iter().enumerate() {
        if index > 0 {
            rows.push(',');
        }
        match backend {
            // A bare parameter in a VALUES list is text to PostgreSQL.
            DbBackend::Postgres => {
                let next = index * 3;
                rows.push_str(&format!(
                    "(${}::uuid,${}::bigint,${}::bigint)",
                    next + 1,
                    next + 2,
                    next + 3
                ));
            }
            _ => rows.push_str("(?,?,?)"),
        }
        values.extend([
            Value::from(*account_id),
            Value::from(*balance),
            Value::from(*first_deposit),
        ]);
    }
    let text = format!(
        "UPDATE accounts SET balance = balance + v.column2, first_deposit = first_deposit + v.column3 \
         FROM (VALUES {rows}) AS v WHERE accounts.id = v.column1"
    );
    Statement::from_sql_and_values(backend, text, values)
}

/// Adds up an area by kind of account: balances, entries, and accounts where they disagree.
pub(super) fn trial_balance(backend: DbBackend, area_id: Uuid) -> Statement {
    let (first, second) = match backend {
        DbBackend::Postgres => ("$1", "$2"),
        _ => ("?", "?"),
    };
    // What is owed to a home is raised by a credit, which is negative.
    let text = format!(
        "SELECT a.kind AS kind, \
                CAST(COALESCE(SUM(e.total), 0) AS BIGINT) AS entries, \
                CAST(SUM(CASE WHEN a.balance = CASE a.kind WHEN 'bank' THEN COALESCE(e.total, 0) \
                    ELSE -COALESCE(e.total, 0) END THEN 0 ELSE 1 END) AS BIGINT) AS astray \
         FROM accounts a \
         LEFT JOIN (SELECT x.account_id AS account_id, SUM(x.amount) AS total FROM entries x \
                    JOIN accounts b ON b.id = x.account_id WHERE b.area_id = {first} GROUP BY x.account_id) e \
           ON e.account_id = a.id \
         WHERE a.area_id = {second} GROUP BY a.kind"
    );
    Statement::from_sql_and_values(backend, text, [area_id.into(), area_id.into()])
}
