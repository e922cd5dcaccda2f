//! Messages about the records of owners and how homes are held, both ways.

use ids::OwnerId;
use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::{optional_division, text};
use crate::app::owner::agents::{EndAgent, NameAgent};
use crate::app::owner::find_owner::FindOwner;
use crate::app::owner::holdings::{ChooseRepresentative, RecordTitle, SetShares};
use crate::app::owner::reveal_owner::{RevealOwner, Revealed};
use crate::app::owner::set_mobile::SetMobile;
use crate::app::owner::verify_owner::VerifyOwner;
use crate::domain::look::{Look, LookKind};
use crate::domain::owner::agent::{Agent, Ground};
use crate::domain::owner::holding::{Form, Holding, Share, Title};
use crate::domain::owner::record::{Mismatch, Mobile, OwnerRecord, Verification};
use crate::domain::owner::representation::Representation;
use crate::domain::owner::{Document, DocumentKind, Owner};

const NAME_LENGTH_MAX: usize = 100;
/// Hexadecimal digits of SHA-256.
const DIGEST_LENGTH: usize = 64;
/// Most shares of one home.
const SHARES_MAX: usize = 50;

impl TryFrom<pb::RevealOwnerRequest> for RevealOwner {
    type Error = Invalid;

    fn try_from(request: pb::RevealOwnerRequest) -> Result<Self, Invalid> {
        Ok(RevealOwner {
            owner_id: field::id("ownerId", &request.owner_id)?,
        })
    }
}

impl TryFrom<pb::FindOwnerRequest> for FindOwner {
    type Error = Invalid;

    fn try_from(request: pb::FindOwnerRequest) -> Result<Self, Invalid> {
        let kind = match request.document_kind() {
            pb::DocumentKind::Unspecified => return Err(missing("documentKind", "DOCUMENT_KIND_MISSING")),
            pb::DocumentKind::CitizenId => DocumentKind::CitizenId,
            pb::DocumentKind::CreditCode => DocumentKind::CreditCode,
        };
        let division = optional_division("divisionCode", &request.division_code)?;
        Ok(FindOwner {
            document: document("documentNumber", kind, &request.document_number)?,
            division: division.ok_or_else(|| {
                Invalid::new(
                    "divisionCode",
                    "DIVISION_CODE_MISSING",
                    "must say where to look, such as your own division",
                    "须指定查找的行政区划，例如您所辖的区划",
                )
            })?,
        })
    }
}

/// Reads a document's number; nothing of it is repeated in a refusal.
fn document(name: &'static str, kind: DocumentKind, number: &str) -> Result<Document, Invalid> {
    Document::read(kind, number.trim())
        .map_err(|error| Invalid::new(name, error.reason(), error.to_string(), error.zh()))
}

fn missing(name: &'static str, reason: &'static str) -> Invalid {
    Invalid::new(
        name,
        reason,
        "must be one of the listed values",
        "必须是所列取值之一",
    )
}

impl TryFrom<pb::SetMobileRequest> for SetMobile {
    type Error = Invalid;

    fn try_from(request: pb::SetMobileRequest) -> Result<Self, Invalid> {
        let mobile = if request.mobile.trim().is_empty() {
            None
        } else {
            let malformed = || {
                Invalid::new(
                    "mobile",
                    "MOBILE_MALFORMED",
                    "must be a mobile number of 11 digits",
                    "应为 11 位手机号码",
                )
            };
            Some(Mobile::read(&request.mobile).ok_or_else(malformed)?)
        };
        Ok(SetMobile {
            owner_id: field::id("ownerId", &request.owner_id)?,
            mobile,
        })
    }
}

impl TryFrom<pb::VerifyOwnerRequest> for VerifyOwner {
    type Error = Invalid;

    fn try_from(request: pb::VerifyOwnerRequest) -> Result<Self, Invalid> {
        let on = field::date("verifiedOn", &request.verified_on)?;
        let what = match request.mismatch() {
            pb::Mismatch::Unspecified => None,
            pb::Mismatch::NotRegistered => Some(Mismatch::NotRegistered),
            pb::Mismatch::Name => Some(Mismatch::Name),
            pb::Mismatch::Document => Some(Mismatch::Document),
            pb::Mismatch::CoOwners => Some(Mismatch::CoOwners),
            pb::Mismatch::Home => Some(Mismatch::Home),
        };
        let verification = match (request.verification(), what) {
            (pb::Verification::Unspecified | pb::Verification::Open, _) => {
                return Err(missing("verification", "VERIFICATION_MISSING"));
            }
            (pb::Verification::Verified, None) => Verification::Verified { on },
            (pb::Verification::Verified, Some(_)) => {
                return Err(Invalid::new(
                    "mismatch",
                    "MISMATCH_UNEXPECTED",
                    "must be left out where the owner agrees with the register",
                    "核验一致时不应填写",
                ));
            }
            (pb::Verification::Mismatch, Some(what)) => Verification::Mismatch { on, what },
            (pb::Verification::Mismatch, None) => return Err(missing("mismatch", "MISMATCH_MISSING")),
        };
        Ok(VerifyOwner {
            owner_id: field::id("ownerId", &request.owner_id)?,
            verification,
        })
    }
}

impl TryFrom<pb::NameAgentRequest> for NameAgent {
    type Error = Invalid;

    fn try_from(request: pb::NameAgentRequest) -> Result<Self, Invalid> {
        let ground = match request.ground() {
            pb::AgentGround::Unspecified => return Err(missing("ground", "AGENT_GROUND_MISSING")),
            pb::AgentGround::Minor => Ground::Minor,
            pb::AgentGround::Incapacity => Ground::Incapacity,
            pb::AgentGround::LegalPerson => Ground::LegalPerson,
        };
        let until_on = request.until_on.trim();
        Ok(NameAgent {
            owner_id: field::id("ownerId", &request.owner_id)?,
            ground,
            name: field::text("name", &request.name, NAME_LENGTH_MAX, "NAME_MISSING")?,
            document: document("citizenId", DocumentKind::CitizenId, &request.citizen_id)?,
            from_on: field::date("fromOn", &request.from_on)?,
            until_on: (!until_on.is_empty())
                .then(|| field::date("untilOn", until_on))
                .transpose()?,
            document_digest: digest(&request.document_digest)?,
        })
    }
}

impl TryFrom<pb::EndAgentRequest> for EndAgent {
    type Error = Invalid;

    fn try_from(request: pb::EndAgentRequest) -> Result<Self, Invalid> {
        Ok(EndAgent {
            owner_id: field::id("ownerId", &request.owner_id)?,
            until_on: field::date("untilOn", &request.until_on)?,
        })
    }
}

/// Reads SHA-256 in hexadecimal; may be empty.
fn digest(text: &str) -> Result<String, Invalid> {
    let text = text.trim().to_ascii_lowercase();
    let fits = text.len() == DIGEST_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() || fits {
        return Ok(text);
    }
    Err(Invalid::new(
        "documentDigest",
        "DIGEST_MALFORMED",
        "must be SHA-256 in 64 hexadecimal digits",
        "应为 64 位十六进制的 SHA-256",
    ))
}

impl TryFrom<pb::SetSharesRequest> for SetShares {
    type Error = Invalid;

    fn try_from(request: pb::SetSharesRequest) -> Result<Self, Invalid> {
        if request.shares.len() > SHARES_MAX {
            return Err(Invalid::new(
                "shares",
                "TOO_MANY_IDS",
                format!("at most {SHARES_MAX} are taken"),
                format!("最多 {SHARES_MAX} 个"),
            ));
        }
        let form = match (request.form(), request.shares.is_empty()) {
            (pb::HoldingForm::Unspecified, _) => return Err(missing("form", "HOLDING_FORM_MISSING")),
            (pb::HoldingForm::Joint, true) => Form::Joint,
            (pb::HoldingForm::Joint, false) => {
                return Err(Invalid::new(
                    "shares",
                    "SHARES_UNEXPECTED",
                    "must be left out where the home is held jointly",
                    "共同共有不填写份额",
                ));
            }
            (pb::HoldingForm::Shares, _) => {
                let shares = request.shares.iter().map(|share| {
                    Ok(Share {
                        owner_id: field::id("shares.ownerId", &share.owner_id)?,
                        numerator: share.numerator,
                        denominator: share.denominator,
                    })
                });
                Form::Shares(shares.collect::<Result<_, Invalid>>()?)
            }
        };
        Ok(SetShares {
            home_id: field::id("homeId", &request.home_id)?,
            form,
        })
    }
}

impl TryFrom<pb::RecordTitleRequest> for RecordTitle {
    type Error = Invalid;

    fn try_from(request: pb::RecordTitleRequest) -> Result<Self, Invalid> {
        let title = match request.title() {
            pb::Title::Unspecified => return Err(missing("title", "HOME_TITLE_MISSING")),
            pb::Title::Registered => Title::Registered {
                on: Some(field::date("registeredOn", &request.registered_on)?),
            },
            pb::Title::Possession => Title::Possession,
        };
        Ok(RecordTitle {
            home_id: field::id("homeId", &request.home_id)?,
            title,
        })
    }
}

impl TryFrom<pb::ChooseRepresentativeRequest> for ChooseRepresentative {
    type Error = Invalid;

    fn try_from(request: pb::ChooseRepresentativeRequest) -> Result<Self, Invalid> {
        Ok(ChooseRepresentative {
            home_id: field::id("homeId", &request.home_id)?,
            owner_id: field::id("ownerId", &request.owner_id)?,
            from_on: field::date("fromOn", &request.from_on)?,
            document_digest: digest(&request.document_digest)?,
        })
    }
}

impl From<Revealed> for pb::RevealedOwner {
    fn from(owner: Revealed) -> Self {
        pb::RevealedOwner {
            owner_id: owner.owner_id.to_string(),
            name: owner.name,
            legal_person: owner.legal_person,
            document_number: owner.document_number,
            mobile: owner.mobile.unwrap_or_default(),
            look_id: owner.look_id.to_string(),
        }
    }
}

impl From<LookKind> for pb::LookKind {
    fn from(kind: LookKind) -> Self {
        match kind {
            LookKind::Revealed => pb::LookKind::Revealed,
            LookKind::Found => pb::LookKind::Found,
            LookKind::Exported => pb::LookKind::Exported,
        }
    }
}

impl From<Look> for pb::Look {
    fn from(look: Look) -> Self {
        pb::Look {
            look_id: look.id.to_string(),
            kind: pb::LookKind::from(look.kind).into(),
            account: look.account,
            role: look.role,
            division_code: look.division,
            reason: look.reason,
            fields: look.fields,
            looked_at: Some(look.looked_at.into()),
            times: look.times,
            last_at: Some(look.last_at.into()),
            call: look.call,
        }
    }
}

/// The word of a verification, and what differs.
pub(in crate::api) fn verification(found: Verification) -> (pb::Verification, pb::Mismatch) {
    match found {
        Verification::Open => (pb::Verification::Open, pb::Mismatch::Unspecified),
        Verification::Verified { .. } => (pb::Verification::Verified, pb::Mismatch::Unspecified),
        Verification::Mismatch { what, .. } => {
            let what = match what {
                Mismatch::NotRegistered => pb::Mismatch::NotRegistered,
                Mismatch::Name => pb::Mismatch::Name,
                Mismatch::Document => pb::Mismatch::Document,
                Mismatch::CoOwners => pb::Mismatch::CoOwners,
                Mismatch::Home => pb::Mismatch::Home,
            };
            (pb::Verification::Mismatch, what)
        }
    }
}

impl From<Ground> for pb::AgentGround {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Minor => pb::AgentGround::Minor,
            Ground::Incapacity => pb::AgentGround::Incapacity,
            Ground::LegalPerson => pb::AgentGround::LegalPerson,
        }
    }
}

impl From<Agent> for pb::Agent {
    fn from(agent: Agent) -> Self {
        pb::Agent {
            agent_id: agent.agent_id.to_string(),
            name: agent.name,
            ground: pb::AgentGround::from(agent.ground).into(),
            from_on: agent.from_on.to_string(),
            until_on: text(agent.until_on),
            document_digest: agent.document_digest,
        }
    }
}

impl From<OwnerRecord> for pb::OwnerRecord {
    fn from(record: OwnerRecord) -> Self {
        let (word, what) = verification(record.verification);
        pb::OwnerRecord {
            owner_id: record.owner_id.to_string(),
            mobile: record.mobile.unwrap_or_default(),
            verification: word.into(),
            verified_on: text(record.verification.on()),
            mismatch: what.into(),
            agents: record.agents.into_iter().map(Into::into).collect(),
            version: record.version,
        }
    }
}

/// An owner that is not verified.
pub(in crate::api) fn unverified((owner, found): (Owner, Verification)) -> pb::UnverifiedOwner {
    let (word, what) = verification(found);
    pb::UnverifiedOwner {
        owner: Some(owner.into()),
        verification: word.into(),
        mismatch: what.into(),
    }
}

impl From<Holding> for pb::Holding {
    fn from(held: Holding) -> Self {
        let ids = |ids: &[OwnerId]| ids.iter().map(ToString::to_string).collect();
        let (form, shares) = match held.form {
            Form::Joint => (pb::HoldingForm::Joint, Vec::new()),
            Form::Shares(shares) => (pb::HoldingForm::Shares, shares),
        };
        let (title, registered_on) = match held.title {
            Title::Registered { on } => (pb::Title::Registered, on),
            Title::Possession => (pb::Title::Possession, None),
        };
        pb::Holding {
            holding_id: held.id.to_string(),
            home_id: held.ownership.home_id.to_string(),
            owner_ids: ids(&held.ownership.owner_ids),
            since: held.ownership.valid_from.to_string(),
            form: form.into(),
            shares: shares
                .into_iter()
                .map(|share| pb::OwnershipShare {
                    owner_id: share.owner_id.to_string(),
                    numerator: share.numerator,
                    denominator: share.denominator,
                })
                .collect(),
            title: title.into(),
            registered_on: text(registered_on),
            version: held.version,
        }
    }
}

impl From<Representation> for pb::Representation {
    fn from(chosen: Representation) -> Self {
        pb::Representation {
            representation_id: chosen.id.to_string(),
            area_id: chosen.area_id.to_string(),
            head_key: chosen.head_key.to_string(),
            owner_id: chosen.owner_id.to_string(),
            from_on: chosen.from_on.to_string(),
            version: chosen.version,
        }
    }
}
