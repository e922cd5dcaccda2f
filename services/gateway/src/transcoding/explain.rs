//! Why a request cannot be mapped, in words that name the field: the transcoder knows it only in a parser's words.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use proto::catalog::Call;
use serde_json::{Map, Value};
use tonic::Code;

use crate::problem::Problem;

/// Names of an enum's values listed at most.
const NAMES_MAX: usize = 24;
/// Longest name of a field repeated to the client.
const NAME_LENGTH_MAX: usize = 100;

fn malformed(en: String, zh: String) -> Problem {
    Problem::new(Code::InvalidArgument, "BODY_MALFORMED", en, zh)
}

fn unknown(path: &str) -> Problem {
    let path: String = path.chars().take(NAME_LENGTH_MAX).collect();
    Problem::new(
        Code::InvalidArgument,
        "FIELD_UNKNOWN",
        format!("{path}: there is no such field; the API page lists those of this call."),
        format!("{path}：没有该字段；可用字段见接口文档。"),
    )
}

/// Refuses a query parameter that the call does not know; the transcoder would pass over it.
pub(super) fn check_query(call: &Call, query: Option<&str>) -> Result<(), Problem> {
    let Some(query) = query else { return Ok(()) };
    let Some(rule) = &call.http else { return Ok(()) };
    for (key, _) in url::form_urlencoded::parse(query.as_bytes()) {
        let first = key.split('.').next().unwrap_or_default();
        let field = find(&call.input, first);
        let taken = |field: &FieldDescriptor| {
            rule.body == "*"
                || rule.body == field.name()
                || rule.path.contains(&format!("{{{}}}", field.name()))
        };
        if field.as_ref().is_none_or(taken) || !is_known(&call.input, &key) {
            return Err(unknown(&key));
        }
    }
    Ok(())
}

fn find(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    message
        .get_field_by_json_name(name)
        .or_else(|| message.get_field_by_name(name))
}

/// Whether a name with points leads to a field.
fn is_known(message: &MessageDescriptor, path: &str) -> bool {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (find(message, name), rest) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(field), Some(rest)) => match field.kind() {
            Kind::Message(inner) => is_known(&inner, rest),
            _ => false,
        },
    }
}

/// Says what is wrong with a request that the transcoder refused with `text`.
pub(super) fn explain(call: &Call, body: &[u8], query: Option<&str>, text: &str) -> Problem {
    if let Some(name) = text
        .strip_prefix("header `")
        .and_then(|rest| rest.split('`').next())
    {
        return Problem::new(
            Code::InvalidArgument,
            "HEADER_MALFORMED",
            format!("The header {name} may hold visible ASCII characters only and must not be empty."),
            format!("请求头 {name} 只能含可见 ASCII 字符，且不能为空。"),
        );
    }
    let reads_body = call.http.as_ref().is_some_and(|rule| !rule.body.is_empty());
    if reads_body
        && !body.is_empty()
        && let Some(problem) = explain_body(call, body)
    {
        return problem;
    }
    explain_parameter(call, query, text)
}

fn explain_body(call: &Call, body: &[u8]) -> Option<Problem> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Some(malformed(
            "The body is not UTF-8; text in GBK must be converted first.".into(),
            "请求内容不是 UTF-8 编码；GBK 文本请先转换。".into(),
        ));
    };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            return Some(malformed(
                format!("The body is not JSON: line {line}, column {column}."),
                format!("请求内容不是有效的 JSON：第 {line} 行第 {column} 列。"),
            ));
        }
    };
    let rule = call.http.as_ref()?;
    if rule.body == "*" {
        return walk(&call.input, &value, "");
    }
    let field = call.input.get_field_by_name(&rule.body)?;
    let wrapped = Value::Object(Map::from_iter([(field.json_name().to_owned(), value)]));
    walk(&call.input, &wrapped, "")
}

/// Finds the first member that cannot be what it says, as the transcoder would read it.
fn walk(message: &MessageDescriptor, value: &Value, path: &str) -> Option<Problem> {
    let Value::Object(members) = value else {
        return Some(wrong(path, "an object", "对象"));
    };
    for (name, value) in members {
        let at = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let Some(field) = find(message, name) else {
            return Some(unknown(&at));
        };
        let reads = |value: &Value| {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            DynamicMessage::deserialize(message.clone(), alone).is_ok()
        };
        if reads(value) {
            continue;
        }
        if !field.is_list() {
            return Some(at_fault(&field, value, &at));
        }
        let Value::Array(items) = value else {
            return Some(wrong(&at, "a list", "列表"));
        };
        let wrong_item = items
            .iter()
            .enumerate()
            .find(|(_, item)| !reads(&Value::Array(vec![(*item).clone()])));
        if let Some((index, item)) = wrong_item {
            return Some(at_fault(&field, item, &format!("{at}[{index}]")));
        }
    }
    None
}

fn at_fault(field: &FieldDescriptor, value: &Value, at: &str) -> Problem {
    if let Kind::Message(inner) = field.kind()
        && !inner.full_name().starts_with("google.protobuf.")
        && let Some(problem) = walk(&inner, value, at)
    {
        return problem;
    }
    let (en, zh) = expected(field);
    wrong(at, &en, &zh)
}

fn wrong(path: &str, en: &str, zh: &str) -> Problem {
    let name = if path.is_empty() {
        ("The body", "请求内容")
    } else {
        (path, path)
    };
    malformed(
        format!("{}: must be {en}.", name.0),
        format!("{}：应为{zh}。", name.1),
    )
}

/// What a field takes, in English and Chinese.
fn expected(field: &FieldDescriptor) -> (String, String) {
    let both = |en: &str, zh: &str| (en.to_owned(), zh.to_owned());
    match field.kind() {
        Kind::Double | Kind::Float => both("a number", "数字"),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => both("a whole number of 32 bits", "32 位整数"),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => both(
            "a whole number of 64 bits, also written as a string",
            "64 位整数（可写作字符串）",
        ),
        Kind::Uint32 | Kind::Fixed32 | Kind::Uint64 | Kind::Fixed64 => {
            both("a whole number that is not negative", "非负整数")
        }
        Kind::Bool => both("true or false", " true 或 false"),
        Kind::String => both("text", "文本"),
        Kind::Bytes => both("text in Base64", "Base64 文本"),
        Kind::Enum(values) => {
            let names: Vec<String> = values
                .values()
                .take(NAMES_MAX)
                .map(|value| value.name().to_owned())
                .collect();
            let names = names.join(", ");
            (format!("one of {names}"), format!("下列取值之一：{names}"))
        }
        Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => both(
            "an instant such as 2026-11-22T08:00:00Z",
            "时间，例如 2026-11-22T08:00:00Z",
        ),
        Kind::Message(_) => both("an object", "对象"),
    }
}

/// A parameter of the path or the query: the transcoder's text names it.
fn explain_parameter(call: &Call, query: Option<&str>, text: &str) -> Problem {
    let named = text
        .split('`')
        .nth(1)
        .and_then(|name| call.input.get_field_by_name(name));
    // Without a name there, the one query parameter that there is.
    let field = named.or_else(|| {
        let mut keys = url::form_urlencoded::parse(query?.as_bytes()).map(|(key, _)| key.into_owned());
        let only = keys.next().filter(|_| keys.next().is_none())?;
        find(&call.input, only.split('.').next()?)
    });
    let Some(field) = field else {
        tracing::warn!(
            call = call.full_name,
            text,
            "a request was refused for a reason that has no words of ours"
        );
        return Problem::new(
            Code::InvalidArgument,
            "BODY_MALFORMED",
            "The request does not fit the call: a field may be given twice.",
            "请求与接口不符：可能有字段重复。",
        );
    };
    let name = field.json_name();
    let (en, zh) = expected(&field);
    Problem::new(
        Code::InvalidArgument,
        "PARAMETER_MALFORMED",
        format!("{name}: must be {en}."),
        format!("{name}：应为{zh}。"),
    )
}
