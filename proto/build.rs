//! Compiles the contract: Rust types, clients and servers, the JSON mapping, the events' addresses,
//! and the descriptors with their comments, all from `heju/**/*.proto`, without `protoc`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message as _;
use protox::prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=heju");
    println!("cargo::rerun-if-changed=google");

    let mut files = Vec::new();
    collect_protos(&root.join("heju"), &mut files)?;
    // In a fixed order, so that the descriptors are the same on every machine.
    files.sort();

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files)?;

    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &descriptors)?;

    generate_types(tonic_prost_build::FileDescriptorSet::decode(
        descriptors.as_slice(),
    )?)?;
    generate_json(&descriptors)?;
    let events = event_impls(&compiler.descriptor_pool())?;
    fs::write(out.join("events.rs"), events)?;
    Ok(())
}

fn collect_protos(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_protos(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(())
}

/// The messages, and a client and a server for each service.
///
/// The messages of `google.protobuf` come from `pbjson-types`, which knows their JSON;
/// what is generated for `google.api` is not included anywhere: its option is read by reflection.
fn generate_types(set: tonic_prost_build::FileDescriptorSet) -> Result<()> {
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .build_client(true)
        .build_server(true)
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_fds_with_config(set, config)?;
    Ok(())
}

/// `Serialize` and `Deserialize` by the canonical JSON mapping; unknown fields are refused.
fn generate_json(descriptors: &[u8]) -> Result<()> {
    pbjson_build::Builder::new()
        .register_descriptors(descriptors)?
        .extern_path(".google.protobuf", "::pbjson_types")
        .build(&[".heju"])?;
    Ok(())
}

/// An `impl Event` for each message that carries the option `heju.options.v1.event`.
fn event_impls(pool: &DescriptorPool) -> Result<String> {
    let option = pool
        .get_extension_by_name("heju.options.v1.event")
        .ok_or("the option heju.options.v1.event is not declared")?;
    let mut code = String::new();
    for message in pool.all_messages() {
        let options = message.options();
        if !options.has_extension(&option) {
            continue;
        }
        let value = options.get_extension(&option);
        let event = value
            .as_message()
            .ok_or("heju.options.v1.event is not a message")?;
        write_event_impl(&mut code, &message, event)?;
    }
    Ok(code)
}

fn write_event_impl(code: &mut String, message: &MessageDescriptor, event: &DynamicMessage) -> Result<()> {
    let text = |field: &str| -> Result<String> {
        let value = event.get_field_by_name(field);
        let text = value
            .as_deref()
            .and_then(|value| value.as_str())
            .unwrap_or_default();
        if text.is_empty()
            || !text
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_')
        {
            return Err(format!(
                "{}: `{field}` of its event option is `{text}`",
                message.full_name()
            )
            .into());
        }
        Ok(text.to_owned())
    };
    let name = message.full_name();
    let package = message.package_name();
    let service = service_of(package).ok_or_else(|| format!("{name}: events live in heju.<service>.v1"))?;
    writeln!(
        code,
        "impl crate::Event for crate::{service}::v1::{rust} {{\n    \
             const TYPE: &'static str = {name:?};\n    \
             const SERVICE: &'static str = {service:?};\n    \
             const AGGREGATE: &'static str = {aggregate:?};\n    \
             const NAME: &'static str = {event:?};\n}}",
        rust = message.name(),
        aggregate = text("aggregate")?,
        event = text("name")?,
    )?;
    Ok(())
}

fn service_of(package: &str) -> Option<&str> {
    package.strip_prefix("heju.")?.strip_suffix(".v1")
}
