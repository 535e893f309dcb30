-- Who may do what: people and services, their teams, what was granted to them, and the keys by which they are known.
-- A subject is `person:ann`, `service:ci`, `agent:helper` or `team:ops`.

CREATE TABLE members (
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, subject)
);

CREATE TABLE teams (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE team_members (
    tenant_id TEXT COLLATE "C" NOT NULL,
    team_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, team_id, subject)
);
-- The teams of a member, whenever somebody shows a key of theirs.
CREATE INDEX team_members_by_subject ON team_members (tenant_id, subject, team_id);

-- A role of a subject: for one app, or for all of the tenant's if `app_id` is empty.
CREATE TABLE grants (
    tenant_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, subject, role, app_id)
);

-- The key itself is not here: `hash` recognises it, and `prefix` is what people tell it from others by.
CREATE TABLE api_keys (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);
-- Whoever shows a key is known by nothing else: of all tenants.
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
-- The keys of a member who goes.
CREATE INDEX api_keys_by_subject ON api_keys (tenant_id, subject);

-- The keys of operators, who belong to no tenant.
CREATE TABLE operator_keys (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (id)
);
-- Whoever shows a key is known by nothing else.
CREATE UNIQUE INDEX operator_keys_by_hash ON operator_keys (hash);

-- The wall between tenants, as it stands for every other table (0002_engine.sql).
DO $$
DECLARE
    walled TEXT;
BEGIN
    FOREACH walled IN ARRAY ARRAY['members', 'teams', 'team_members', 'grants', 'api_keys'] LOOP
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
