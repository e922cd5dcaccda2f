//! What people type to find something: names, numbers, and addresses as they are said.

/// Longest door or number of a building that is looked for: a filing number is longer.
const PLACE_LENGTH_MAX: usize = 8;
/// Digits of a county-level division, with which every real-estate unit number begins, and two more.
const UNIT_PREFIX_MIN: usize = 8;
/// Digits of the place at the beginning of a unit number; two letters follow.
const UNIT_DIGITS: usize = 12;
/// Characters of a whole unit number.
pub const UNIT_LENGTH: usize = 28;

/// A search, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words of a name or number, each of which must occur.
    pub words: Vec<String>,
    /// The beginning of a real-estate unit number.
    pub unit_prefix: Option<String>,
    /// True where a word goes on after twelve digits with a letter, as no name, filing number or code of a firm does: only
    /// homes can be meant.
    pub means_home: bool,
    /// A building and what of it.
    pub place: Option<Place>,
}

/// Where in an area: `3幢1单元1502室`, `3-1-1502`, `3-1502`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Number of the building.
    pub building: String,
    /// Stairwell.
    pub stairwell: Option<String>,
    /// The beginning of the room's number.
    pub room: Option<String>,
}

impl Search {
    /// Understands what was typed.
    ///
    /// What is neither an address nor a unit number is a word; a word of digits only may be a number of both, so it
    /// counts as a word as well.
    pub fn understand(text: &str) -> Search {
        let mut search = Search::default();
        for word in text.split_whitespace() {
            if is_unit_prefix(word) {
                search.unit_prefix = Some(word.to_ascii_uppercase());
                search.means_home |= goes_on_as_unit_number(word);
                search.words.push(word.to_owned());
                continue;
            }
            let (name, place) = split_address(word);
            if !name.is_empty() {
                search.words.push(name.to_owned());
            }
            if place.is_some() {
                search.place = place;
            }
        }
        search
    }
}

fn is_unit_prefix(word: &str) -> bool {
    (UNIT_PREFIX_MIN..=UNIT_LENGTH).contains(&word.len())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
        && word.chars().take(UNIT_PREFIX_MIN).all(|c| c.is_ascii_digit())
}

/// Whether a beginning of a unit number reaches the letters behind the digits of the place.
fn goes_on_as_unit_number(word: &str) -> bool {
    let letter = word.chars().position(|c| !c.is_ascii_digit());
    letter == Some(UNIT_DIGITS)
}

/// Cuts the address off the end of a word: `湖畔花园3幢1502` is a name and a place.
fn split_address(word: &str) -> (&str, Option<Place>) {
    let begins = word
        .char_indices()
        .filter(|(at, character)| {
            let after_other = word
                .get(..*at)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|before| !is_place_character(before) && before != '-');
            is_place_character(*character) && after_other
        })
        .map(|(at, _)| at);
    for at in begins {
        let (name, rest) = word.split_at(at);
        if let Some(place) = place(rest) {
            return (name, Some(place));
        }
    }
    (word, None)
}

fn is_place_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// A place, where the whole text is one.
fn place(text: &str) -> Option<Place> {
    let Some((building, rest)) = marked(text, &["号楼", "幢", "栋"]) else {
        let (building, rest) = text.split_once('-')?;
        let (stairwell, room) = door(rest)?;
        return Some(Place {
            building: part(building)?,
            stairwell,
            room: Some(room),
        });
    };
    if rest.is_empty() {
        return Some(Place {
            building,
            stairwell: None,
            room: None,
        });
    }
    if let Some((stairwell, room)) = marked(rest, &["单元"]) {
        let room = if room.is_empty() {
            None
        } else {
            Some(room_number(room)?)
        };
        return Some(Place {
            building,
            stairwell: Some(stairwell),
            room,
        });
    }
    let (stairwell, room) = door(rest)?;
    Some(Place {
        building,
        stairwell,
        room: Some(room),
    })
}

/// A room, or a stairwell and a room: `1502室`, `1-1502`.
fn door(text: &str) -> Option<(Option<String>, String)> {
    match text.split_once('-') {
        Some((stairwell, room)) => Some((Some(part(stairwell)?), room_number(room)?)),
        None => Some((None, room_number(text)?)),
    }
}

fn room_number(text: &str) -> Option<String> {
    part(text.strip_suffix(['室', '号']).unwrap_or(text))
}

/// A number in front of one of the marks, and what follows the mark.
fn marked<'a>(text: &'a str, marks: &[&str]) -> Option<(String, &'a str)> {
    marks.iter().find_map(|mark| {
        let (number, rest) = text.split_once(mark)?;
        Some((part(number)?, rest))
    })
}

fn part(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= PLACE_LENGTH_MAX && text.chars().all(is_place_character);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(building: &str, stairwell: Option<&str>, room: Option<&str>) -> Option<Place> {
        Some(Place {
            building: building.into(),
            stairwell: stairwell.map(Into::into),
            room: room.map(Into::into),
        })
    }

    #[test]
    fn an_address_is_understood_as_it_is_said() {
        for (text, words, place) in [
            (
                "湖畔花园3幢1单元1502室",
                vec!["湖畔花园"],
                at("3", Some("1"), Some("1502")),
            ),
            (
                "湖畔花园 3-1-1502",
                vec!["湖畔花园"],
                at("3", Some("1"), Some("1502")),
            ),
            ("hphy 3-1502", vec!["hphy"], at("3", None, Some("1502"))),
            (
                "湖畔花园3幢1-1502",
                vec!["湖畔花园"],
                at("3", Some("1"), Some("1502")),
            ),
            ("湖畔花园3号楼1单元", vec!["湖畔花园"], at("3", Some("1"), None)),
            ("湖畔花园3号楼", vec!["湖畔花园"], at("3", None, None)),
            ("湖畔 A栋15", vec!["湖畔"], at("A", None, Some("15"))),
            ("3幢1502", vec![], at("3", None, Some("1502"))),
            ("湖畔花园二期", vec!["湖畔花园二期"], None),
            ("湖畔 2", vec!["湖畔", "2"], None),
            ("1-2-3-4", vec!["1-2-3-4"], None),
            ("幢", vec!["幢"], None),
            ("", vec![], None),
        ] {
            let search = Search::understand(text);
            assert_eq!(
                (&search.words, &search.place),
                (&words.iter().map(ToString::to_string).collect(), &place),
                "{text}"
            );
            assert_eq!(search.unit_prefix, None, "{text}");
        }
    }

    #[test]
    fn a_unit_number_is_known_by_its_beginning() {
        let search = Search::understand("330783004015gb00001f00010012");
        assert_eq!(
            search.unit_prefix.as_deref(),
            Some("330783004015GB00001F00010012")
        );
        assert_eq!(
            Search::understand("3307830").unit_prefix,
            None,
            "too short to tell homes apart"
        );
        assert!(search.means_home);
        // What a firm's code or a filing number may hold as well.
        for word in [
            "330783004015",
            "33078300401500001",
            "91330783MA2E400296",
            "91330783704012345X",
        ] {
            let search = Search::understand(word);
            assert!(search.unit_prefix.is_some() && !search.means_home, "{word}");
        }
        // A filing number of an area is no unit number.
        let search = Search::understand("330783004015-0001");
        assert_eq!(search.unit_prefix, None);
    }
}
