//! Reading the fields of a request once, at the edge: below it every id is typed and every text bounded.

use chrono::{DateTime, NaiveDate, Utc};
use ids::{Id, Kind};

/// A field that cannot be what it says.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{field}: {en}")]
pub struct Invalid {
    /// The field, in the JSON spelling.
    pub field: &'static str,
    /// Stable reason string.
    pub reason: &'static str,
    /// What is wrong and what cures it, in English.
    pub en: String,
    /// The same in Chinese, with the field.
    pub zh: String,
}

impl Invalid {
    /// A field in error.
    pub fn new(
        field: &'static str,
        reason: &'static str,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        Invalid {
            field,
            reason,
            en: en.into(),
            zh: format!("{field}：{}", zh.into()),
        }
    }
}

/// Reads an id; refuses with `ID_OF_OTHER_KIND` or `ID_MALFORMED`.
pub fn id<K: Kind>(field: &'static str, text: &str) -> Result<Id<K>, Invalid> {
    text.trim()
        .parse::<Id<K>>()
        .map_err(|error| Invalid::new(field, error.reason(), error.to_string(), error.zh()))
}

/// Reads an id that may be absent: an empty text is `None`.
pub fn optional_id<K: Kind>(field: &'static str, text: &str) -> Result<Option<Id<K>>, Invalid> {
    if text.trim().is_empty() {
        Ok(None)
    } else {
        id(field, text).map(Some)
    }
}

/// Reads several ids, at most `max`; each once, in order. Refuses more with `TOO_MANY_IDS`.
pub fn id_list<K: Kind>(field: &'static str, texts: &[String], max: usize) -> Result<Vec<Id<K>>, Invalid> {
    if texts.len() > max {
        return Err(Invalid::new(
            field,
            "TOO_MANY_IDS",
            format!("at most {max} ids are taken, {} were sent", texts.len()),
            format!("最多 {max} 个编号，收到 {} 个", texts.len()),
        ));
    }
    let mut list = texts
        .iter()
        .map(|text| id(field, text))
        .collect::<Result<Vec<_>, _>>()?;
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

/// Reads a text of 1 to `max` characters, trimmed; refuses with `missing` or `TEXT_TOO_LONG`.
pub fn text(field: &'static str, value: &str, max: usize, missing: &'static str) -> Result<String, Invalid> {
    let trimmed = optional_text(field, value, max)?;
    if trimmed.is_empty() {
        return Err(Invalid::new(field, missing, "must not be empty", "不能为空"));
    }
    Ok(trimmed)
}

/// Reads a text of at most `max` characters, trimmed; refuses control characters and more with a reason.
pub fn optional_text(field: &'static str, value: &str, max: usize) -> Result<String, Invalid> {
    let trimmed = value.trim();
    let length = trimmed.chars().count();
    if length > max {
        return Err(Invalid::new(
            field,
            "TEXT_TOO_LONG",
            format!("has {length} characters, at most {max} are taken"),
            format!("共 {length} 个字符，最多 {max} 个"),
        ));
    }
    if trimmed
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r')
    {
        return Err(Invalid::new(
            field,
            "TEXT_MALFORMED",
            "holds control characters",
            "含有控制字符",
        ));
    }
    Ok(trimmed.to_owned())
}

/// Reads a day as `2026-11-22`; refuses with `DATE_MALFORMED`.
pub fn date(field: &'static str, value: &str) -> Result<NaiveDate, Invalid> {
    NaiveDate::parse_from_str(value.trim(), "%Y-%m-%d").map_err(|_| {
        Invalid::new(
            field,
            "DATE_MALFORMED",
            "must be a day such as 2026-11-22",
            "日期格式应如 2026-11-22",
        )
    })
}

/// Reads an instant that must be there, from seconds and nanoseconds; refuses with `TIME_MISSING` or `TIME_MALFORMED`.
pub fn instant(field: &'static str, value: Option<(i64, i32)>) -> Result<DateTime<Utc>, Invalid> {
    let (seconds, nanos) = value.ok_or_else(|| {
        Invalid::new(
            field,
            "TIME_MISSING",
            "must be given, such as 2026-11-22T08:00:00Z",
            "必须填写时间",
        )
    })?;
    u32::try_from(nanos)
        .ok()
        .and_then(|nanos| DateTime::from_timestamp(seconds, nanos))
        .ok_or_else(|| Invalid::new(field, "TIME_MALFORMED", "is not a time", "时间无效"))
}

/// Reads an enum that must be said; `None` (unknown number) or the unspecified value refuse with `missing`.
pub fn choice<T: PartialEq>(
    field: &'static str,
    value: Option<T>,
    unspecified: T,
    missing: &'static str,
) -> Result<T, Invalid> {
    value.filter(|value| *value != unspecified).ok_or_else(|| {
        Invalid::new(
            field,
            missing,
            "must be one of the listed values",
            "必须是所列取值之一",
        )
    })
}
