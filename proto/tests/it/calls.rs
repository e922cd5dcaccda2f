//! What every call keeps to.

use std::collections::BTreeSet;

use heju_proto::catalog;

#[test]
fn every_call_has_an_http_path_exactly_where_it_is_not_internal() {
    for call in catalog::calls() {
        assert_eq!(call.http.is_none(), call.internal, "{}", call.full_name);
    }
}

#[test]
fn every_post_is_a_write_but_login_and_no_get_is() {
    for call in catalog::calls() {
        let Some(http) = &call.http else {
            assert!(!call.write, "{} is internal and writes", call.full_name);
            continue;
        };
        match http.method {
            "GET" => assert!(!call.write && http.body.is_empty(), "{}", call.full_name),
            // A login changes nothing that could be repeated wrongly, and has nobody yet to remember a key for.
            "POST" if call.name == "CreateSession" => assert!(!call.write, "{}", call.full_name),
            "POST" => assert!(call.write && http.body == "*", "{}", call.full_name),
            other => panic!("{}: {other} is not used; a change is a POST", call.full_name),
        }
    }
}

#[test]
fn only_login_and_published_rolls_are_public() {
    let public: Vec<_> = catalog::calls()
        .iter()
        .filter(|call| call.public)
        .map(|call| call.name.as_str())
        .collect();
    assert_eq!(
        public,
        [
            "CreateSession",
            "ListPublishedRolls",
            "GetPublishedRoll",
            "FindOwnLine"
        ]
    );
}

#[test]
fn no_two_calls_share_a_path_or_a_name() {
    let mut paths = BTreeSet::new();
    let mut names = BTreeSet::new();
    for call in catalog::calls() {
        assert!(
            names.insert(&call.name),
            "{} twice: it is the operationId",
            call.name
        );
        if let Some(http) = &call.http {
            // Parameters of another name are the same path to a router.
            let shape: Vec<_> = http
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { "{}" } else { part })
                .collect();
            assert!(
                paths.insert((http.method, shape.join("/"))),
                "{} {} twice",
                http.method,
                http.path
            );
        }
    }
}

#[test]
fn every_path_begins_with_its_version_and_names_fields_of_the_request() {
    for call in catalog::calls() {
        let Some(http) = &call.http else { continue };
        assert!(http.path.starts_with("/v1/"), "{}", call.full_name);
        for part in http.path.split('/').filter(|part| part.contains(['{', '}', ':'])) {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let name =
                name.unwrap_or_else(|| panic!("{}: one parameter per segment, not {part}", call.full_name));
            assert!(
                call.input.get_field_by_name(name).is_some(),
                "{}: {name}",
                call.full_name
            );
        }
    }
}

#[test]
fn reasons_are_written_as_constants_and_not_repeated() {
    for call in catalog::calls() {
        let reasons = call.all_reasons();
        let distinct: BTreeSet<_> = reasons.iter().collect();
        assert_eq!(distinct.len(), reasons.len(), "{}: {reasons:?}", call.full_name);
        for reason in reasons {
            let plain = reason
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
            assert!(plain && !reason.is_empty(), "{}: {reason}", call.full_name);
        }
    }
}

#[test]
fn a_call_is_found_by_its_path_on_the_wire() {
    let call = catalog::find_call("/heju.funds.v1.FundsService/ProposeDraw").unwrap();
    assert_eq!(
        (call.service.as_str(), call.name.as_str(), call.write),
        ("funds", "ProposeDraw", true)
    );
    let http = call.http.as_ref().unwrap();
    assert_eq!((http.method, http.path.as_str()), ("POST", "/v1/draws"));
    assert!(
        call.comment.starts_with("Proposes a draw (使用申请)"),
        "{}",
        call.comment
    );
    assert!(catalog::find_call("/heju.funds.v1.FundsService/Nothing").is_none());
}

#[test]
fn a_list_is_paged() {
    for call in catalog::calls()
        .iter()
        .filter(|call| call.name.starts_with("List") && call.name != "ListOwnVotes")
    {
        assert!(
            call.input.get_field_by_name("page_size").is_some(),
            "{}",
            call.full_name
        );
        assert!(
            call.output.get_field_by_name("next_page_token").is_some(),
            "{}",
            call.full_name
        );
    }
}

#[test]
fn a_file_is_read_in_pieces_and_changes_nothing() {
    for call in catalog::calls() {
        let pieces = call.output.full_name() == "heju.common.v1.FileChunk";
        assert_eq!(call.file, pieces && call.server_streaming, "{}", call.full_name);
        assert!(!(call.file && call.write), "{}", call.full_name);
    }
}
