//! From the claims of a token to the principal it names.

use std::collections::BTreeSet;

use ids::{AreaId, FirmId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TokenError;
use crate::{Principal, Role};

/// What the claims are called at the issuer.
///
/// A name is looked for as it stands and then as a path with dots: `realm_access.roles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    /// Name to show; default `name`.
    pub name: String,
    /// The roles, as a list or as text with blanks between; default `roles`.
    pub roles: String,
    /// `firm_…` or `area_…`; default `org`.
    pub organisation: String,
    /// Division code; default `jurisdiction`.
    pub jurisdiction: String,
    /// `owner_…`; default `owner`.
    pub owner: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            name: "name".to_owned(),
            roles: "roles".to_owned(),
            organisation: "org".to_owned(),
            jurisdiction: "jurisdiction".to_owned(),
            owner: "owner".to_owned(),
        }
    }
}

/// The claims of a token whose signature holds.
pub(super) struct Claims(Value);

impl Claims {
    /// Reads the payload of a token.
    pub(super) fn parse(payload: &[u8]) -> Result<Self, TokenError> {
        match serde_json::from_slice(payload) {
            Ok(claims @ Value::Object(_)) => Ok(Self(claims)),
            Ok(_) | Err(_) => Err(TokenError::TokenMalformed),
        }
    }

    /// Who issued it (`iss`).
    pub(super) fn issuer(&self) -> Option<&str> {
        self.0.get("iss")?.as_str()
    }

    /// Whether it is meant for this audience (`aud`, a text or a list).
    pub(super) fn is_for(&self, audience: &str) -> bool {
        match self.0.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one == audience),
            _ => false,
        }
    }

    /// A time claim in whole seconds; none where it is absent.
    pub(super) fn seconds(&self, claim: &str) -> Result<Option<i64>, TokenError> {
        match self.0.get(claim) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => seconds(value).map(Some).ok_or(TokenError::TokenClaimsInvalid),
        }
    }

    /// Whom the token names.
    pub(super) fn principal(&self, names: &ClaimNames) -> Result<Principal, TokenError> {
        let subject = self.0.get("sub").and_then(Value::as_str);
        let subject = subject.filter(|subject| !subject.trim().is_empty());
        let subject = subject.ok_or(TokenError::TokenClaimsInvalid)?;
        let mut principal = Principal::person(subject, self.text(&names.name)?.unwrap_or_default());
        principal.roles = self.roles(&names.roles)?;
        principal.organisation = match self.text(&names.organisation)? {
            None => None,
            Some(id) if id.parse::<FirmId>().is_ok() || id.parse::<AreaId>().is_ok() => Some(id.to_owned()),
            Some(_) => return Err(TokenError::TokenClaimsInvalid),
        };
        principal.jurisdiction = self.parsed(&names.jurisdiction)?;
        principal.owner_id = self.parsed(&names.owner)?;
        Ok(principal)
    }

    /// The roles Heju knows; an issuer may have others, which grant nothing here.
    fn roles(&self, name: &str) -> Result<BTreeSet<Role>, TokenError> {
        let known = |text: &str| text.parse::<Role>().ok();
        match self.find(name) {
            None | Some(Value::Null) => Ok(BTreeSet::new()),
            Some(Value::String(text)) => Ok(text.split_whitespace().filter_map(known).collect()),
            Some(Value::Array(list)) => list
                .iter()
                .map(|role| role.as_str().ok_or(TokenError::TokenClaimsInvalid))
                .filter_map(|role| role.map(known).transpose())
                .collect(),
            Some(_) => Err(TokenError::TokenClaimsInvalid),
        }
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, TokenError> {
        self.text(name)?
            .map(|text| text.parse().map_err(|_| TokenError::TokenClaimsInvalid))
            .transpose()
    }

    /// A text claim; absent, null and empty are the same.
    fn text(&self, name: &str) -> Result<Option<&str>, TokenError> {
        match self.find(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(TokenError::TokenClaimsInvalid),
        }
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.0
            .get(name)
            .or_else(|| name.split('.').try_fold(&self.0, |value, step| value.get(step)))
    }
}

/// A NumericDate (RFC 7519): whole seconds, or with a fraction that some issuers add.
fn seconds(value: &Value) -> Option<i64> {
    if let Some(seconds) = value.as_i64() {
        return Some(seconds);
    }
    let text = value.as_number()?.to_string();
    text.split_once('.')?.0.parse().ok()
}
