//! The rpcs of a service as its guard needs them, read from the contract.

use std::sync::LazyLock;

use rpc::server::Methods;

/// The rpcs of `service`: path, action (`funds.PayDraw`) and whether they are public.
pub fn of(service: &str) -> Methods {
    // Actions live as long as the process: policies, spans and audit rows all name them.
    static ACTIONS: LazyLock<Vec<(&'static proto::catalog::Call, String)>> = LazyLock::new(|| {
        proto::catalog::calls()
            .iter()
            .map(|call| (call, format!("{}.{}", call.service, call.name)))
            .collect()
    });
    let mut methods = Methods::default();
    for (call, action) in ACTIONS.iter().filter(|(call, _)| call.service == service) {
        methods.add(&call.grpc_path, action, call.public);
    }
    methods
}
