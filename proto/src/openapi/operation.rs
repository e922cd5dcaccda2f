//! One call as an OpenAPI operation.

use prost_reflect::{FieldDescriptor, Kind};

use super::errors;
use crate::catalog::{Call, Http};
use crate::document::example::Defaults;
use crate::document::json::{Json, object};
use crate::document::schema::reference;
use crate::document::{example, field, first_sentence, lower_camel};

/// The path with its parameters in camelCase: `/v1/draws/{drawId}/check`.
pub(super) fn path(call: &Call, http: &Http) -> String {
    path_fields(call, http)
        .iter()
        .fold(http.path.clone(), |path, field| {
            path.replace(
                &format!("{{{}}}", field.name()),
                &format!("{{{}}}", field.json_name()),
            )
        })
}

/// The fields of the request that are in the path, in its order.
fn path_fields(call: &Call, http: &Http) -> Vec<FieldDescriptor> {
    let names = http
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    names
        .filter_map(|name| call.input.get_field_by_name(name))
        .collect()
}

/// The fields of the request that are members of its body.
pub(super) fn body_fields(call: &Call, http: &Http) -> Vec<FieldDescriptor> {
    let in_path = path_fields(call, http);
    match http.body.as_str() {
        "" => Vec::new(),
        "*" => call
            .input
            .fields()
            .filter(|field| !in_path.contains(field))
            .collect(),
        name => call.input.get_field_by_name(name).into_iter().collect(),
    }
}

/// The operation of a call.
pub(super) fn of(call: &Call, http: &Http) -> Json {
    let mut operation = object! {
        "operationId" => lower_camel(&call.name),
        "tags" => [call.service.as_str()],
        "summary" => first_sentence(&call.comment),
        "description" => call.comment.as_str(),
    };
    let parameters = parameters(call, http);
    if !parameters.is_empty() {
        operation = operation.with("parameters", parameters);
    }
    operation = operation.with_some("requestBody", request_body(call, http));
    let responses = object! { "200" => success(call) };
    operation = operation.with("responses", errors::add_to(responses, call));
    let security = if call.public {
        Vec::new()
    } else {
        vec![object! { "bearer" => Json::List(Vec::new()) }]
    };
    operation
        .with("security", security)
        .with("x-grpc-method", call.full_name.as_str())
        .with("x-reasons", call.all_reasons())
}

/// The header that every change needs.
pub(super) fn idempotency_key() -> Json {
    object! {
        "name" => "idempotency-key",
        "in" => "header",
        "required" => true,
        "description" => "Names this change: the same key with the same request gets the first answer again, \
            with another request it is refused (`IDEMPOTENCY_KEY_REUSED`). 1 to 128 visible characters; a UUID serves well.",
        "schema" => object! { "type" => "string", "minLength" => 1, "maxLength" => 128, "pattern" => "^[!-~]+$" },
        "example" => "7b0a2f0e-3c55-4a3e-9a53-0d6e7a1f2b11",
    }
}

fn parameters(call: &Call, http: &Http) -> Json {
    let mut parameters = Vec::new();
    let in_path = path_fields(call, http);
    for field in &in_path {
        parameters.push(parameter(field, "path", field.json_name()));
    }
    if http.body != "*" {
        let body = body_fields(call, http);
        let rest = call
            .input
            .fields()
            .filter(|field| !in_path.contains(field) && !body.contains(field));
        query_parameters(rest, "", &mut parameters);
    }
    if call.write {
        parameters.push(object! { "$ref" => "#/components/parameters/IdempotencyKey" });
    }
    Json::List(parameters)
}

/// Query parameters of fields; those of a message within the request are written with points, `scope.areaId`.
fn query_parameters(fields: impl Iterator<Item = FieldDescriptor>, prefix: &str, parameters: &mut Vec<Json>) {
    for field in fields {
        let name = format!("{prefix}{}", field.json_name());
        match field.kind() {
            Kind::Message(inner) if inner.full_name() != "google.protobuf.Timestamp" => {
                query_parameters(inner.fields(), &format!("{name}."), parameters);
            }
            _ => parameters.push(parameter(&field, "query", &name)),
        }
    }
}

fn parameter(field: &FieldDescriptor, place: &str, name: &str) -> Json {
    let parameter = object! { "name" => name, "in" => place };
    let parameter = if place == "path" {
        parameter.with("required", true)
    } else {
        parameter
    };
    parameter
        .with("description", field::comment_of(field))
        .with("schema", field::schema(field))
}

fn request_body(call: &Call, http: &Http) -> Option<Json> {
    let (schema, example) = match http.body.as_str() {
        "" => return None,
        "*" => {
            let example = example::of_fields(&body_fields(call, http), Defaults::LeftOut);
            (
                object! { "$ref" => reference(call.input.full_name()) },
                Some(example),
            )
        }
        name => {
            let field = call.input.get_field_by_name(name)?;
            (field::schema(&field), example::of_field(&field))
        }
    };
    let media = object! { "schema" => schema }.with_some("example", example);
    Some(object! { "required" => true, "content" => object! { "application/json" => media } })
}

/// The bytes of a file, with the header that names it; what type it is the answer itself says.
fn file() -> Json {
    let name = object! {
        "description" => "`attachment` with the name to save the file under, in UTF-8 by RFC 8187 (`filename*`).",
        "schema" => object! { "type" => "string" },
        "example" => "attachment; filename=\"__.csv\"; filename*=UTF-8''%E6%88%BF%E5%B1%8B.csv",
    };
    let bytes = object! { "schema" => object! { "type" => "string", "format" => "binary" } };
    object! {
        "description" => "The file, streamed. An answer that breaks off is no file.",
        "headers" => object! { "content-disposition" => name },
        "content" => object! { "application/octet-stream" => bytes },
    }
}

fn success(call: &Call) -> Json {
    if call.file {
        return file();
    }
    let schema = object! { "$ref" => reference(call.output.full_name()) };
    let (media_type, media) = if call.server_streaming {
        let schema = object! {
            "type" => "string",
            "description" => "Server-sent events; the data of each is one message.",
            "contentMediaType" => "application/json",
            "contentSchema" => schema,
        };
        ("text/event-stream", object! { "schema" => schema })
    } else {
        let example = example::of_message(&call.output, Defaults::Written);
        (
            "application/json",
            object! { "schema" => schema, "example" => example },
        )
    };
    let about =
        crate::catalog::comment(&call.output.parent_file(), call.output.path()).unwrap_or("The answer.");
    object! { "description" => first_sentence(about) + ".", "content" => Json::Object(vec![(media_type.to_owned(), media)]) }
}
