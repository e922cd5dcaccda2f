//! What a use case knows of its caller is the same in this process and across the network.

use tonic::metadata::MetadataValue;

use crate::echo::{Known, SAY, Setting, call, known};
use rpc::failure::reason_of;
use tonic::Code;
use tonic_types::StatusExt;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_peers_hand_over_the_same_context() {
    let setting = Setting::new("echo");
    let mut seen = Vec::new();
    for (_, peer) in setting.peers().await {
        let mut request = setting.request("hello");
        let metadata = request.metadata_mut();
        metadata.insert("idempotency-key", "key-1".parse().unwrap());
        metadata.insert("traceparent", format!("00-{TRACE}-{CALLER}-01").parse().unwrap());
        let reason = "核对业主身份 (check)";
        metadata.insert("call-reason", MetadataValue::try_from(reason.as_bytes()).unwrap());
        let mut known = known(&peer, request).await;
        let trace_parent = known.trace_parent.take().unwrap();
        assert!(
            trace_parent.contains(TRACE),
            "the span is in the caller's trace: {trace_parent}"
        );
        assert!(!trace_parent.contains(CALLER), "and is a span of its own");
        seen.push(known);
    }
    let expected = Known {
        subject: "authority-330783".into(),
        roles: vec!["authority".into()],
        action: "echo.Say".into(),
        key: Some("key-1".into()),
        reason: Some("核对业主身份 (check)".into()),
        trace_parent: None,
        outgoing: seen[0].outgoing.clone(),
        server: "echo".into(),
    };
    assert_eq!(seen[0], expected);
    assert_eq!(seen[1], expected);
    for header in ["authorization", "traceparent", "grpc-timeout"] {
        assert!(
            expected.outgoing.iter().any(|key| key.contains(header)),
            "{header}: {:?}",
            expected.outgoing
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_no_keys_are_none() {
    let setting = Setting::new("echo");
    for key in ["", "two words", &"k".repeat(129)] {
        let mut request = setting.request("hello");
        request
            .metadata_mut()
            .insert("idempotency-key", key.parse().unwrap());
        assert_eq!(known(&setting.in_process(), request).await.key, None, "{key:?}");
    }
    let longest = "k".repeat(128);
    let mut request = setting.request("hello");
    request
        .metadata_mut()
        .insert("idempotency-key", longest.parse().unwrap());
    assert_eq!(known(&setting.in_process(), request).await.key, Some(longest));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_trace_begins_a_new_one() {
    let setting = Setting::new("echo");
    let mut request = setting.request("hello");
    request
        .metadata_mut()
        .insert("traceparent", "00-nonsense".parse().unwrap());
    let trace_parent = known(&setting.in_process(), request).await.trace_parent.unwrap();
    assert!(
        trace_parent.starts_with("00-") && trace_parent.len() == 55,
        "{trace_parent}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_arrives_with_reason_and_both_messages() {
    let setting = Setting::new("echo");
    for (kind, peer) in setting.peers().await {
        let refused = call(&peer, SAY, setting.request("refuse")).await.unwrap_err();
        assert_eq!(refused.code(), Code::FailedPrecondition, "{kind}");
        assert_eq!(
            (reason_of(&refused).as_str(), refused.message()),
            ("DRAW_WRONG_STATE", "The draw is paid.")
        );
        let details = refused.get_error_details();
        assert_eq!(
            details.localized_message().map(|zh| zh.message.as_str()),
            Some("该申请已划转。"),
            "{kind}"
        );
        let info = details.error_info().unwrap();
        assert_eq!(info.domain, "heju");
        assert_eq!(info.metadata.get("traceId").map(String::len), Some(32), "{kind}");
    }
}
