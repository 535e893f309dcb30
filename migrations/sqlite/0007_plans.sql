-- Plans that were submitted and belong to no app yet: `digest` names them. An app that is made of one has a copy.
CREATE TABLE plans (
    tenant_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    plan BLOB NOT NULL,
    manifest TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, digest)
) STRICT;
-- The oldest make room.
CREATE INDEX plans_by_time ON plans (tenant_id, created_at, digest);

-- A customer of a shop is looked up by e-mail address, in any case: create_user_from_shopify, webhooks of shops.
CREATE INDEX users_by_folded_email ON users (tenant_id, lower("email"));
