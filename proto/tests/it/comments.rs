//! Everything in the contract is explained.

use heju_proto::catalog::{self, comment, example};
use heju_proto::descriptor_pool;
use prost_reflect::{FieldDescriptor, FileDescriptor, Kind};

fn ours() -> impl Iterator<Item = FileDescriptor> {
    descriptor_pool()
        .files()
        .filter(|file| file.package_name().starts_with("heju."))
}

fn check(missing: &mut Vec<String>, file: &FileDescriptor, path: &[i32], name: &str) {
    let text = comment(file, path).unwrap_or_default();
    if text.is_empty() || text.contains("TODO") {
        missing.push(name.to_owned());
    }
}

#[test]
fn every_service_call_message_field_and_value_has_a_description() {
    let mut missing = Vec::new();
    for file in ours() {
        for message in file.messages() {
            check(&mut missing, &file, message.path(), message.full_name());
            assert_eq!(
                message.child_messages().count(),
                0,
                "{}: nested messages are not used",
                message.full_name()
            );
            for field in message.fields() {
                check(&mut missing, &file, field.path(), field.full_name());
            }
        }
        for descriptor in file.enums() {
            check(&mut missing, &file, descriptor.path(), descriptor.full_name());
            for value in descriptor.values() {
                check(&mut missing, &file, value.path(), value.full_name());
            }
        }
        for service in file.services() {
            check(&mut missing, &file, service.path(), service.full_name());
            for method in service.methods() {
                check(&mut missing, &file, method.path(), method.full_name());
            }
        }
    }
    assert!(missing.is_empty(), "without description: {missing:#?}");
}

#[test]
fn every_example_is_json_that_its_field_takes() {
    let option = descriptor_pool()
        .get_extension_by_name("heju.options.v1.example")
        .unwrap();
    for message in ours().flat_map(|file| file.messages().collect::<Vec<_>>()) {
        for field in message
            .fields()
            .filter(|field| field.options().has_extension(&option))
        {
            let value =
                example(&field).unwrap_or_else(|| panic!("{}: its example is not JSON", field.full_name()));
            let json = serde_json::json!({ field.json_name(): value }).to_string();
            let mut deserializer = serde_json::Deserializer::from_str(&json);
            let read = prost_reflect::DynamicMessage::deserialize(message.clone(), &mut deserializer);
            assert!(read.is_ok(), "{}: {}", field.full_name(), read.unwrap_err());
        }
    }
}

#[test]
fn every_text_has_an_example_but_page_tokens() {
    // Ids and days get theirs from their name or comment.
    let derived = |field: &FieldDescriptor| {
        let name = field.name().trim_end_matches('s');
        let comment = comment(&field.parent_message().parent_file(), field.path()).unwrap_or_default();
        name.ends_with("_id") || name.ends_with("_on") || name.ends_with("since") || comment.contains("_…`")
    };
    let internal = |field: &FieldDescriptor| field.parent_message().package_name() == "heju.options.v1";
    let mut missing = Vec::new();
    for field in ours()
        .flat_map(|file| file.messages().collect::<Vec<_>>())
        .flat_map(|message| message.fields().collect::<Vec<_>>())
    {
        let token = field.name().ends_with("page_token");
        if field.kind() == Kind::String
            && !token
            && !internal(&field)
            && !derived(&field)
            && example(&field).is_none()
        {
            missing.push(field.full_name().to_owned());
        }
    }
    assert!(missing.is_empty(), "without example: {missing:#?}");
}

#[test]
fn an_unknown_event_or_call_is_not_found() {
    assert!(catalog::find_event("heju.funds.v1.Draw").is_none());
}
