-- Plans that were submitted and belong to no app yet: `digest` names them. An app that is made of one has a copy.
CREATE TABLE plans (
    tenant_id TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    plan BYTEA NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, digest)
);
-- The oldest make room.
CREATE INDEX plans_by_time ON plans (tenant_id, created_at, digest);

-- A customer of a shop is looked up by e-mail address, in any case: create_user_from_shopify, webhooks of shops.
CREATE INDEX users_by_folded_email ON users (tenant_id, lower("email"));

-- The wall: see 0002_engine.sql.
ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plans
    USING ((SELECT coalesce(current_setting('alcove.tenant', true), '')) IN ('', tenant_id));
