//! Reading by many ids at once.

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, DbBackend, prelude::Uuid};

use crate::StoreError;

/// The condition that a column of ids holds one of these, however many they are: they are one parameter, so the statement
/// is prepared once.
///
/// PostgreSQL looks each of them up in the column's index. Where it is told how many there are, in a list of parameters,
/// it reads the whole table instead as soon as a thousand ids are asked for, and as long as it has not counted a table
/// that has just been filled.
pub fn one_of<C: ColumnTrait>(
    backend: DbBackend,
    column: C,
    ids: impl IntoIterator<Item = Uuid>,
) -> SimpleExpr {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        list.push('"');
        list.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        list.push('"');
    }
    list.push(']');
    let text = match backend {
        DbBackend::Postgres => "$1 = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid))",
        _ => "? IN (SELECT unhex(value, '-') FROM json_each(?))",
    };
    Expr::cust_with_exprs(text, [Expr::col(column.as_column_ref()), Expr::value(list)])
}

/// The same of a column of texts.
///
/// # Errors
/// `Corrupt` where a text cannot be written as JSON.
pub fn one_of_texts<C: ColumnTrait>(
    backend: DbBackend,
    column: C,
    texts: &[String],
) -> Result<SimpleExpr, StoreError> {
    let list = serde_json::to_string(texts)?;
    let text = match backend {
        DbBackend::Postgres => "$1 = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))",
        _ => "? IN (SELECT value FROM json_each(?))",
    };
    Ok(Expr::cust_with_exprs(
        text,
        [Expr::col(column.as_column_ref()), Expr::value(list)],
    ))
}
