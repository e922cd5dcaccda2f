//! Each change is refused to the wrong street, owner, firm and area, and to the roles that never make it.

use access::{Access, Principal, Resource, ResourceKind, Role};
use ids::{AreaId, FirmId, OwnerId};
use strum::IntoEnumIterator;

use crate::world::*;

/// Every change, what it is made to, and who makes it on the first estate.
const CHANGES: &[(&str, ResourceKind, &[Role])] = &[
    ("registry.TransferHome", ResourceKind::Home, &[Role::Authority]),
    (
        "registry.DeliverHomes",
        ResourceKind::Building,
        &[Role::Street, Role::Authority],
    ),
    ("registry.ImportTable", ResourceKind::City, IMPORTERS),
    ("registry.BeginImport", ResourceKind::City, IMPORTERS),
    ("registry.UploadPart", ResourceKind::City, IMPORTERS),
    ("registry.CancelImport", ResourceKind::City, IMPORTERS),
    ("registry.RecordContract", ResourceKind::Area, CALLERS),
    // The developer too, which is nobody's manager: in `developers`.
    (
        "registry.RecordEarlyContract",
        ResourceKind::Area,
        &[Role::Authority],
    ),
    (
        "registry.AppointTemporaryFirm",
        ResourceKind::Area,
        &[Role::Street],
    ),
    ("registry.RenewContract", ResourceKind::Contract, CALLERS),
    ("registry.DismissFirm", ResourceKind::Contract, CALLERS),
    (
        "registry.EndIndefinite",
        ResourceKind::Contract,
        &[Role::CommitteeMember, Role::Firm, Role::Community, Role::Street],
    ),
    ("registry.ConfirmHandBack", ResourceKind::Contract, CALLERS),
    ("registry.ChangeManagementMode", ResourceKind::Area, CALLERS),
    ("registry.DeclineRenewal", ResourceKind::Contract, &[Role::Firm]),
    (
        "registry.RecordSubcontract",
        ResourceKind::Contract,
        &[Role::Firm],
    ),
    (
        "registry.FileContract",
        ResourceKind::Contract,
        &[Role::Authority],
    ),
    ("registry.FileFirm", ResourceKind::Firm, &[Role::Authority]),
    ("registry.ChangeFirm", ResourceKind::Firm, &[Role::Authority]),
    ("registry.RenameFirm", ResourceKind::Firm, &[Role::Authority]),
    ("registry.RevokeFirm", ResourceKind::Firm, &[Role::Authority]),
    ("registry.JoinAssociation", ResourceKind::Firm, UNITERS),
    ("registry.LeaveAssociation", ResourceKind::Firm, UNITERS),
    (
        "registry.WithdrawCertificate",
        ResourceKind::Firm,
        &[Role::Authority],
    ),
    // Community and street too, of an area's project manager: in `own_records`.
    (
        "registry.RevealStaff",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    ("registry.RecordTraining", ResourceKind::Firm, UNITERS),
    ("registry.RecordConduct", ResourceKind::Firm, UNITERS),
    (
        "registry.RecordCertificate",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    (
        "registry.RenewCertificate",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    (
        "registry.EmployStaff",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    (
        "registry.EndEmployment",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    (
        "registry.AssignManager",
        ResourceKind::Firm,
        &[Role::Firm, Role::Authority],
    ),
    (
        "registry.EnrolRosterMember",
        ResourceKind::RosterMember,
        &[Role::Authority],
    ),
    (
        "registry.ChangeRosterMember",
        ResourceKind::RosterMember,
        &[Role::Authority],
    ),
    (
        "registry.SuspendRosterMember",
        ResourceKind::RosterMember,
        &[Role::Authority],
    ),
    (
        "registry.ReinstateRosterMember",
        ResourceKind::RosterMember,
        &[Role::Authority],
    ),
    (
        "registry.RemoveRosterMember",
        ResourceKind::RosterMember,
        &[Role::Authority],
    ),
    (
        "registry.CorrectExclusiveArea",
        ResourceKind::Home,
        &[Role::Authority],
    ),
    ("registry.SellHomes", ResourceKind::Building, &[Role::Authority]),
    (
        "registry.RecordBuildingFacts",
        ResourceKind::Building,
        &[Role::Authority],
    ),
    ("registry.RegisterEquipment", ResourceKind::Area, KEEPERS),
    ("registry.RecordInspection", ResourceKind::Area, KEEPERS),
    ("registry.RetireEquipment", ResourceKind::Area, KEEPERS),
    ("registry.RecordParking", ResourceKind::Area, KEEPERS),
    (
        "registry.RevealOwner",
        ResourceKind::Owner,
        &[Role::Owner, Role::Street, Role::Authority],
    ),
    (
        "registry.FindOwner",
        ResourceKind::Division,
        &[Role::Street, Role::Authority],
    ),
    (
        "registry.SetMobile",
        ResourceKind::Owner,
        &[Role::Owner, Role::Street],
    ),
    ("registry.VerifyOwner", ResourceKind::Owner, &[Role::Street]),
    ("registry.NameAgent", ResourceKind::Owner, &[Role::Street]),
    ("registry.EndAgent", ResourceKind::Owner, &[Role::Street]),
    (
        "registry.SetShares",
        ResourceKind::Home,
        &[Role::Street, Role::Authority],
    ),
    (
        "registry.RecordTitle",
        ResourceKind::Home,
        &[Role::Street, Role::Authority],
    ),
    (
        "registry.ChooseRepresentative",
        ResourceKind::Home,
        &[Role::Community, Role::Street],
    ),
    ("registry.PublishRoll", ResourceKind::Area, CALLERS),
    ("registry.WithdrawRoll", ResourceKind::Area, CALLERS),
    ("registry.RaiseObjection", ResourceKind::Area, &[Role::Owner]),
    (
        "registry.AnswerObjection",
        ResourceKind::Area,
        &[Role::Community, Role::Street],
    ),
    (
        "registry.RenameDivision",
        ResourceKind::Division,
        &[Role::Authority],
    ),
    (
        "registry.MergeDivisions",
        ResourceKind::Division,
        &[Role::Authority],
    ),
    (
        "registry.SetDivisionBoundary",
        ResourceKind::Division,
        &[Role::Authority],
    ),
    ("registry.SetAreaBoundary", ResourceKind::Area, &[Role::Authority]),
    (
        "registry.ImportBoundaries",
        ResourceKind::City,
        &[Role::Authority],
    ),
    (
        "registry.ConsultOnDesign",
        ResourceKind::Delineation,
        &[Role::Department],
    ),
    (
        "registry.AnswerDesign",
        ResourceKind::Delineation,
        &[Role::Authority],
    ),
    (
        "registry.ApplyForDelineation",
        ResourceKind::Delineation,
        &[Role::Firm],
    ),
    (
        "registry.GiveDelineationOpinion",
        ResourceKind::Delineation,
        &[Role::Community, Role::Street],
    ),
    (
        "registry.DecideDelineation",
        ResourceKind::Delineation,
        &[Role::Authority],
    ),
    ("registry.ProposeRegrouping", ResourceKind::Regrouping, PROPOSERS),
    // The developer too, which is nobody's manager: in `developers`.
    (
        "registry.RecordRegroupingConsent",
        ResourceKind::Regrouping,
        CALLERS,
    ),
    (
        "registry.GiveRegroupingOpinion",
        ResourceKind::Regrouping,
        &[Role::Community, Role::Street],
    ),
    (
        "registry.DecideRegrouping",
        ResourceKind::Regrouping,
        &[Role::Authority],
    ),
    ("registry.WithdrawRegrouping", ResourceKind::Regrouping, PROPOSERS),
    (
        "registry.CheckServiceRooms",
        ResourceKind::Area,
        &[Role::Authority],
    ),
    (
        "registry.RecordFeeStandard",
        ResourceKind::Area,
        &[Role::Authority],
    ),
    (
        "registry.ProposePriceAdjustment",
        ResourceKind::Area,
        &[Role::Firm],
    ),
    (
        "registry.PublishPriceAdjustment",
        ResourceKind::Adjustment,
        &[Role::CommitteeMember],
    ),
    (
        "registry.RequestPriceBallot",
        ResourceKind::Adjustment,
        &[Role::CommitteeMember],
    ),
    (
        "registry.DecidePriceAdjustment",
        ResourceKind::Adjustment,
        &[Role::CommitteeMember],
    ),
    (
        "registry.WithdrawPriceAdjustment",
        ResourceKind::Adjustment,
        &[Role::CommitteeMember, Role::Firm],
    ),
    (
        "registry.RecordSatisfaction",
        ResourceKind::Area,
        &[Role::Street, Role::Authority],
    ),
    ("committees.PrepareBallot", ResourceKind::Area, CALLERS),
    ("committees.AnnounceBallot", ResourceKind::Ballot, CALLERS),
    ("committees.WithdrawBallot", ResourceKind::Ballot, CALLERS),
    ("committees.CastVote", ResourceKind::Ballot, &[Role::Owner]),
    ("funds.ProposeDraw", ResourceKind::Area, &[Role::Firm]),
    (
        "funds.CheckDraw",
        ResourceKind::Draw,
        &[Role::Community, Role::Street],
    ),
    ("funds.WithdrawDraw", ResourceKind::Draw, &[Role::Firm]),
    ("funds.AcceptWork", ResourceKind::Draw, CALLERS),
    ("funds.PayDraw", ResourceKind::Draw, &[Role::Authority]),
    ("funds.ImportDeposits", ResourceKind::City, &[Role::Authority]),
    (
        "gateway.AdvanceClock",
        ResourceKind::Clock,
        &[Role::Administrator],
    ),
];

/// Who says which firms are united in the association, and what it keeps of them.
const UNITERS: &[Role] = &[Role::Association, Role::Authority];

/// Who keeps what serves an area.
const KEEPERS: &[Role] = &[Role::CommitteeMember, Role::Firm, Role::Authority];

/// Who calls the assembly and accepts for it.
const IMPORTERS: &[Role] = &[Role::Authority, Role::Administrator];
/// Who proposes how areas are regrouped.
const PROPOSERS: &[Role] = &[
    Role::CommitteeMember,
    Role::Community,
    Role::Street,
    Role::Authority,
];
const CALLERS: &[Role] = &[Role::CommitteeMember, Role::Community, Role::Street];

pub fn allows(principal: &Principal, action: &'static str, resource: &Resource) -> bool {
    Access::embedded().allows(principal, action, resource)
}

#[test]
fn the_list_of_changes_is_the_contracts() {
    let mut writes: Vec<String> = proto::catalog::calls()
        .iter()
        .filter(|call| call.write)
        .map(|call| format!("{}.{}", call.service, call.name))
        .collect();
    let mut listed: Vec<String> = CHANGES.iter().map(|change| change.0.to_owned()).collect();
    writes.sort();
    listed.sort();
    assert_eq!(writes, listed);
}

#[test]
fn each_change_is_made_by_its_roles_and_no_other() {
    for (action, kind, roles) in CHANGES {
        for role in Role::iter() {
            assert_eq!(
                allows(&someone(role), action, &here(*kind)),
                roles.contains(&role),
                "{role} {action}"
            );
        }
        assert!(!allows(&Principal::anonymous(), action, &here(*kind)), "{action}");
        let nobody = Principal::person("account", "无角色");
        assert!(!allows(&nobody, action, &here(*kind)), "{action} without a role");
    }
}

#[test]
fn each_change_to_another_estate_is_refused_but_to_the_citys_officers() {
    for (action, kind, roles) in CHANGES {
        if matches!(kind, ResourceKind::City | ResourceKind::Clock) {
            continue;
        }
        for role in *roles {
            let citywide = matches!(role, Role::Association | Role::Authority | Role::Department);
            assert_eq!(
                allows(&someone(*role), action, &elsewhere(*kind)),
                citywide,
                "{role} {action}"
            );
        }
    }
}

#[test]
fn each_change_is_refused_to_the_wrong_street_community_and_city() {
    for (action, kind, roles) in CHANGES {
        if *kind == ResourceKind::Clock {
            continue;
        }
        let officers = [Role::Association, Role::Community, Role::Street, Role::Authority];
        for role in officers.into_iter().filter(|role| roles.contains(role)) {
            let wrong: &[&str] = if *kind == ResourceKind::City {
                // A part of the city is not the city.
                &[STREET, COMMUNITY]
            } else {
                &[OTHER_STREET, OTHER_COMMUNITY, NEIGHBOUR_COMMUNITY, OTHER_CITY]
            };
            for division in wrong {
                let officer = someone(role).with_jurisdiction(code(division));
                assert!(
                    !allows(&officer, action, &here(*kind)),
                    "{role} of {division}: {action}"
                );
            }
            let mut nowhere = someone(role);
            nowhere.jurisdiction = None;
            assert!(
                !allows(&nowhere, action, &here(*kind)),
                "{role} of nowhere: {action}"
            );
        }
    }
}

#[test]
fn each_change_is_refused_to_the_wrong_owner_firm_and_committee() {
    for (action, kind, roles) in CHANGES {
        let strangers = [
            someone(Role::Owner).with_owner(OwnerId::derive("stranger")),
            someone(Role::Firm).with_firm(FirmId::derive("stranger")),
            someone(Role::CommitteeMember).with_committee_of(AreaId::derive("stranger")),
            // The right ids in the wrong role.
            someone(Role::Owner)
                .with_firm(firm())
                .with_owner(OwnerId::derive("stranger")),
            someone(Role::Department).with_owner(owner()).with_firm(firm()),
            someone(Role::Auditor).with_committee_of(area()),
        ];
        // A department that may make the change is no stranger to it, whatever else it is.
        let may = |person: &Principal| roles.contains(&Role::Department) && person.has_role(Role::Department);
        for stranger in strangers.iter().filter(|person| !may(person)) {
            assert!(
                !allows(stranger, action, &here(*kind)),
                "{stranger:?} {action} for {roles:?}"
            );
        }
    }
}

#[test]
fn nothing_is_granted_by_what_is_not_known_of_a_thing() {
    for (action, kind, _) in CHANGES {
        if matches!(kind, ResourceKind::City | ResourceKind::Clock) {
            continue;
        }
        for role in Role::iter() {
            let bare = Resource::new(*kind, "it");
            assert!(!allows(&someone(role), action, &bare), "{role} {action}");
        }
    }
}

#[test]
fn a_firm_neither_accepts_its_own_work_nor_withdraws_anothers_draw() {
    let firm = someone(Role::Firm);
    let mut draw = here(ResourceKind::Draw);
    assert!(!allows(&firm, "funds.AcceptWork", &draw));
    draw.proposer = Some(FirmId::derive("its predecessor"));
    assert!(!allows(&firm, "funds.WithdrawDraw", &draw));
}

#[test]
fn a_change_to_a_thing_one_may_not_read_is_hidden_and_to_one_that_one_may_is_not() {
    let access = Access::embedded();
    let wrong_street = someone(Role::Street).with_jurisdiction(code(OTHER_STREET));
    let draw = here(ResourceKind::Draw);
    let denied = access
        .require(&wrong_street, "funds.CheckDraw", &draw)
        .unwrap_err();
    assert!(denied.hidden);
    assert_eq!(denied.reason(), "NOT_FOUND");
    assert!(access.require_known(&wrong_street, &draw).unwrap_err().hidden);

    let auditor = someone(Role::Auditor);
    let denied = access.require(&auditor, "funds.CheckDraw", &draw).unwrap_err();
    assert!(!denied.hidden);
    assert_eq!(denied.reason(), "NOT_ALLOWED");
    assert!(access.require_known(&auditor, &draw).is_ok());

    // A read refused is always hidden, also where the call is not the kind's own read.
    let neighbour = someone(Role::Owner).with_owner(OwnerId::derive("neighbour"));
    let home = here(ResourceKind::Home);
    for read in ["registry.GetHome", "funds.GetStatement"] {
        assert!(
            access.require(&neighbour, read, &home).unwrap_err().hidden,
            "{read}"
        );
    }
}

#[test]
fn a_question_that_makes_no_sense_is_refused() {
    let authority = someone(Role::Authority);
    assert!(!allows(&authority, "funds.BurnDraw", &here(ResourceKind::Draw)));
    assert!(!allows(&authority, "funds.PayDraw", &here(ResourceKind::Home)));
}
