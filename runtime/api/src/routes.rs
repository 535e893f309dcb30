//! All operations of the API, in one place.

use alcove_control::Permission;

use crate::{
    operation::{Handler, Operation},
    resource::{
        app, approval, audit, building_blocks, dead_letter, documentation, event, execution, grant, health, hook, key,
        lifecycle, member, plan, state, stream, team, tenant, usage, version,
    },
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
    (@ Operator $handler:path) => { Handler::Operator(|call| Box::pin($handler(call))) };
    (@ Signed $handler:path) => { Handler::Signed(|call| Box::pin($handler(call))) };
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
    POST   "/v1/apps:explain"                     Read    APP   app::explain, app::EXPLAIN;
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
    POST   "/v1/apps/{app}:dry-run"               Run     EVENT app::dry_run, app::DRY_RUN;
    GET    "/v1/apps/{app}/state"                 Read    SMALL state::list, state::LIST;
    DELETE "/v1/apps/{app}/state/{key}"           Write   SMALL state::delete, state::DELETE;
    GET    "/v1/apps/{app}/versions"              Read    SMALL version::list, version::LIST;
    GET    "/v1/apps/{app}/versions/{version}"    Read    SMALL version::read, version::READ;
    GET    "/v1/apps/{app}/versions/{range}/diff" Read    SMALL version::diff, version::DIFF;
    GET    "/v1/catalog"                          Read    SMALL building_blocks::read, building_blocks::READ;

    POST   "/v1/plans"                            Write   APP   plan::submit, plan::SUBMIT;
    GET    "/v1/plans/{plan}"                     Read    SMALL plan::read, plan::READ;

    POST   "/v1/hooks/shopify"                    Signed  EVENT hook::shopify, hook::SHOPIFY;
    POST   "/v1/events"                           Run     EVENT event::accept, event::ACCEPT;

    GET    "/v1/executions"                       Read    SMALL execution::list, execution::LIST;
    GET    "/v1/executions/{execution}"           Read    SMALL execution::read, execution::READ;
    GET    "/v1/executions/{execution}/stream"    Read    SMALL stream::follow, stream::FOLLOW;
    GET    "/v1/executions/{execution}/log"       Read    SMALL execution::log, execution::LOG;
    GET    "/v1/executions/{execution}/calls"     Read    SMALL execution::calls, execution::CALLS;
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

    GET    "/v1/usage"                            Read    SMALL usage::read, usage::READ;

    GET    "/v1/me"                               Read    SMALL member::me, member::ME;
    GET    "/v1/members"                          Admin   SMALL member::list, member::LIST;
    POST   "/v1/members"                          Admin   SMALL member::create, member::CREATE;
    GET    "/v1/members/{member}"                 Admin   SMALL member::read, member::READ;
    DELETE "/v1/members/{member}"                 Admin   SMALL member::delete, member::DELETE;
    GET    "/v1/teams"                            Admin   SMALL team::list, team::LIST;
    POST   "/v1/teams"                            Admin   SMALL team::create, team::CREATE;
    GET    "/v1/teams/{team}"                     Admin   SMALL team::read, team::READ;
    DELETE "/v1/teams/{team}"                     Admin   SMALL team::delete, team::DELETE;
    PUT    "/v1/teams/{team}/members/{member}"    Admin   SMALL team::join, team::JOIN;
    DELETE "/v1/teams/{team}/members/{member}"    Admin   SMALL team::leave, team::LEAVE;
    GET    "/v1/grants"                           Admin   SMALL grant::list, grant::LIST;
    POST   "/v1/grants"                           Admin   SMALL grant::give, grant::GIVE;
    DELETE "/v1/grants"                           Admin   SMALL grant::take_back, grant::TAKE_BACK;
    GET    "/v1/keys"                             Admin   SMALL key::list, key::LIST;
    POST   "/v1/keys"                             Admin   SMALL key::create, key::CREATE;
    DELETE "/v1/keys/{api_key}"                   Admin   SMALL key::revoke, key::REVOKE;
    POST   "/v1/keys/{api_key}:rotate"            Admin   SMALL key::rotate, key::ROTATE;

    GET    "/v1/audit"                            Admin   SMALL audit::list, audit::LIST;

    GET    "/v1/admin/tenants"                    Operator SMALL tenant::list, tenant::LIST;
    POST   "/v1/admin/tenants"                    Operator SMALL tenant::create, tenant::CREATE;
    GET    "/v1/admin/tenants/{tenant}"           Operator SMALL tenant::read, tenant::READ;
    PATCH  "/v1/admin/tenants/{tenant}"           Operator SMALL tenant::change, tenant::CHANGE;
    DELETE "/v1/admin/tenants/{tenant}"           Operator SMALL tenant::delete, tenant::DELETE;
    POST   "/v1/admin/tenants/{tenant}:suspend"   Operator SMALL tenant::suspend, tenant::SUSPEND;
    POST   "/v1/admin/tenants/{tenant}:resume"    Operator SMALL tenant::resume, tenant::RESUME;
    GET    "/v1/admin/tenants/{tenant}/settings"  Operator SMALL tenant::read_settings, tenant::READ_SETTINGS;
    PATCH  "/v1/admin/tenants/{tenant}/settings"  Operator SMALL tenant::change_settings, tenant::CHANGE_SETTINGS;
    POST   "/v1/admin/tenants/{tenant}/keys"      Operator SMALL tenant::create_key, tenant::CREATE_KEY;
    DELETE "/v1/admin/tenants/{tenant}/keys/{api_key}" Operator SMALL tenant::revoke_key, tenant::REVOKE_KEY;
};
