//! Principal and resource as Cedar entities.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use ids::{DivisionCode, DivisionLevel};

use super::{Resource, ResourceKind};
use crate::Principal;

/// Entity of a type of the schema.
pub(super) fn uid(type_name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(id))
}

/// The types of the schema, parsed once.
pub(super) struct Types {
    pub(super) action: EntityTypeName,
    division: EntityTypeName,
    person: EntityTypeName,
    role: EntityTypeName,
    service: EntityTypeName,
    anonymous: EntityTypeName,
    kinds: HashMap<ResourceKind, EntityTypeName>,
}

impl Types {
    /// Parses the names; they are identifiers, so a refusal is a bug in this file.
    pub(super) fn parse() -> Result<Self, cedar_policy::ParseErrors> {
        use strum::IntoEnumIterator;
        let kinds = ResourceKind::iter()
            .map(|kind| Ok((kind, <&str>::from(kind).parse()?)))
            .collect::<Result<_, cedar_policy::ParseErrors>>()?;
        Ok(Self {
            action: "Action".parse()?,
            division: "Division".parse()?,
            person: "Person".parse()?,
            role: "Role".parse()?,
            service: "Service".parse()?,
            anonymous: "Anonymous".parse()?,
            kinds,
        })
    }

    /// The principal's name among the entities.
    pub(super) fn principal_uid(&self, principal: &Principal) -> EntityUid {
        match principal.service_name() {
            Some(name) => uid(&self.service, name),
            None if principal.is_anonymous() => uid(&self.anonymous, "anonymous"),
            None => uid(&self.person, &principal.subject),
        }
    }

    /// The resource's name among the entities.
    pub(super) fn resource_uid(&self, resource: &Resource) -> EntityUid {
        uid(&self.kinds[&resource.kind], &resource.id)
    }

    /// The principal with its roles as parents.
    pub(super) fn principal(&self, principal: &Principal) -> Result<Entity, Box<EvaluationError>> {
        let name = self.principal_uid(principal);
        if principal.is_service() || principal.is_anonymous() {
            return Ok(Entity::new_no_attrs(name, HashSet::new()));
        }
        let mut attributes = HashMap::new();
        let mut put = |key: &str, value| attributes.insert(key.to_owned(), value);
        if let Some(owner_id) = &principal.owner_id {
            put("owner", text(owner_id));
        }
        if let Some(firm_id) = principal.firm_id() {
            put("firm", text(firm_id));
        }
        if let Some(area_id) = principal.area_id() {
            put("area", text(area_id));
        }
        if let Some(code) = &principal.jurisdiction {
            let division = RestrictedExpression::new_entity_uid(self.division_uid(code));
            put("jurisdiction", division);
        }
        let citywide = principal
            .jurisdiction
            .as_ref()
            .is_some_and(|code| code.level() == DivisionLevel::City);
        put("citywide", RestrictedExpression::new_bool(citywide));
        let roles = principal.roles.iter().map(|role| uid(&self.role, role.as_str()));
        Entity::new(name, attributes, roles.collect()).map_err(Box::new)
    }

    /// The resource with the division it lies in as its parent.
    pub(super) fn resource(&self, resource: &Resource) -> Result<Entity, Box<EvaluationError>> {
        let name = self.resource_uid(resource);
        let parents = resource
            .division
            .iter()
            .map(|code| self.division_uid(code))
            .collect();
        if matches!(resource.kind, ResourceKind::Session | ResourceKind::Clock) {
            return Ok(Entity::new_no_attrs(name, HashSet::new()));
        }
        let mut attributes = HashMap::new();
        let mut put = |key: &str, value| attributes.insert(key.to_owned(), value);
        if let Some(area_id) = &resource.area {
            put("area", text(area_id));
        }
        if let Some(firm_id) = &resource.manager {
            put("manager", text(firm_id));
        }
        if let Some(firm_id) = &resource.developer {
            put("developer", text(firm_id));
        }
        if let Some(firm_id) = &resource.proposer {
            put("proposer", text(firm_id));
        }
        put(
            "association",
            RestrictedExpression::new_bool(resource.association),
        );
        put(
            "owners",
            RestrictedExpression::new_set(resource.owners.iter().map(text)),
        );
        Entity::new(name, attributes, parents).map_err(Box::new)
    }

    /// The division of a resource and those above it, each with the next one up as its parent; divisions that took the
    /// first over are parents of it too, so that what lies in it lies in them.
    pub(super) fn divisions(&self, resource: &Resource) -> Vec<Entity> {
        let Some(code) = &resource.division else {
            return Vec::new();
        };
        let all: BTreeSet<DivisionCode> = [code]
            .into_iter()
            .chain(&resource.successors)
            .flat_map(DivisionCode::parents)
            .collect();
        all.iter()
            .map(|division| {
                let mut above: HashSet<_> = division
                    .parent()
                    .map(|above| self.division_uid(&above))
                    .into_iter()
                    .collect();
                if division == code {
                    let successors = resource.successors.iter().filter(|taken| *taken != code);
                    above.extend(successors.map(|taken| self.division_uid(taken)));
                }
                Entity::new_no_attrs(self.division_uid(division), above)
            })
            .collect()
    }

    fn division_uid(&self, code: &DivisionCode) -> EntityUid {
        uid(&self.division, &code.to_string())
    }
}

/// What can go wrong when an attribute is evaluated; our attributes are literals, so nothing should.
pub(super) type EvaluationError = cedar_policy::EntityAttrEvaluationError;

fn text(value: impl ToString) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_string())
}
