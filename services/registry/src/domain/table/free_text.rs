//! Texts that people write freely, as cells hold them: a spreadsheet that opens a CSV runs what begins like a formula.

/// What a formula begins with.
pub const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// Stands before a text that begins like a formula. A text that begins so itself gets another one, so none is lost.
const GUARD: char = '\'';

/// A text as a cell holds it: `-1层` as `'-1层`.
pub fn guarded(text: &str) -> String {
    if text.trim_start_matches(GUARD).starts_with(FORMULA) {
        format!("{GUARD}{text}")
    } else {
        text.to_owned()
    }
}

/// The text that a cell holds; none where it begins as a formula would.
pub fn unguarded(cell: &str) -> Option<&str> {
    if cell.starts_with(FORMULA) {
        return None;
    }
    match cell.strip_prefix(GUARD) {
        Some(text) if text.trim_start_matches(GUARD).starts_with(FORMULA) => Some(text),
        Some(_) | None => Some(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_no_cell_begins_like_a_formula() {
        for text in ["", "大堂", "-1层", "'-1层", "''=1+1", "'大堂", "@", "'", "1-2"] {
            let cell = guarded(text);
            assert!(!cell.starts_with(FORMULA), "{cell}");
            assert_eq!(unguarded(&cell), Some(text));
        }
        assert_eq!(unguarded("-1层"), None);
    }
}
