//! Names as they are typed on a Latin keyboard: pinyin and its initials, kept beside the registers that are searched.

use db::StoreError;
use pinyin::ToPinyin;
use sea_orm::sea_query::{LikeExpr, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, ExprTrait};
use uuid::Uuid;

use super::entity::spelling::{ActiveModel, Column, Entity};

/// Keeps how these names are spelt, in place of what was kept of the same things.
///
/// # Errors
/// As the statements.
pub(super) async fn put(
    connection: &impl ConnectionTrait,
    names: impl IntoIterator<Item = (Uuid, &str)>,
) -> Result<(), StoreError> {
    let rows: Vec<ActiveModel> = names
        .into_iter()
        .map(|(id, name)| {
            let (pinyin, initials) = spell(name);
            ActiveModel {
                id: Set(id),
                pinyin: Set(pinyin),
                initials: Set(initials),
            }
        })
        .collect();
    let newer = OnConflict::column(Column::Id)
        .update_columns([Column::Pinyin, Column::Initials])
        .to_owned();
    db::insert_chunked(connection, rows, Some(newer)).await?;
    Ok(())
}

/// Ids of what is spelt so that this word occurs in its pinyin or initials, for a condition of another statement.
pub(super) fn spelt(word: &str) -> SelectStatement {
    let contains = || LikeExpr::new(pattern(&word.to_lowercase())).escape('\\');
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(
            Condition::any()
                .add(Column::Pinyin.into_expr().like(contains()))
                .add(Column::Initials.into_expr().like(contains())),
        )
        .to_owned()
}

/// A pattern that contains the text as it is: its own wildcards mean themselves.
pub(super) fn pattern(query: &str) -> String {
    let mut pattern = String::from("%");
    for character in query.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// A name in pinyin, and its initials.
fn spell(name: &str) -> (String, String) {
    let (mut pinyin, mut initials) = (String::new(), String::new());
    for character in name.chars() {
        match character.to_pinyin() {
            Some(syllable) => {
                // On a keyboard `ü` is `v`.
                pinyin.push_str(&syllable.plain().replace('ü', "v"));
                initials.push_str(syllable.first_letter());
            }
            None if character.is_alphanumeric() => {
                pinyin.extend(character.to_lowercase());
                initials.extend(character.to_lowercase());
            }
            // Blanks and brackets are not typed.
            None => {}
        }
    }
    (pinyin, initials)
}

#[cfg(test)]
mod tests {
    use super::spell;

    #[test]
    fn a_name_is_spelt_without_tones_blanks_and_brackets() {
        let spelt = |name: &str| spell(name);
        assert_eq!(spelt("湖畔花园"), ("hupanhuayuan".into(), "hphy".into()));
        assert_eq!(
            spelt("吕氏 A座（二期）"),
            ("lvshiazuoerqi".into(), "lsazeq".into())
        );
        assert_eq!(spelt("（）"), (String::new(), String::new()));
    }
}
