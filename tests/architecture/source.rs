//! Just enough of Rust's grammar: what is code, what is test code, and which paths the code names.

/// A path that code names, such as `rpc::Kind` or `crate::domain::draw::Draw`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePath {
    /// Line, from 1.
    pub line: usize,
    /// Its segments; `*` at the end of a glob.
    pub segments: Vec<String>,
    /// True where it stands in a `use`.
    pub is_use: bool,
}

/// The text with comments and the insides of literals blanked; lines stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => block_end(&chars, at),
            '"' => string_end(&chars, at),
            'r' if !after_name(&chars, at) => raw_end(&chars, at).unwrap_or(at),
            '\'' => char_end(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

fn after_name(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw string too, so a `b` that begins a word does not count as a name.
    let before = |back: usize| {
        at.checked_sub(back)
            .map(|i| chars[i])
            .is_some_and(|c| c.is_alphanumeric() || c == '_')
    };
    before(1) && (chars[at - 1] != 'b' || before(2))
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..]
        .iter()
        .position(|c| *c == '\n')
        .map_or(chars.len(), |length| at + length)
}

fn block_end(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return None;
    }
    let closes = |i: usize| {
        chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let start = at + 2 + hashes;
    Some(
        (start..chars.len())
            .find(|i| closes(*i))
            .map_or(chars.len(), |i| i + 1 + hashes),
    )
}

fn char_end(chars: &[char], at: usize) -> Option<usize> {
    // A lifetime has no closing quote two places on.
    match chars.get(at + 1)? {
        '\\' => (at + 3..(at + 12).min(chars.len()))
            .find(|i| chars[*i] == '\'')
            .map(|i| i + 1),
        _ if chars.get(at + 2) == Some(&'\'') => Some(at + 3),
        _ => None,
    }
}

/// Code (as from [`code`]) with every item under `#[cfg(test)]` blanked.
pub fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let after = start + "#[cfg(test)]".len();
        let end = item_end(&out, after);
        let blank: String = out[start..end]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// Where the item that begins at `at` ends: at its semicolon, or where its braces close.
fn item_end(code: &str, at: usize) -> usize {
    let mut depth = 0;
    for (offset, c) in code[at..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return at + offset + 1;
                }
            }
            ';' if depth == 0 => return at + offset + 1,
            _ => {}
        }
    }
    code.len()
}

/// A word or a mark of the code, with its line.
struct Token<'a> {
    line: usize,
    text: &'a str,
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_alphanumeric() || c == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        if c == '\n' {
            line += 1;
        } else if !c.is_whitespace() {
            found.push(Token {
                line,
                text: &rest[..length],
            });
        }
        rest = &rest[length..];
    }
    found
}

/// Every path of two segments or more that code (as from [`code`]) names; groups in braces are taken apart.
pub fn paths(code: &str) -> Vec<CodePath> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut is_use = false;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "use" => is_use = true,
            ";" => is_use = false,
            word if is_name(word) && (at == 0 || !matches!(tokens[at - 1].text, "::" | "." | "'")) => {
                let mut segments = Vec::new();
                at = path(&tokens, at, &mut segments, is_use, &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads the path that begins at `at`; returns where it ends.
fn path(
    tokens: &[Token<'_>],
    mut at: usize,
    prefix: &mut Vec<String>,
    is_use: bool,
    out: &mut Vec<CodePath>,
) -> usize {
    let depth = prefix.len();
    let line = tokens[at].line;
    loop {
        match tokens.get(at).map(|token| token.text) {
            Some(word) if is_name(word) || word == "*" => {
                prefix.push(word.to_owned());
                at += 1;
            }
            Some("{") => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match token.text {
                        "}" => {
                            at += 1;
                            break;
                        }
                        word if is_name(word) && word != "as" => at = path(tokens, at, prefix, is_use, out),
                        "*" => at = path(tokens, at, prefix, is_use, out),
                        "as" => at += 2,
                        _ => at += 1,
                    }
                }
                prefix.truncate(depth);
                return at;
            }
            _ => break,
        }
        let more = tokens.get(at).is_some_and(|token| token.text == "::")
            && tokens
                .get(at + 1)
                .is_some_and(|next| is_name(next.text) || matches!(next.text, "{" | "*"));
        if !more {
            break;
        }
        at += 1;
    }
    if prefix.len() > 1 || is_use {
        out.push(CodePath {
            line,
            segments: prefix.clone(),
            is_use,
        });
    }
    prefix.truncate(depth);
    at.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        paths(&code(text))
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = "let a = \"f64 // no\"; // f64\n/* f64 /* f64 */ */ let b = r#\"f64\"#; let c = '\"'; let d: &'a f64;";
        assert_eq!(code(text).matches("f64").count(), 1);
        assert_eq!(code(text).lines().count(), 2);
    }

    #[test]
    fn code_under_cfg_test_is_taken_out_and_what_follows_stays() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { x.unwrap() } }\nfn c() {}\n#[cfg(test)]\nuse d;\nfn e() {}";
        let left = without_tests(&code(text));
        assert!(!left.contains("unwrap") && !left.contains("use d"));
        assert!(left.contains("fn a") && left.contains("fn c") && left.contains("fn e"));
    }

    #[test]
    fn groups_of_a_use_are_taken_apart() {
        assert_eq!(
            named("use rpc::{Kind, page::{self, Page as P}, *};"),
            ["rpc::Kind", "rpc::page::self", "rpc::page::Page", "rpc::*"]
        );
    }

    #[test]
    fn paths_outside_a_use_are_found_and_fields_are_not() {
        assert_eq!(
            named("fn f() { sea_orm::Set(a.b); Vec::<u8>::new(); x.y::<Z>() }"),
            ["sea_orm::Set"]
        );
    }
}
