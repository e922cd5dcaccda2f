//! The generated code, in modules that mirror the packages.
// Quiet for generated code only: its documentation is the protos' comments, which are not written for rustdoc.
#![allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
#![allow(rustdoc::all)]

macro_rules! package {
    ($(#[$doc:meta])* $service:ident) => {
        $(#[$doc])*
        pub mod $service {
            /// Version 1.
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/heju.", stringify!($service), ".v1.rs"));
                include!(concat!(env!("OUT_DIR"), "/heju.", stringify!($service), ".v1.serde.rs"));
            }
        }
    };
}

package! {
    /// Terms that every service shares.
    common
}
package! {
    /// What the contract says beyond protobuf.
    options
}
package! {
    /// The registry (登记): divisions, areas, buildings, homes, owners and firms.
    registry
}
package! {
    /// Committees (业主委员会) and joint decisions of owners.
    committees
}
package! {
    /// The special maintenance fund (住宅专项维修资金).
    funds
}
package! {
    /// The gateway's own calls.
    gateway
}
