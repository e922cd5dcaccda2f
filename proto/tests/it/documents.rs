//! The public documents: committed as they are generated, and complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use heju_proto::catalog;
use serde_json::Value;

const REFRESH: &str = "cargo run -p heju-proto --example contracts -- --write";

fn committed(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/contracts")
        .join(name);
    let text = fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (old, new))) = text
        .lines()
        .zip(generated.lines())
        .enumerate()
        .find(|(_, (old, new))| old != new)
    {
        panic!(
            "docs/contracts/{name}, line {}: {old:?} is now {new:?}; refresh with `{REFRESH}`",
            line + 1
        );
    }
    assert_eq!(
        text.len(),
        generated.len(),
        "docs/contracts/{name} differs in length; refresh with `{REFRESH}`"
    );
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every `$ref` in a document points to something in it.
fn check_references(document: &Value) {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    found.insert(target.clone());
                }
                members.values().for_each(|value| collect(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    collect(document, &mut found);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target} points to nothing");
    }
}

#[test]
fn the_committed_openapi_is_the_generated_one() {
    committed("openapi.json", heju_proto::openapi::document());
}

#[test]
fn the_committed_asyncapi_is_the_generated_one() {
    committed("asyncapi.json", heju_proto::asyncapi::document());
}

#[test]
fn every_public_call_is_an_operation_with_its_reasons_and_header() {
    let document = parsed(heju_proto::openapi::document());
    check_references(&document);
    let operations: Vec<&Value> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .collect();
    for call in catalog::calls() {
        let found = operations
            .iter()
            .find(|operation| operation["x-grpc-method"] == call.full_name.as_str());
        assert_eq!(found.is_none(), call.internal, "{}", call.full_name);
        let Some(operation) = found else { continue };
        let text = operation["responses"].to_string();
        for reason in &call.reasons {
            assert!(text.contains(reason.as_str()), "{}: {reason}", call.full_name);
        }
        let key = operation["parameters"]
            .to_string()
            .contains("#/components/parameters/IdempotencyKey");
        assert_eq!(key, call.write, "{}", call.full_name);
        assert_eq!(
            operation["security"].as_array().unwrap().is_empty(),
            call.public,
            "{}",
            call.full_name
        );
    }
    for own in [
        "/v1/events/stream",
        "/healthz/live",
        "/healthz/ready",
        "/.well-known/jwks.json",
    ] {
        assert!(document["paths"][own]["get"].is_object(), "{own}");
    }
}

#[test]
fn an_internal_message_is_in_no_public_document() {
    assert!(!heju_proto::openapi::document().contains("RollEntry"));
    assert!(!heju_proto::asyncapi::document().contains("RollEntry"));
}

#[test]
fn a_file_is_described_by_its_bytes() {
    let document = parsed(heju_proto::openapi::document());
    let mut files = 0;
    for call in catalog::calls().iter().filter(|call| call.file) {
        let path = &call.http.as_ref().unwrap().path;
        let path = path.replace("area_id", "areaId").replace("import_id", "importId");
        let answer = &document["paths"][&path]["get"]["responses"]["200"];
        let media = answer["content"].as_object().unwrap();
        assert_eq!(
            media.keys().collect::<Vec<_>>(),
            ["application/octet-stream"],
            "{path}"
        );
        assert_eq!(
            media["application/octet-stream"]["schema"]["format"], "binary",
            "{path}"
        );
        assert!(answer["headers"]["content-disposition"].is_object(), "{path}");
        files += 1;
    }
    assert!(files >= 3);
    assert!(document["components"]["schemas"]["common.FileChunk"].is_null());
}

#[test]
fn money_is_a_string_and_a_time_a_date_time() {
    let document = parsed(heju_proto::openapi::document());
    let draw = &document["components"]["schemas"]["funds.Draw"]["properties"];
    assert_eq!(draw["budgetFen"]["type"], "string");
    assert_eq!(draw["budgetFen"]["format"], "int64");
    assert_eq!(draw["budgetFen"]["examples"][0], "4567890");
    assert_eq!(draw["proposedAt"]["format"], "date-time");
    assert_eq!(draw["drawId"]["pattern"], "^draw_[0-9a-f]{32}$");
    let path = &document["paths"]["/v1/draws/{drawId}/check"]["post"];
    assert_eq!(path["parameters"][0]["name"], "drawId");
    let body = &document["components"]["schemas"]["funds.CheckDrawRequest"];
    assert_eq!(body["additionalProperties"], false);
    assert!(
        body["properties"]["drawId"].is_null(),
        "what is in the path is not in the body"
    );
}

#[test]
fn every_event_is_a_channel_with_its_stream() {
    let document = parsed(heju_proto::asyncapi::document());
    check_references(&document);
    for event in catalog::events() {
        let channel = &document["channels"][format!("{}.{}.{}", event.service, event.aggregate, event.name)];
        let address = event.subject.replace('<', "{").replace('>', "}");
        assert_eq!(channel["address"], address.as_str(), "{}", event.full_name);
        assert_eq!(channel["x-stream"], event.stream.as_str(), "{}", event.full_name);
        for parameter in ["city", "street", "community"] {
            assert!(
                channel["parameters"][parameter].is_object(),
                "{}",
                event.full_name
            );
        }
    }
    assert_eq!(
        document["channels"].as_object().unwrap().len(),
        catalog::events().len()
    );
}
