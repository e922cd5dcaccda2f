//! Pages of a list: size and an opaque token that holds the last key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::field::Invalid;

/// Items on a page where the request does not say.
pub const PAGE_SIZE_DEFAULT: u64 = 100;
/// Most items on a page: keeps an answer far below the message limit.
pub const PAGE_SIZE_MAX: u64 = 500;

/// A page that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Items on it, 1 to 500.
    pub size: u64,
    /// Key of the last item of the page before; `None` for the first.
    pub after: Option<String>,
}

impl Page {
    /// Reads `page_size` and `page_token`; refuses with `PAGE_SIZE_INVALID` or `PAGE_TOKEN_INVALID`.
    pub fn parse(size: i32, token: &str) -> Result<Self, Invalid> {
        let size = match u64::try_from(size) {
            Ok(0) => PAGE_SIZE_DEFAULT,
            Ok(size) if size <= PAGE_SIZE_MAX => size,
            _ => {
                return Err(Invalid::new(
                    "pageSize",
                    "PAGE_SIZE_INVALID",
                    format!("must be 1 to {PAGE_SIZE_MAX}, or 0 for {PAGE_SIZE_DEFAULT}"),
                    format!("应为 1 至 {PAGE_SIZE_MAX}，0 表示 {PAGE_SIZE_DEFAULT}"),
                ));
            }
        };
        let after = if token.is_empty() {
            None
        } else {
            let key = URL_SAFE_NO_PAD
                .decode(token)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            Some(key.ok_or_else(|| {
                Invalid::new(
                    "pageToken",
                    "PAGE_TOKEN_INVALID",
                    "is not one that we sent",
                    "不是本系统返回的分页标记",
                )
            })?)
        };
        Ok(Page { size, after })
    }

    /// How many rows to read: one more than asked, to know whether a next page exists.
    pub fn limit(&self) -> u64 {
        self.size + 1
    }

    /// Cuts the one row too many and returns the token of the next page, empty at the end.
    pub fn next<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> String) -> String {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return String::new();
        }
        rows.truncate(size);
        rows.last()
            .map(|last| URL_SAFE_NO_PAD.encode(key(last)))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_leads_to_the_next_page_and_the_last_page_has_none() {
        let first = Page::parse(2, "").unwrap();
        let mut rows = vec!["a", "b", "c"];
        let token = first.next(&mut rows, ToString::to_string);
        assert_eq!(rows, ["a", "b"]);
        let second = Page::parse(2, &token).unwrap();
        assert_eq!(second.after.as_deref(), Some("b"));
        assert_eq!(second.next(&mut vec!["c"], ToString::to_string), "");
    }

    #[test]
    fn sizes_out_of_range_and_foreign_tokens_are_refused() {
        assert_eq!(Page::parse(-1, "").unwrap_err().reason, "PAGE_SIZE_INVALID");
        assert_eq!(Page::parse(501, "").unwrap_err().reason, "PAGE_SIZE_INVALID");
        assert_eq!(Page::parse(0, "%%%").unwrap_err().reason, "PAGE_TOKEN_INVALID");
    }
}
