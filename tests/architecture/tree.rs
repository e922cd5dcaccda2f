//! The files of the workspace.

use std::path::{Path, PathBuf};

/// Folders of the workspace that hold crates.
const CRATE_FOLDERS: &[&str] = &["proto", "seeds", "shared", "services", "tests", "xtask"];

/// A Rust file of the workspace.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the root of the workspace, with `/`: `services/funds/src/domain/draw.rs`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A crate of the workspace.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its folder from the root: `services/funds`.
    pub folder: String,
    /// Its manifest.
    pub manifest: toml::Table,
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate stands one folder below the root")
        .to_path_buf()
}

/// Every Rust file of the workspace, in the order of the paths.
pub fn rust_files() -> Vec<SourceFile> {
    let root = root();
    let mut files = Vec::new();
    for folder in CRATE_FOLDERS {
        walk(&root.join(folder), &mut |path| {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).expect("below the root");
                let text = std::fs::read_to_string(path).expect("a source file is readable text");
                files.push(SourceFile {
                    path: relative.to_string_lossy().replace('\\', "/"),
                    text,
                });
            }
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        files.len() > 50,
        "only {} files were found: the walk looks in the wrong place",
        files.len()
    );
    files
}

/// Every crate of the workspace, in the order of the folders.
pub fn packages() -> Vec<Package> {
    let root = root();
    let mut packages = Vec::new();
    for folder in CRATE_FOLDERS {
        walk(&root.join(folder), &mut |path| {
            if path.file_name().is_some_and(|name| name == "Cargo.toml") {
                let folder = path
                    .parent()
                    .and_then(|parent| parent.strip_prefix(&root).ok())
                    .expect("below the root");
                let text = std::fs::read_to_string(path).expect("a manifest is readable text");
                packages.push(Package {
                    folder: folder.to_string_lossy().replace('\\', "/"),
                    manifest: text.parse().expect("a manifest is TOML"),
                });
            }
        });
    }
    packages.sort_by(|a, b| a.folder.cmp(&b.folder));
    assert!(
        packages.len() > 10,
        "only {} crates were found: the walk looks in the wrong place",
        packages.len()
    );
    packages
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                walk(&path, visit);
            }
        } else {
            visit(&path);
        }
    }
}
