//! What both public documents are made of: ordered JSON, schemas of messages, examples.

pub(crate) mod example;
pub(crate) mod field;
pub(crate) mod json;
pub(crate) mod schema;

/// The first sentence of a comment, without its full stop: a title for lists.
pub(crate) fn first_sentence(comment: &str) -> String {
    let text = comment
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace('\n', " ");
    let end = text.find(". ").unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_owned()
}

/// `proposeDraw` of `ProposeDraw`.
pub(crate) fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_sentence_and_keeps_numbers_with_points() {
        assert_eq!(
            first_sentence("Area in 0.01 m², by\nwhich a cost is split. More of it."),
            "Area in 0.01 m², by which a cost is split"
        );
        assert_eq!(first_sentence("One.\n\nTwo."), "One");
    }
}
