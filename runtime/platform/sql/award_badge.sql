-- award_badge: the first award of a name defines the badge (a row without an owner); a member owns a badge at most once.
-- `earned` has the first call for each member and badge: the one that makes the row, if it is not there.
-- `min(id || '')` is `min(id)`, found by name: of the bare column SQLite would walk the ids in order.
-- @ids definition_id = bdg, badge_id = bdg, event_id = evt
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
WITH defined AS (SELECT badge, definition_id, now, row_number() OVER (PARTITION BY badge ORDER BY n) AS nth FROM batch)
INSERT INTO nft_badges (tenant_id, id, name, contract_type, chain_id, created_at, updated_at)
SELECT ?1, definition_id, badge, 'badge', 0, now, now FROM defined
WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = defined.badge AND owner_id IS NULL);
-- @outputs
WITH owned AS (
    SELECT batch.*, (SELECT min(id || '') FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id) AS owned_id,
        row_number() OVER (PARTITION BY user_id, badge ORDER BY n) AS nth
    FROM batch
)
SELECT n, coalesce(owned_id, first_value(badge_id) OVER (PARTITION BY user_id, badge ORDER BY n)),
    CASE WHEN owned_id IS NOT NULL OR nth > 1 THEN 1 ELSE 0 END
FROM owned;
-- @apply
WITH earned AS (SELECT batch.*, row_number() OVER (PARTITION BY user_id, badge ORDER BY n) AS nth FROM batch)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'badge.earned', json_object('user_id', user_id, 'badge_id', badge_id),
    effect_id, execution_id, chain_depth, now
FROM earned
WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id)
ORDER BY n;
-- @apply
WITH earned AS (
    SELECT user_id, badge, badge_id, now, row_number() OVER (PARTITION BY user_id, badge ORDER BY n) AS nth FROM batch
)
INSERT INTO nft_badges
    (tenant_id, id, name, contract_type, chain_id, room_id, campaign_id, definition_id, owner_id, minted_at, created_at, updated_at)
SELECT ?1, badge_id, badge, contract_type, chain_id, room_id, campaign_id, definition.id, user_id, now, now, now
FROM earned CROSS JOIN nft_badges AS definition ON definition.tenant_id = ?1 AND definition.id =
    (SELECT min(id || '') FROM nft_badges WHERE tenant_id = ?1 AND name = earned.badge AND owner_id IS NULL)
WHERE nth = 1 AND NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id);
