//! Accounts of the demonstration city as the built-in issuer wants them: passwords hashed.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use seeds::Account;
use serde_json::json;

/// File with the accounts as generated.
const PLAIN: &str = "accounts.json";
/// File with the accounts as the gateway reads them.
const HASHED: &str = "accounts.hashed.json";

/// Writes the accounts of a city's folder with hashed passwords beside the generated ones.
pub fn write_hashed(folder: &Path) -> Result<()> {
    let text = std::fs::read_to_string(folder.join(PLAIN)).context("reading the generated accounts")?;
    let accounts: Vec<Account> = serde_json::from_str(&text)?;
    // All accounts of a demonstration have one known password, so one hash of it serves them all.
    let mut hashes: HashMap<String, String> = HashMap::new();
    let mut list = Vec::with_capacity(accounts.len());
    for account in &accounts {
        let hash = match hashes.get(&account.password) {
            Some(hash) => hash.clone(),
            None => {
                let hash = gateway::accounts::hash_password(&account.password)?;
                hashes.insert(account.password.clone(), hash.clone());
                hash
            }
        };
        list.push(json!({
            "account": account.account,
            "password_hash": hash,
            "name": account.name,
            "roles": account.roles,
            "organisation": account.organisation,
            "jurisdiction": account.jurisdiction,
            "owner_id": account.owner_id,
        }));
    }
    std::fs::write(folder.join(HASHED), serde_json::to_string_pretty(&list)?)
        .context("writing the hashed accounts")
}
