#![doc = include_str!("../README.md")]

pub mod matrix;
mod policies;
mod principal;
pub mod token;

pub use policies::{Access, Denied, Resource, ResourceKind};
pub use principal::{Principal, Role};
pub use token::{ClaimNames, Issuer, KeyError, Limits, TokenError, Verifier, VerifierSettings, bearer};
