-- Who may do what: people and services, their teams, what was granted to them, and the keys by which they are known.
-- A subject is `person:ann`, `service:ci`, `agent:helper` or `team:ops`.

CREATE TABLE members (
    tenant_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE teams (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_members (
    tenant_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, team_id, subject)
) STRICT, WITHOUT ROWID;
-- The teams of a member, whenever somebody shows a key of theirs.
CREATE INDEX team_members_by_subject ON team_members (tenant_id, subject, team_id);

-- A role of a subject: for one app, or for all of the tenant's if `app_id` is empty.
CREATE TABLE grants (
    tenant_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    role TEXT NOT NULL,
    app_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject, role, app_id)
) STRICT, WITHOUT ROWID;

-- The key itself is not here: `hash` recognises it, and `prefix` is what people tell it from others by.
CREATE TABLE api_keys (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    prefix TEXT NOT NULL,
    scope TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Whoever shows a key is known by nothing else: of all tenants.
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
-- The keys of a member who goes.
CREATE INDEX api_keys_by_subject ON api_keys (tenant_id, subject);

-- The keys of operators, who belong to no tenant.
CREATE TABLE operator_keys (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    prefix TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
-- Whoever shows a key is known by nothing else.
CREATE UNIQUE INDEX operator_keys_by_hash ON operator_keys (hash);
