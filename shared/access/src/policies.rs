//! Permissions: the Cedar policies, and the one question that services ask them.
//!
//! The policies live as text in `policies/`, one file per service, compiled into the binary.

mod entities;
mod resource;

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, PolicyId, PolicySet, Request, Schema,
    ValidationMode, Validator,
};

pub use resource::{Resource, ResourceKind};

use crate::{Principal, Role};
use entities::{Types, uid};

/// The schema's text.
const SCHEMA: &str = include_str!("../policies/heju.cedarschema");

/// The policies' text, by service.
const POLICIES: [(&str, &str); 4] = [
    ("registry", include_str!("../policies/registry.cedar")),
    ("committees", include_str!("../policies/committees.cedar")),
    ("funds", include_str!("../policies/funds.cedar")),
    ("gateway", include_str!("../policies/gateway.cedar")),
];

/// The embedded policies, parsed and validated once in the process.
static EMBEDDED: LazyLock<Access> = LazyLock::new(|| match Access::parse() {
    Ok(access) => access,
    // The text is part of the binary and a test validates it: nothing at run time can break it.
    Err(error) => panic!("the embedded policies do not hold: {error}"),
});

/// Answers whether somebody may do something; cheap to clone.
#[derive(Clone)]
pub struct Access {
    book: Arc<Book>,
}

struct Book {
    authorizer: Authorizer,
    schema: Schema,
    policies: PolicySet,
    /// Those that speak of an action, by its name. Cedar evaluates every policy of the set that it is given, and all but a
    /// few say at once that they are not about this action: asked of the few, it answers the same many times sooner.
    by_action: HashMap<String, PolicySet>,
    types: Types,
}

/// A refusal by the policies.
///
/// A service answers `hidden` with its own not-found refusal, all others with `NOT_ALLOWED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", if *.hidden { "not found" } else { "your role does not allow this call on this record" })]
pub struct Denied {
    /// The action refused: `funds.CheckDraw`.
    pub action: &'static str,
    /// True where the caller may not even know that the thing exists: "not found" and "may not know" are one answer.
    pub hidden: bool,
}

impl Denied {
    /// Stable reason: `NOT_FOUND` or `NOT_ALLOWED`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        if self.hidden { "NOT_FOUND" } else { "NOT_ALLOWED" }
    }

    /// The message in Chinese.
    #[must_use]
    pub fn zh(&self) -> &'static str {
        if self.hidden {
            "未找到"
        } else {
            "您的角色无权对该记录进行此操作"
        }
    }
}

/// Why the policies cannot be used.
#[derive(Debug, thiserror::Error)]
enum PoliciesError {
    #[error("the schema does not parse: {0}")]
    Schema(Box<cedar_policy::CedarSchemaError>),
    #[error("{service}.cedar does not parse: {error}")]
    Parse {
        service: &'static str,
        error: Box<cedar_policy::ParseErrors>,
    },
    #[error("{service}.cedar: a policy has no @id or its id is taken: {id}")]
    Id { service: &'static str, id: String },
    #[error("a type name does not parse: {0}")]
    Types(Box<cedar_policy::ParseErrors>),
    #[error("the policies contradict the schema: {0}")]
    Invalid(String),
}

impl Access {
    /// The policies that are part of the binary.
    #[must_use]
    pub fn embedded() -> Self {
        EMBEDDED.clone()
    }

    /// Whether the policies allow the action: `"funds.CheckDraw"`.
    ///
    /// An unknown action, or one that does not apply to such a resource, is a bug of the caller:
    /// it is logged as an error and refused.
    #[must_use]
    pub fn allows(&self, principal: &Principal, action: &'static str, resource: &Resource) -> bool {
        self.answer(principal, action, resource)
    }

    /// The same for an action known only at run time: the matrix walks through all of them.
    pub(crate) fn answer(&self, principal: &Principal, action: &str, resource: &Resource) -> bool {
        match self.decide(principal, action, resource) {
            Ok(allowed) => allowed,
            Err(error) => {
                tracing::error!(
                    access.action = action,
                    resource.kind = <&str>::from(resource.kind),
                    error,
                    "the policies cannot be asked this question"
                );
                false
            }
        }
    }

    /// Refuses unless the policies allow the action.
    ///
    /// # Errors
    /// [`Denied`], hidden where the caller may not read the resource either.
    pub fn require(
        &self,
        principal: &Principal,
        action: &'static str,
        resource: &Resource,
    ) -> Result<(), Denied> {
        if self.allows(principal, action, resource) {
            return Ok(());
        }
        let read = resource.kind.read_action();
        let hidden = action == read || !self.allows(principal, read, resource);
        tracing::debug!(
            access.action = action,
            access.hidden = hidden,
            "refused by the policies"
        );
        Err(Denied { action, hidden })
    }

    /// Refuses unless the caller may know that the resource exists: the first thing to ask of a loaded record.
    ///
    /// # Errors
    /// [`Denied`], always hidden.
    pub fn require_known(&self, principal: &Principal, resource: &Resource) -> Result<(), Denied> {
        let action = resource.kind.read_action();
        if self.allows(principal, action, resource) {
            return Ok(());
        }
        Err(Denied { action, hidden: true })
    }

    /// The role by which the action is allowed, for the audit; none where it is refused or a service acts.
    #[must_use]
    pub fn acting_role(
        &self,
        principal: &Principal,
        action: &'static str,
        resource: &Resource,
    ) -> Option<Role> {
        principal.roles.iter().copied().find(|role| {
            let mut alone = principal.clone();
            alone.roles = [*role].into();
            self.allows(&alone, action, resource)
        })
    }

    /// Every action of the schema, in alphabetical order.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        let mut actions: Vec<String> = self
            .book
            .schema
            .actions()
            .map(|action| action.id().unescaped().to_owned())
            .collect();
        actions.sort_unstable();
        actions
    }

    /// The kinds of resources that an action of the schema applies to.
    #[must_use]
    pub fn kinds_of(&self, action: &str) -> Vec<ResourceKind> {
        use strum::IntoEnumIterator;
        let action = uid(&self.book.types.action, action);
        let types = self.book.schema.resources_for_action(&action);
        let names: Vec<String> = types.into_iter().flatten().map(ToString::to_string).collect();
        ResourceKind::iter()
            .filter(|kind| names.iter().any(|name| name == <&str>::from(*kind)))
            .collect()
    }

    /// The actions that the policies name one by one; a policy that names none is an error of the book.
    #[must_use]
    pub fn actions_with_policies(&self) -> Vec<String> {
        let mut actions: Vec<String> = self
            .book
            .policies
            .policies()
            .flat_map(|policy| match policy.action_constraint() {
                ActionConstraint::Any => Vec::new(),
                ActionConstraint::Eq(action) => vec![action],
                ActionConstraint::In(actions) => actions,
            })
            .map(|action| action.id().unescaped().to_owned())
            .collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    /// Every policy with its id, `<service>:<id>`, as it is written.
    pub fn policies(&self) -> impl Iterator<Item = (String, String)> {
        self.book
            .policies
            .policies()
            .map(|policy| (policy.id().to_string(), policy.to_string()))
    }

    fn decide(&self, principal: &Principal, action: &str, resource: &Resource) -> Result<bool, String> {
        let Book {
            authorizer,
            schema,
            by_action,
            types,
            ..
        } = &*self.book;
        // An action of which no policy speaks is allowed to nobody.
        let Some(policies) = by_action.get(action) else {
            return Ok(false);
        };
        let request = Request::new(
            types.principal_uid(principal),
            uid(&types.action, action),
            types.resource_uid(resource),
            Context::empty(),
            Some(schema),
        );
        let request = match request {
            Ok(request) => request,
            // A service or somebody without a token asks for what only persons may: that is a refusal, not a bug.
            Err(cedar_policy::RequestValidationError::InvalidPrincipalType(_)) => return Ok(false),
            Err(error) => return Err(error.to_string()),
        };
        let mut entities = vec![types.principal(principal).map_err(|error| error.to_string())?];
        // A division stands in the hierarchy itself; everything else hangs below the division it lies in.
        if resource.kind != ResourceKind::Division {
            let entity = types.resource(resource);
            entities.push(entity.map_err(|error| error.to_string())?);
        }
        entities.extend(types.divisions(resource));
        let entities = Entities::from_entities(entities, None).map_err(|error| error.to_string())?;
        let response = authorizer.is_authorized(&request, policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(error.to_string());
        }
        Ok(response.decision() == Decision::Allow)
    }

    fn parse() -> Result<Self, PoliciesError> {
        let (schema, _warnings) =
            Schema::from_cedarschema_str(SCHEMA).map_err(|error| PoliciesError::Schema(Box::new(error)))?;
        let mut policies = PolicySet::new();
        for (service, text) in POLICIES {
            let file = PolicySet::from_str(text).map_err(|error| PoliciesError::Parse {
                service,
                error: Box::new(error),
            })?;
            for policy in file.policies() {
                let name = policy.annotation("id").unwrap_or_default();
                let id = format!("{service}:{name}");
                let taken = || PoliciesError::Id {
                    service,
                    id: id.clone(),
                };
                if name.is_empty() {
                    return Err(taken());
                }
                policies
                    .add(policy.new_id(PolicyId::new(&id)))
                    .map_err(|_| taken())?;
            }
        }
        let verdict = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if !verdict.validation_passed_without_warnings() {
            return Err(PoliciesError::Invalid(format!("{verdict:?}")));
        }
        let types = Types::parse().map_err(|error| PoliciesError::Types(Box::new(error)))?;
        let by_action = by_action(&schema, &policies)?;
        let book = Book {
            authorizer: Authorizer::new(),
            schema,
            policies,
            by_action,
            types,
        };
        Ok(Self { book: Arc::new(book) })
    }
}

/// The policies that speak of each action of the schema; one that names no action speaks of all.
fn by_action(schema: &Schema, policies: &PolicySet) -> Result<HashMap<String, PolicySet>, PoliciesError> {
    let mut slices: HashMap<String, PolicySet> = HashMap::new();
    for action in schema.actions() {
        let name = action.id().unescaped();
        for policy in policies.policies() {
            let speaks = match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::Eq(named) => named == *action,
                ActionConstraint::In(named) => named.contains(action),
            };
            if speaks {
                let slice = slices.entry(name.to_owned()).or_default();
                slice
                    .add(policy.clone())
                    .map_err(|error| PoliciesError::Invalid(error.to_string()))?;
            }
        }
    }
    Ok(slices)
}
