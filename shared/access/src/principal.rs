//! Who acts: the bearer of a token, a service in a reaction of its own, or nobody yet.

use std::collections::BTreeSet;
use std::fmt;

use ids::{AreaId, DivisionCode, FirmId, OwnerId};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// In what capacity somebody acts.
///
/// A token may name several; each grants what its policies grant, nothing is taken away by another.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Owner (业主) of at least one home.
    Owner,
    /// Member of an owners' committee (业主委员会).
    CommitteeMember,
    /// Employee of a property firm or developer (物业服务企业、建设单位).
    Firm,
    /// Officer of the industry association (行业协会) of property firms.
    Association,
    /// Officer of a community or village (社区居委会、村委会).
    Community,
    /// Officer of a street, town or township (街道、镇、乡).
    Street,
    /// Officer of the housing authority (住房和城乡建设主管部门).
    Authority,
    /// Officer of another department (部门) called to an area.
    Department,
    /// Auditor (审计).
    Auditor,
    /// Who keeps the platform running.
    Administrator,
}

impl Role {
    /// From the most to the least official: of several roles the first is the one acted in where nothing tells otherwise.
    const BY_STANDING: [Self; 10] = [
        Self::Authority,
        Self::Street,
        Self::Community,
        Self::Department,
        Self::Auditor,
        Self::Administrator,
        Self::Association,
        Self::CommitteeMember,
        Self::Firm,
        Self::Owner,
    ];

    /// The role as tokens, policies and the audit spell it: `committee_member`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who acts.
///
/// Not deserialisable on purpose: a person comes from [`crate::Verifier::verify`], a service from
/// [`Principal::service`], and nothing that arrives over a wire can become a service.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account's stable id at its issuer; empty for [`Principal::anonymous`].
    pub subject: String,
    /// Name to show; personal data, never logged.
    pub name: String,
    /// The roles that the token names; those Heju does not know are left out.
    pub roles: BTreeSet<Role>,
    /// The organisation acted for: `firm_…` for a firm, `area_…` for the committee of that area.
    pub organisation: Option<String>,
    /// The division whose records an officer may act on; for the association the city whose firms it unites.
    pub jurisdiction: Option<DivisionCode>,
    /// The owner the account belongs to.
    pub owner_id: Option<OwnerId>,
    /// Which service acts; private, so that only [`Principal::service`] sets it.
    service: Option<&'static str>,
}

impl Principal {
    /// A person without any role yet; the `with_…` methods add what the token says.
    pub fn person(subject: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            name: name.into(),
            roles: BTreeSet::new(),
            organisation: None,
            jurisdiction: None,
            owner_id: None,
            service: None,
        }
    }

    /// A service in a reaction or a deadline of its own, in process: `committees`.
    ///
    /// It may do only what a policy names for it, and no token ever becomes one.
    #[must_use]
    pub fn service(name: &'static str) -> Self {
        Self {
            service: Some(name),
            ..Self::person(format!("service:{name}"), name)
        }
    }

    /// A caller without a token; only public calls are open to it.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::person("", "")
    }

    /// Adds a role.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.roles.insert(role);
        self
    }

    /// Acts for this firm.
    #[must_use]
    pub fn with_firm(mut self, firm_id: FirmId) -> Self {
        self.organisation = Some(firm_id.to_string());
        self
    }

    /// Acts for the committee of this area.
    #[must_use]
    pub fn with_committee_of(mut self, area_id: AreaId) -> Self {
        self.organisation = Some(area_id.to_string());
        self
    }

    /// Acts on the records of this division.
    #[must_use]
    pub fn with_jurisdiction(mut self, division: DivisionCode) -> Self {
        self.jurisdiction = Some(division);
        self
    }

    /// Is this owner.
    #[must_use]
    pub fn with_owner(mut self, owner_id: OwnerId) -> Self {
        self.owner_id = Some(owner_id);
        self
    }

    /// Whether a service acts, not a person.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.service.is_some()
    }

    /// The service that acts, if one does.
    #[must_use]
    pub fn service_name(&self) -> Option<&'static str> {
        self.service
    }

    /// Whether nobody is known to act.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.service.is_none() && self.subject.is_empty()
    }

    /// Whether the token names this role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The firm acted for, where the organisation is one.
    #[must_use]
    pub fn firm_id(&self) -> Option<FirmId> {
        self.organisation.as_deref()?.parse().ok()
    }

    /// The area whose committee is acted for, where the organisation is one.
    #[must_use]
    pub fn area_id(&self) -> Option<AreaId> {
        self.organisation.as_deref()?.parse().ok()
    }

    /// The role recorded in the audit: the most official of the token's roles, `service` or `anonymous`.
    ///
    /// Where a person has several, [`crate::Access::acting_role`] says by which of them a certain call was allowed.
    #[must_use]
    pub fn acting_role(&self) -> &'static str {
        if self.is_service() {
            return "service";
        }
        Role::BY_STANDING
            .into_iter()
            .find(|role| self.roles.contains(role))
            .map_or("anonymous", Role::as_str)
    }
}

impl fmt::Debug for Principal {
    /// Leaves the name out: it is personal data, and debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("subject", &self.subject)
            .field("roles", &self.roles)
            .field("organisation", &self.organisation)
            .field(
                "jurisdiction",
                &self.jurisdiction.as_ref().map(ToString::to_string),
            )
            .field("owner_id", &self.owner_id.as_ref().map(ToString::to_string))
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}
