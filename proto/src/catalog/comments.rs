//! The comments of the protos, found by file and path.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::FileDescriptor;

use super::descriptor_pool;

/// What the proto says right above an element: Markdown, without the comment signs and the space behind them.
///
/// `path` is what a descriptor's `path()` returns.
pub fn comment(file: &FileDescriptor, path: &[i32]) -> Option<&'static str> {
    static COMMENTS: LazyLock<HashMap<(String, Vec<i32>), String>> = LazyLock::new(read);
    COMMENTS
        .get(&(file.name().to_owned(), path.to_vec()))
        .map(String::as_str)
}

fn read() -> HashMap<(String, Vec<i32>), String> {
    let mut comments = HashMap::new();
    for file in descriptor_pool().files() {
        let Some(info) = &file.file_descriptor_proto().source_code_info else {
            continue;
        };
        for location in &info.location {
            if let Some(text) = &location.leading_comments {
                comments.insert((file.name().to_owned(), location.path.clone()), clean(text));
            }
        }
    }
    comments
}

fn clean(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n").trim().to_owned()
}
