-- create_user_from_shopify: the member with the customer's e-mail address, in any case, or a new one.
-- `known` has the first call for each address: the one that makes the member, if there is none.
-- @ids user_id = usr, event_id = evt
-- @outputs
WITH known AS (
    SELECT batch.*,
        (SELECT min(id || '') FROM users WHERE tenant_id = ?1 AND lower("email") = lower(batch.email)) AS known_id,
        row_number() OVER (PARTITION BY lower(batch.email) ORDER BY n) AS nth
    FROM batch
)
SELECT n, coalesce(known_id, first_value(user_id) OVER (PARTITION BY lower(email) ORDER BY n)),
    CASE WHEN known_id IS NULL AND nth = 1 THEN 1 ELSE 0 END
FROM known;
-- @apply
WITH made AS (SELECT batch.*, row_number() OVER (PARTITION BY lower(batch.email) ORDER BY n) AS nth FROM batch)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'user.created', json_object('user_id', user_id), effect_id, execution_id, chain_depth, now
FROM made
WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND lower("email") = lower(made.email))
ORDER BY n;
-- @apply
WITH made AS (SELECT batch.*, row_number() OVER (PARTITION BY lower(batch.email) ORDER BY n) AS nth FROM batch)
INSERT INTO users
    (tenant_id, id, name, email, role, status, xp_total, level, engagement_score, interests, marketing_opt_in, streak_days,
     missions_completed, profile, created_at, updated_at)
SELECT ?1, user_id, coalesce(name, email), email, 'member', 'active', 0, 1, '0', '[]', 0, 0, 0,
    json_object('shopify_customer_id', shopify_customer_id), now, now
FROM made
WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND lower("email") = lower(made.email));
