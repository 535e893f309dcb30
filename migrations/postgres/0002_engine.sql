-- The tables of the engine: tenants and their apps, runs with their journals, and what makes runs go on. Rules:
-- README.md, one folder up. Every time is in microseconds since 1970-01-01T00:00:00Z; a digest is lower-case hex.

-- `generation` grows whenever what the tenant's events may start changes: whoever matched an event under an older one
-- matches it again. `settings` is JSON.
CREATE TABLE tenants (
    tenant_id TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- `version` is the latest, `active_version` the one that triggers start. `author` and `activator` are subjects, as
-- JSON.
CREATE TABLE apps (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    active_version BIGINT,
    author TEXT COLLATE "C" NOT NULL,
    activator TEXT COLLATE "C",
    failures_in_row BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- What an app was and is. A row never changes: runs are pinned to it.
CREATE TABLE versions (
    tenant_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    config TEXT COLLATE "C" NOT NULL,
    plan BYTEA NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, version)
);
-- A run names its plan by digest.
CREATE INDEX versions_by_digest ON versions (tenant_id, digest);

-- The runs. `run` is the state machine of `runtime/journal`, encoded; `state` and what else can be asked for stands
-- beside it. `token` is the fencing token of the last lease and `node` who holds it. `input` is kept until the journal
-- has it.
CREATE TABLE executions (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    event_source TEXT COLLATE "C",
    event_id TEXT COLLATE "C",
    delay BIGINT,
    parent TEXT COLLATE "C",
    chain_depth BIGINT NOT NULL,
    starter TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    run BYTEA NOT NULL,
    token BIGINT NOT NULL,
    node TEXT COLLATE "C",
    attempts BIGINT NOT NULL,
    items BIGINT NOT NULL,
    input BYTEA,
    queued_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    due_at BIGINT,
    result TEXT COLLATE "C",
    error TEXT COLLATE "C",
    usage TEXT COLLATE "C",
    dead_letter BIGINT NOT NULL CHECK (dead_letter IN (0, 1)),
    PRIMARY KEY (tenant_id, id)
);
-- Runs of an app, newest first.
CREATE INDEX executions_by_app ON executions (tenant_id, app_id, queued_at, id);
-- Runs of a tenant, newest first; those that are old enough to be forgotten.
CREATE INDEX executions_by_time ON executions (tenant_id, queued_at, id);
-- Runs that go on, or did not succeed. Most runs succeed, and cost nothing here.
CREATE INDEX executions_by_state ON executions (tenant_id, state, queued_at, id) WHERE state <> 'succeeded';
-- The queue of an app, oldest first; which apps of which tenants have one.
CREATE INDEX executions_queued ON executions (tenant_id, app_id, queued_at, id) WHERE state = 'queued';
-- What a node was running when its lease expired. A node serves all tenants.
CREATE INDEX executions_running ON executions (node, tenant_id, id) WHERE state = 'running';

-- The journals of runs: one row for each commit, in order.
CREATE TABLE journal (
    tenant_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    records BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, seq)
);

-- What fires at a time. `owner` is an app or an execution, by `kind`; `payload` is JSON.
CREATE TABLE timers (
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    version BIGINT,
    payload TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, kind, owner, "key")
);
-- What is due, of all tenants.
CREATE INDEX timers_by_due ON timers (due_at);
-- The timers of an app that is paused or deleted.
CREATE INDEX timers_by_app ON timers (tenant_id, app_id);

-- Events that were accepted, for as long as the same one may come again. `digest` is of the body; `caused_by` is the
-- execution that emitted it.
CREATE TABLE events (
    tenant_id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    "timestamp" BIGINT NOT NULL,
    chain_depth BIGINT NOT NULL,
    caused_by TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, source, id)
);
-- Events that are old enough to be forgotten, of all tenants.
CREATE INDEX events_by_time ON events (received_at);

-- Questions to people. `id` is the effect that asks; `preview` and `request` are JSON.
CREATE TABLE approvals (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    preview TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_by TEXT COLLATE "C",
    decided_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Questions that wait, or were answered, oldest first.
CREATE INDEX approvals_by_status ON approvals (tenant_id, status, created_at, id);

-- Runs that failed for good and whose trigger would be lost with them. `error` and `closed_by` are JSON.
CREATE TABLE dead_letters (
    tenant_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    error TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, execution_id)
);
-- Dead letters that wait, or were dealt with, oldest first.
CREATE INDEX dead_letters_by_status ON dead_letters (tenant_id, status, created_at, execution_id);

-- Which run of an app goes on, where no two may at a time.
CREATE TABLE locks (
    tenant_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, app_id)
);

-- What is counted in windows of time.
CREATE TABLE counters (
    tenant_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    window_start BIGINT NOT NULL,
    "value" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name, window_start)
);

-- The processes that run runs, each for as long as it renews its lease. A node serves all tenants.
CREATE TABLE nodes (
    node_id TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    PRIMARY KEY (node_id)
);

-- What a tenant's admins are told.
CREATE TABLE notices (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C",
    message TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Newest first.
CREATE INDEX notices_by_time ON notices (tenant_id, created_at, id);

-- Who changed what. Rows are only added; `subject` and `detail` are JSON.
CREATE TABLE audit (
    tenant_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);

-- The run whose effect caused the event: `caused_by` names the effect.
ALTER TABLE emitted_events ADD COLUMN execution_id TEXT COLLATE "C";
-- The order in which events were emitted; the other dialect has its rowid for that.
ALTER TABLE emitted_events ADD COLUMN position BIGINT GENERATED ALWAYS AS IDENTITY;
-- Events that wait to be matched, oldest first, of all tenants.
CREATE INDEX emitted_events_by_position ON emitted_events (position);

-- Rows that are changed again and again, in columns without an index: with room left on their page, the new version of
-- a row lies beside the old one, and no index has to be told.
ALTER TABLE tenants SET (fillfactor = 50);
ALTER TABLE apps SET (fillfactor = 50);
ALTER TABLE counters SET (fillfactor = 50);
ALTER TABLE nodes SET (fillfactor = 50);

-- Rows that come and go: what is dead is swept after a fixed number of rows, not after a share of the table, so that
-- the front of a queue stays short.
ALTER TABLE timers SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE locks SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE emitted_events SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE executions SET (autovacuum_vacuum_scale_factor = 0.02);

-- The second wall between tenants: a transaction that named its tenant sees and writes no other tenant's rows, whatever
-- its statements say. One that named none is the engine's own, which looks at work lists of all tenants. The wall also
-- stands for the tables' owner; only a superuser passes it, so that the server should not connect as one.
DO $$
DECLARE
    walled TEXT;
BEGIN
    FOR walled IN
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name = 'tenant_id' ORDER BY table_name
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format(
            'CREATE POLICY tenant ON %I
             USING ((SELECT coalesce(current_setting(''alcove.tenant'', true), '''')) IN ('''', tenant_id))',
            walled
        );
    END LOOP;
END
$$;
