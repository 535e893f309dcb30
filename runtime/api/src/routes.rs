//! All operations of the API, in one place.

use crate::{
    operation::{Handler, Operation},
    resource::{app, approval, dead_letter, event, execution, health, lifecycle, version},
};

/// A decision, a reason, a choice.
const SMALL: usize = 64 << 10;
/// An app's JSON or a plan; the compiler and the verifier have closer limits of their own, and say which was reached.
const APP: usize = 4 << 20;
/// An event or the input of a run.
const EVENT: usize = 1 << 20;

macro_rules! operations {
    ($($method:ident $path:literal $access:ident $bytes:ident $handler:path;)*) => {
        &[$(Operation {
            method: stringify!($method),
            path: $path,
            body_bytes_max: $bytes,
            handler: Handler::$access(|call| Box::pin($handler(call))),
        },)*]
    };
}

/// The operations: method, path, who may come in, the largest body, what does it.
pub static OPERATIONS: &[Operation] = operations! {
    GET    "/healthz"                            Open  SMALL health::alive;
    GET    "/readyz"                             Open  SMALL health::ready;

    POST   "/v1/apps:validate"                   Keyed APP   app::validate;
    GET    "/v1/apps"                            Keyed SMALL app::list;
    POST   "/v1/apps"                            Keyed APP   app::create;
    GET    "/v1/apps/{app}"                      Keyed SMALL app::read;
    PUT    "/v1/apps/{app}"                      Keyed APP   app::update;
    DELETE "/v1/apps/{app}"                      Keyed SMALL lifecycle::delete;
    POST   "/v1/apps/{app}:activate"             Keyed SMALL lifecycle::activate;
    POST   "/v1/apps/{app}:pause"                Keyed SMALL lifecycle::pause;
    POST   "/v1/apps/{app}:resume"               Keyed SMALL lifecycle::resume;
    POST   "/v1/apps/{app}:rollback"             Keyed SMALL lifecycle::rollback;
    POST   "/v1/apps/{app}:run"                  Keyed EVENT execution::start;
    GET    "/v1/apps/{app}/versions"             Keyed SMALL version::list;
    GET    "/v1/apps/{app}/versions/{version}"   Keyed SMALL version::read;

    POST   "/v1/events"                          Keyed EVENT event::accept;

    GET    "/v1/executions"                      Keyed SMALL execution::list;
    GET    "/v1/executions/{execution}"          Keyed SMALL execution::read;
    GET    "/v1/executions/{execution}/log"      Keyed SMALL execution::log;
    POST   "/v1/executions/{execution}:cancel"   Keyed SMALL execution::cancel;
    POST   "/v1/executions/{execution}:replay"   Keyed SMALL execution::replay;
    POST   "/v1/executions/{execution}:retry"    Keyed SMALL execution::retry;

    GET    "/v1/approvals"                       Keyed SMALL approval::list;
    GET    "/v1/approvals/{approval}"            Keyed SMALL approval::read;
    POST   "/v1/approvals/{approval}:approve"    Keyed SMALL approval::approve;
    POST   "/v1/approvals/{approval}:reject"     Keyed SMALL approval::reject;
    POST   "/v1/approvals/{approval}:modify"     Keyed EVENT approval::modify;

    GET    "/v1/dead-letters"                    Keyed SMALL dead_letter::list;
    GET    "/v1/dead-letters/{execution}"        Keyed SMALL dead_letter::read;
    POST   "/v1/dead-letters/{execution}:redrive" Keyed SMALL dead_letter::redrive;
    POST   "/v1/dead-letters/{execution}:discard" Keyed SMALL dead_letter::discard;
};
