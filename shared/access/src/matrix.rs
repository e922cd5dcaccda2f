//! The matrix of roles and calls, computed by asking the policies: it cannot say anything else than they do.
//!
//! For every call and every kind of thing it applies to, a canonical person of each role asks for a thing that is
//! its own and for one that is not.

use std::fmt::Write as _;

use ids::{AreaId, DivisionCode, FirmId, OwnerId};
use strum::IntoEnumIterator;

use crate::{Access, Principal, Resource, ResourceKind, Role};

/// What a canonical person of a role may do with a kind of thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed on any.
    Any,
    /// Allowed where one of these relations holds, and not otherwise.
    Own(Vec<&'static str>),
    /// Never allowed.
    Never,
}

/// One line of the matrix: a call, the kinds of things it is asked of with the same outcome, a verdict per role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The call: `funds.CheckDraw`.
    pub action: String,
    /// What it is asked of.
    pub kinds: Vec<ResourceKind>,
    /// One per role, in the order of [`Role::iter`].
    pub verdicts: Vec<Verdict>,
}

/// Where one of the two canonical places lies and who has to do with it.
struct Place {
    division: DivisionCode,
    area: AreaId,
    owner: OwnerId,
    firm: FirmId,
}

/// What there is one of for everybody, so that nothing in it can be one's own.
const BELONGS_TO_NOBODY: [ResourceKind; 3] = [ResourceKind::City, ResourceKind::Session, ResourceKind::Clock];

/// How a person of a role may be related to a thing, and the thing for which it is so.
type Case = (&'static str, Resource);

/// The matrix as it follows from the policies, by service and call.
///
/// # Errors
/// Where the two canonical division codes are none, which they are.
pub fn lines(access: &Access) -> Result<Vec<Line>, ids::CodeError> {
    let here = Place::new("330783004015")?;
    let elsewhere = Place::new("330702001001")?;
    let mut lines: Vec<Line> = Vec::new();
    for action in access.actions() {
        let first = lines.len();
        for kind in access.kinds_of(&action) {
            let verdicts: Vec<Verdict> = Role::iter()
                .map(|role| verdict(access, role, &action, kind, &here, &elsewhere))
                .collect();
            let same = lines[first..].iter_mut().find(|line| line.verdicts == verdicts);
            match same {
                Some(line) => line.kinds.push(kind),
                None => lines.push(Line {
                    action: action.clone(),
                    kinds: vec![kind],
                    verdicts,
                }),
            }
        }
    }
    Ok(lines)
}

/// The matrix as a page of Markdown: `docs/PERMISSIONS.md`.
///
/// # Errors
/// As [`lines`].
pub fn markdown(access: &Access) -> Result<String, ids::CodeError> {
    let mut page = String::from(INTRODUCTION);
    let mut service = String::new();
    for line in lines(access)? {
        let (of, call) = line.action.split_once('.').unwrap_or_default();
        if of != service {
            service = of.to_owned();
            let _ = write!(page, "\n## {service}\n\n| call | on |");
            let _ = write!(page, "{}", Role::iter().map(title).collect::<String>());
            let _ = write!(page, "\n|---|---|{}\n", "---|".repeat(Role::iter().count()));
        }
        let kinds: Vec<&str> = line.kinds.iter().map(|kind| (*kind).into()).collect();
        let kinds = kinds.join(", ").to_lowercase();
        let _ = write!(page, "| `{call}` | {kinds} |");
        for verdict in &line.verdicts {
            let _ = write!(page, " {} |", cell(verdict));
        }
        page.push('\n');
    }
    page.push_str("\n## Services\n\n");
    page.push_str("What a service may do in a reaction or a deadline of its own, where no person acts.\n\n");
    page.push_str("| service | calls |\n|---|---|\n");
    for name in ["committees", "funds", "gateway", "registry"] {
        let calls = calls_of_service(access, name)?;
        let calls = if calls.is_empty() {
            "–".to_owned()
        } else {
            calls.join(", ")
        };
        let _ = writeln!(page, "| {name} | {calls} |");
    }
    Ok(page)
}

const INTRODUCTION: &str = "\
# Permissions

Who may make which call, by role.
This page is computed from the policies in `shared/access/policies`; a test compares the two.
Write it anew with `cargo run -p heju-access --example matrix -- --write`.

- **any**: on every thing of that kind; a list is narrowed by the service to what the caller may see.
- **own**: where the caller owns the home, is the owner, or owns a home in the area, or in the scope of the ballot or draw.
- **area**: in the area whose committee the caller is a member of.
- **manager**, **developer**, **proposer**: where the caller's firm is that.
- **territory**: in the division that is the officer's jurisdiction.
- **member**: where a firm of that city is a member of the association, or somebody is on its roster of mediators.
- **–**: never.

Whoever may not read a thing is answered \"not found\" when changing it, as if it did not exist.
What concerns the city as a whole (imports) asks for a jurisdiction over the whole city.
Somebody without a token may open a session (`gateway.CreateSession`) and read a published roll, masked (`registry.ListPublishedRolls`, `GetPublishedRoll`, `FindOwnLine`).
";

fn calls_of_service(access: &Access, name: &'static str) -> Result<Vec<String>, ids::CodeError> {
    let here = Place::new("330783004015")?;
    let service = Principal::service(name);
    let allowed = |action: &String| {
        let kinds = access.kinds_of(action);
        kinds
            .into_iter()
            .any(|kind| access.answer(&service, action, &here.thing(kind)))
    };
    let actions = access.actions().into_iter().filter(allowed);
    Ok(actions.map(|action| format!("`{action}`")).collect())
}

fn title(role: Role) -> String {
    let chinese = match role {
        Role::Owner => "业主",
        Role::CommitteeMember => "业委会",
        Role::Firm => "企业",
        Role::Association => "协会",
        Role::Community => "社区",
        Role::Street => "街道",
        Role::Authority => "住建",
        Role::Department => "部门",
        Role::Auditor => "审计",
        Role::Administrator => "管理员",
    };
    let english = role.as_str().replace('_', " ");
    format!(" {english} ({chinese}) |")
}

fn cell(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Any => "any".to_owned(),
        Verdict::Own(relations) => relations.join(", "),
        Verdict::Never => "–".to_owned(),
    }
}

fn verdict(
    access: &Access,
    role: Role,
    action: &str,
    kind: ResourceKind,
    here: &Place,
    elsewhere: &Place,
) -> Verdict {
    let person = here.person(role);
    if access.answer(&person, action, &elsewhere.related(kind)) {
        return Verdict::Any;
    }
    let mut relations: Vec<&str> = cases(role, kind, here, elsewhere)
        .into_iter()
        .filter(|(_, resource)| access.answer(&person, action, resource))
        .map(|(relation, _)| relation)
        .collect();
    // Members lie in the territory: what holds in all of it needs no word of them.
    if relations.contains(&"territory") {
        relations.retain(|relation| *relation != "member");
    }
    if relations.is_empty() {
        Verdict::Never
    } else {
        Verdict::Own(relations)
    }
}

/// Things elsewhere, but for the one relation named: so that a verdict names exactly what it hangs on.
fn cases(role: Role, kind: ResourceKind, here: &Place, elsewhere: &Place) -> Vec<Case> {
    let other = || elsewhere.related(kind);
    if BELONGS_TO_NOBODY.contains(&kind) {
        return Vec::new();
    }
    match role {
        Role::Owner => {
            let mut own = other();
            own.owners = [here.owner].into();
            vec![("own", own)]
        }
        Role::CommitteeMember => vec![("area", other().with_area(here.area))],
        Role::Firm => {
            let mut cases = vec![
                ("manager", other().with_manager(here.firm)),
                ("developer", other().with_developer(here.firm)),
            ];
            if matches!(kind, ResourceKind::Draw | ResourceKind::Delineation) {
                cases.push(("proposer", other().with_proposer(here.firm)));
            }
            cases
        }
        Role::Association => {
            let inside = other().with_division(here.division.city());
            let member = inside.clone().with_association(true);
            vec![("territory", inside), ("member", member)]
        }
        Role::Community
        | Role::Street
        | Role::Authority
        | Role::Department
        | Role::Auditor
        | Role::Administrator => {
            let mut inside = other().with_division(here.division);
            if kind == ResourceKind::Division {
                inside.id = here.division.to_string();
            }
            vec![("territory", inside)]
        }
    }
}

impl Place {
    fn new(community: &str) -> Result<Self, ids::CodeError> {
        Ok(Self {
            division: community.parse()?,
            area: AreaId::derive(community),
            owner: OwnerId::derive(community),
            firm: FirmId::derive(community),
        })
    }

    /// A thing of that kind that lies here, with nobody related to it.
    fn thing(&self, kind: ResourceKind) -> Resource {
        if BELONGS_TO_NOBODY.contains(&kind) {
            return Resource::new(kind, "it");
        }
        if kind == ResourceKind::Division {
            return Resource::division(self.division);
        }
        Resource::new(kind, "it")
            .with_division(self.division)
            .with_area(self.area)
    }

    /// The same, with this place's owner and firm in every relation to it.
    fn related(&self, kind: ResourceKind) -> Resource {
        if BELONGS_TO_NOBODY.contains(&kind) {
            return self.thing(kind);
        }
        self.thing(kind)
            .with_owners([self.owner])
            .with_manager(self.firm)
            .with_developer(self.firm)
            .with_proposer(self.firm)
    }

    /// The canonical person of a role who belongs here.
    fn person(&self, role: Role) -> Principal {
        let person = Principal::person("canonical", "").with_role(role);
        match role {
            Role::Owner => person.with_owner(self.owner),
            Role::CommitteeMember => person.with_committee_of(self.area),
            Role::Firm => person.with_firm(self.firm),
            Role::Community => person.with_jurisdiction(self.division),
            Role::Street => person.with_jurisdiction(self.division.street().unwrap_or(self.division)),
            Role::Association | Role::Authority | Role::Department | Role::Auditor => {
                person.with_jurisdiction(self.division.city())
            }
            Role::Administrator => person,
        }
    }
}
