//! The built-in issuer's key, and the verifier of whichever issuer is configured.

use std::io::Write;
use std::path::Path;

use access::token::{Issuer, Verifier, VerifierSettings};
use anyhow::Context;

use crate::config::{IssuerConfig, IssuerKind};

/// Opens the built-in issuer, or none where a foreign one is configured.
///
/// The key file is made on first start, readable by its owner only.
///
/// # Errors
/// Where the key file can be neither read nor made.
pub fn open(config: &IssuerConfig) -> anyhow::Result<Option<Issuer>> {
    if config.kind == IssuerKind::Oidc {
        return Ok(None);
    }
    let issuer = match &config.signing_key {
        Some(file) => load_or_create(file)?,
        None => Issuer::generate(),
    };
    Ok(Some(issuer.named(&config.name)))
}

/// The verifier of the tokens of the configured issuer: of this one, where it runs in the same process, else of the
/// provider at the configured address.
///
/// # Errors
/// Where the configured address cannot be one.
pub fn verifier(config: &IssuerConfig, builtin: Option<&Issuer>) -> anyhow::Result<Verifier> {
    let settings = VerifierSettings {
        audience: config.audience.clone(),
        claim_names: config.claims.clone(),
        ..VerifierSettings::for_issuer(&config.name)
    };
    match builtin {
        // The built-in issuer writes its own names, whatever those of a provider are.
        Some(issuer) => Ok(Verifier::from_jwks(
            VerifierSettings::for_issuer(&config.name),
            &issuer.jwks(),
        )?),
        None => Verifier::from_discovery(settings).context("the configured issuer"),
    }
}

fn load_or_create(file: &Path) -> anyhow::Result<Issuer> {
    match std::fs::read_to_string(file) {
        Ok(pem) => Issuer::from_pem(&pem).with_context(|| format!("the signing key in {}", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => create(file),
        Err(error) => Err(error).with_context(|| format!("reading the signing key in {}", file.display())),
    }
}

/// Makes the key beside its place and links it there, so that of two processes that start at once both use one key.
fn create(file: &Path) -> anyhow::Result<Issuer> {
    let making = || format!("making the signing key in {}", file.display());
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(making)?;
    }
    let issuer = Issuer::generate();
    let draft = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(&draft).with_context(making)?;
    opened
        .write_all(issuer.to_pem()?.as_bytes())
        .and_then(|()| opened.sync_all())
        .with_context(making)?;
    let linked = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft).with_context(making)?;
    match linked {
        Ok(()) => {
            tracing::info!(file = %file.display(), "made the signing key of the built-in issuer");
            Ok(issuer)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => load_or_create(file),
        Err(error) => Err(error).with_context(making),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/issuer.pem");
        let config = IssuerConfig {
            signing_key: Some(file.clone()),
            ..IssuerConfig::default()
        };
        let first = open(&config).unwrap().unwrap();
        let second = open(&config).unwrap().unwrap();
        assert_eq!(first.jwks(), second.jwks());
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }
}
