//! Accounts of the built-in issuer: who may log in, and as whom.
//!
//! The file is a JSON list; passwords stand in it only as argon2id hashes (PHC text), made by [`hash_password`].
//! Fields that do not apply are empty or left out.
//!
//! ```json
//! [{ "account": "authority", "password_hash": "$argon2id$v=19$…", "name": "住房和城乡建设局",
//!    "roles": ["authority"], "organisation": "", "jurisdiction": "330783", "owner_id": "" }]
//! ```

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use access::{Principal, Role};
use anyhow::{Context, bail, ensure};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use ids::AccountId;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// Memory of one hash in KiB, its passes and lanes: one of the equally strong choices of the OWASP password sheet,
/// taken for the least memory.
const COST: (u32, u32, u32) = (9 * 1024, 4, 1);
/// Passwords checked at one time, so that logging in can neither fill the memory nor take every processor.
const CHECKS_AT_ONCE: usize = 2;
/// Longest password read, in bytes; hashing takes longer with every byte.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// An account as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name to log in with: the natural key; the subject of tokens is derived from it.
    pub account: String,
    /// Argon2id hash of the password as PHC text.
    pub password_hash: String,
    /// Name to show.
    #[serde(default)]
    pub name: String,
    /// Roles as in `access::Role`: `committee_member`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// `firm_…` or `area_…`.
    #[serde(default)]
    pub organisation: String,
    /// Code of the division whose records an officer may act on.
    #[serde(default)]
    pub jurisdiction: String,
    /// `owner_…`.
    #[serde(default)]
    pub owner_id: String,
}

/// Hashes a password with argon2id, a fresh salt and the cost that new accounts get.
///
/// # Errors
/// Where the system has no randomness, or the password is longer than [`PASSWORD_BYTES_MAX`].
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    ensure!(
        password.len() <= PASSWORD_BYTES_MAX,
        "a password has at most {PASSWORD_BYTES_MAX} bytes"
    );
    let (memory_kib, passes, lanes) = COST;
    let params = Params::new(memory_kib, passes, lanes, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(hash.to_string())
}

/// Reads the accounts of a file.
///
/// # Errors
/// One sentence with the file and the account in which something cannot be.
pub fn load(file: &Path) -> anyhow::Result<Accounts> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("reading the accounts in {}", file.display()))?;
    let listed: Vec<Account> = serde_json::from_str(&text)
        .with_context(|| format!("the accounts in {} cannot be read", file.display()))?;
    Accounts::new(listed).with_context(|| format!("the accounts in {}", file.display()))
}

struct Entry {
    hash: PasswordHash,
    principal: Principal,
}

/// The accounts that may log in. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    by_name: Arc<HashMap<String, Entry>>,
    /// What the password of an unknown account is compared with, so that it takes as long as a known one.
    nobody: Arc<PasswordHash>,
    checks: Arc<Semaphore>,
}

impl Accounts {
    /// Accounts from a list.
    ///
    /// # Errors
    /// Names the account that is there twice or in which something cannot be.
    pub fn new(listed: Vec<Account>) -> anyhow::Result<Self> {
        let mut by_name = HashMap::with_capacity(listed.len());
        for account in listed {
            let name = account.account.clone();
            ensure!(!name.trim().is_empty(), "an account has no name");
            let entry = entry(account).with_context(|| format!("account {name}"))?;
            ensure!(
                by_name.insert(name.clone(), entry).is_none(),
                "account {name} is listed twice"
            );
        }
        // The cost of the accounts at hand, so that an unknown one takes the same time.
        let nobody = match by_name.values().next() {
            Some(Entry { hash, .. }) => hash.clone(),
            None => read_hash(&hash_password("nobody")?)?,
        };
        Ok(Accounts {
            by_name: Arc::new(by_name),
            nobody: Arc::new(nobody),
            checks: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_name.len()
    }

    /// Whom the name and the password belong to; none where either is wrong, which takes the same time.
    pub async fn check(&self, account: &str, password: &str) -> Option<Principal> {
        let accounts = self.clone();
        let (account, password) = (account.to_owned(), password.to_owned());
        let permit = Arc::clone(&self.checks).acquire_owned().await.ok()?;
        let check = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let entry = accounts.by_name.get(&account);
            let hash = entry.map_or(&*accounts.nobody, |entry| &entry.hash);
            let fits = password.len() <= PASSWORD_BYTES_MAX;
            let tried = if fits { password.as_bytes() } else { b"" };
            let right = Argon2::default().verify_password(tried, hash).is_ok() && fits;
            entry.filter(|_| right).map(|entry| entry.principal.clone())
        });
        match check.await {
            Ok(principal) => principal,
            Err(error) => {
                tracing::error!(%error, "a password was not checked");
                None
            }
        }
    }
}

fn entry(account: Account) -> anyhow::Result<Entry> {
    let hash = read_hash(&account.password_hash)?;
    let mut principal = Principal::person(AccountId::derive(&account.account).to_string(), account.name);
    for role in &account.roles {
        let role: Role = role
            .parse()
            .ok()
            .with_context(|| format!("there is no role {role}"))?;
        principal = principal.with_role(role);
    }
    if !account.organisation.is_empty() {
        principal = if let Ok(firm_id) = account.organisation.parse() {
            principal.with_firm(firm_id)
        } else if let Ok(area_id) = account.organisation.parse() {
            principal.with_committee_of(area_id)
        } else {
            bail!(
                "organisation must be firm_… or area_…, not {}",
                account.organisation
            )
        };
    }
    if !account.jurisdiction.is_empty() {
        let code = account.jurisdiction.parse().ok();
        let code =
            code.with_context(|| format!("jurisdiction {} is not a division code", account.jurisdiction))?;
        principal = principal.with_jurisdiction(code);
    }
    if !account.owner_id.is_empty() {
        let owner_id = account.owner_id.parse().ok();
        let owner_id =
            owner_id.with_context(|| format!("owner_id {} is not an owner's id", account.owner_id))?;
        principal = principal.with_owner(owner_id);
    }
    Ok(Entry { hash, principal })
}

fn read_hash(text: &str) -> anyhow::Result<PasswordHash> {
    let hash = PasswordHash::new(text)
        .ok()
        .context("password_hash is not PHC text; make one with the hash of a password")?;
    ensure!(
        hash.algorithm.as_str() == "argon2id",
        "password_hash must be argon2id, not {}",
        hash.algorithm
    );
    ensure!(
        hash.hash.is_some() && hash.salt.is_some(),
        "password_hash lacks salt or hash"
    );
    Ok(hash)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn account(name: &str) -> Account {
        Account {
            account: name.into(),
            password_hash: hash_password("a long sentence").unwrap(),
            name: "住房和城乡建设局".into(),
            roles: vec!["authority".into()],
            organisation: String::new(),
            jurisdiction: "330783".into(),
            owner_id: String::new(),
        }
    }

    #[tokio::test]
    async fn only_the_right_name_with_the_right_password_is_somebody() {
        let accounts = Accounts::new(vec![account("authority")]).unwrap();
        let somebody = accounts.check("authority", "a long sentence").await.unwrap();
        assert_eq!(somebody.subject, AccountId::derive("authority").to_string());
        assert!(somebody.has_role(Role::Authority));
        assert!(accounts.check("authority", "another sentence").await.is_none());
        assert!(accounts.check("nobody", "a long sentence").await.is_none());
        assert!(
            accounts
                .check("authority", &"a".repeat(PASSWORD_BYTES_MAX + 1))
                .await
                .is_none()
        );
    }

    #[test]
    fn a_file_with_a_mistake_names_the_account() {
        let told = |accounts: Vec<Account>| format!("{:#}", Accounts::new(accounts).err().unwrap());
        assert!(told(vec![account("a"), account("a")]).contains("a is listed twice"));
        assert!(
            told(vec![Account {
                roles: vec!["king".into()],
                ..account("b")
            }])
            .contains("no role king")
        );
        assert!(
            told(vec![Account {
                password_hash: "secret".into(),
                ..account("c")
            }])
            .contains("account c")
        );
        assert!(
            told(vec![Account {
                organisation: "x".into(),
                ..account("d")
            }])
            .contains("firm_… or area_…")
        );
    }
}
