//! Tokens: who issued them, whether they hold, and whom they name.
//!
//! Tokens are about **real** time.
//! Every `now` here is the system's clock, also where the platform runs on a simulated one:
//! moving a demonstration to the end of a publicity period must not log everybody out,
//! and a token must not live longer because a rehearsal stands still.

mod claims;
mod error;
mod issuer;
mod keys;
mod recent;
mod remote;
mod verifier;

use std::sync::Once;

pub use claims::ClaimNames;
pub use error::{KeyError, TokenError};
pub use issuer::Issuer;
pub use remote::Limits;
pub use verifier::{Verifier, VerifierSettings};

/// The audience of Heju's tokens, and the name of its built-in issuer unless configured otherwise.
pub const HEJU: &str = "heju";

/// Takes the token out of the value of an `authorization` header: `Bearer …`.
///
/// # Errors
/// [`TokenError::TokenMissing`] where there is none, [`TokenError::TokenMalformed`] for another scheme.
pub fn bearer(authorization: Option<&str>) -> Result<&str, TokenError> {
    let value = authorization.unwrap_or_default().trim();
    if value.is_empty() {
        return Err(TokenError::TokenMissing);
    }
    let (scheme, token) = value.split_once(' ').ok_or(TokenError::TokenMalformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::TokenMalformed);
    }
    Ok(token.trim())
}

/// Installs the cryptography of tokens and of TLS, once in the process.
pub fn install_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Both refuse when the process has installed one already: then that one serves as well.
        let _ = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
