//! Prints the matrix of permissions, or writes it to `docs/PERMISSIONS.md` with `--write`.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let page = access::matrix::markdown(&access::Access::embedded())?;
    if std::env::args().any(|argument| argument == "--write") {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PERMISSIONS.md");
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, page)?;
    } else {
        print!("{page}");
    }
    Ok(())
}
