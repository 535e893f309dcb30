//! All operations of the API, in one place.

use alcove_control::Permission;

use crate::{
    operation::{Handler, Operation},
    resource::{app, approval, dead_letter, documentation, event, execution, health, lifecycle, version},
};

/// A decision, a reason, a choice.
const SMALL: usize = 64 << 10;
/// An app's JSON or a plan; the compiler and the verifier have closer limits of their own, and say which was reached.
const APP: usize = 4 << 20;
/// An event or the input of a run.
const EVENT: usize = 1 << 20;

macro_rules! operations {
    ($($method:ident $path:literal $access:ident $bytes:ident $handler:path, $doc:path;)*) => {
        &[$(Operation {
            method: stringify!($method),
            path: $path,
            name: stringify!($handler),
            body_bytes_max: $bytes,
            doc: $doc,
            handler: operations!(@ $access $handler),
        },)*]
    };
    (@ Open $handler:path) => { Handler::Open(|api| Box::pin($handler(api))) };
    (@ $permission:ident $handler:path) => {
        Handler::Keyed(Permission::$permission, |call| Box::pin($handler(call)))
    };
}

/// The operations: method, path, which permission is needed, the largest body, what does it, what is said of it.
pub static OPERATIONS: &[Operation] = operations! {
    GET    "/healthz"         Open    SMALL health::alive, health::ALIVE;
    GET    "/readyz"          Open    SMALL health::ready, health::READY;
    GET    "/openapi.json"    Open    SMALL documentation::openapi, documentation::OPENAPI;
    GET    "/docs"            Open    SMALL documentation::page, documentation::PAGE;
    GET    "/docs/style.css"  Open    SMALL documentation::style, documentation::STYLE;

    POST   "/v1/apps:validate"                    Read    APP   app::validate, app::VALIDATE;
    GET    "/v1/apps"                             Read    SMALL app::list, app::LIST;
    POST   "/v1/apps"                             Write   APP   app::create, app::CREATE;
    GET    "/v1/apps/{app}"                       Read    SMALL app::read, app::READ;
    PUT    "/v1/apps/{app}"                       Write   APP   app::update, app::UPDATE;
    DELETE "/v1/apps/{app}"                       Write   SMALL lifecycle::delete, lifecycle::DELETE;
    POST   "/v1/apps/{app}:activate"              Write   SMALL lifecycle::activate, lifecycle::ACTIVATE;
    POST   "/v1/apps/{app}:pause"                 Write   SMALL lifecycle::pause, lifecycle::PAUSE;
    POST   "/v1/apps/{app}:resume"                Write   SMALL lifecycle::resume, lifecycle::RESUME;
    POST   "/v1/apps/{app}:rollback"              Write   SMALL lifecycle::rollback, lifecycle::ROLLBACK;
    POST   "/v1/apps/{app}:run"                   Run     EVENT execution::start, execution::START;
    GET    "/v1/apps/{app}/versions"              Read    SMALL version::list, version::LIST;
    GET    "/v1/apps/{app}/versions/{version}"    Read    SMALL version::read, version::READ;

    POST   "/v1/events"                           Run     EVENT event::accept, event::ACCEPT;

    GET    "/v1/executions"                       Read    SMALL execution::list, execution::LIST;
    GET    "/v1/executions/{execution}"           Read    SMALL execution::read, execution::READ;
    GET    "/v1/executions/{execution}/log"       Read    SMALL execution::log, execution::LOG;
    POST   "/v1/executions/{execution}:cancel"    Run     SMALL execution::cancel, execution::CANCEL;
    POST   "/v1/executions/{execution}:replay"    Read    SMALL execution::replay, execution::REPLAY;
    POST   "/v1/executions/{execution}:retry"     Run     SMALL execution::retry, execution::RETRY;

    GET    "/v1/approvals"                        Read    SMALL approval::list, approval::LIST;
    GET    "/v1/approvals/{approval}"             Read    SMALL approval::read, approval::READ;
    POST   "/v1/approvals/{approval}:approve"     Approve SMALL approval::approve, approval::APPROVE;
    POST   "/v1/approvals/{approval}:reject"      Approve SMALL approval::reject, approval::REJECT;
    POST   "/v1/approvals/{approval}:modify"      Approve EVENT approval::modify, approval::MODIFY;

    GET    "/v1/dead-letters"                     Read    SMALL dead_letter::list, dead_letter::LIST;
    GET    "/v1/dead-letters/{execution}"         Read    SMALL dead_letter::read, dead_letter::READ;
    POST   "/v1/dead-letters/{execution}:redrive" Admin   SMALL dead_letter::redrive, dead_letter::REDRIVE;
    POST   "/v1/dead-letters/{execution}:discard" Admin   SMALL dead_letter::discard, dead_letter::DISCARD;
};
