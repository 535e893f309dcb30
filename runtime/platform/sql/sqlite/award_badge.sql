-- award_badge: the first award of a name defines the badge (a row without an owner); a member owns a badge at most once.
-- `earned` says of each call which row the member owns then, and whether this call makes it.
-- `min(+id)` is `min(id)`, found by name: without the sign SQLite would walk the ids in order.
-- @ids definition_id = bdg, badge_id = bdg, event_id = evt
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
WITH defined AS (SELECT min(n), badge, definition_id FROM batch GROUP BY badge)
INSERT INTO nft_badges (tenant_id, id, name, contract_type, chain_id, created_at, updated_at)
SELECT ?1, definition_id, badge, 'badge', 0, ?2, ?2 FROM defined
WHERE NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = defined.badge AND owner_id IS NULL);
-- @outputs
WITH owned AS (
    SELECT batch.*, (SELECT min(+id) FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id) AS owned_id
    FROM batch
)
SELECT n, coalesce(owned_id, first_value(badge_id) OVER (PARTITION BY user_id, badge ORDER BY n)),
    owned_id IS NOT NULL OR row_number() OVER (PARTITION BY user_id, badge ORDER BY n) > 1
FROM owned;
-- @apply
WITH earned AS (SELECT min(n) AS n, user_id, badge, badge_id, event_id, effect_id FROM batch GROUP BY user_id, badge)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, chain_depth, created_at)
SELECT ?1, event_id, 'badge.earned', json_object('user_id', user_id, 'badge_id', badge_id), effect_id, ?5, ?2 FROM earned
WHERE NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id) ORDER BY n;
-- @apply
WITH earned AS (SELECT min(n), user_id, badge, badge_id FROM batch GROUP BY user_id, badge)
INSERT INTO nft_badges
    (tenant_id, id, name, contract_type, chain_id, room_id, campaign_id, definition_id, owner_id, minted_at, created_at, updated_at)
SELECT ?1, badge_id, badge, contract_type, chain_id, room_id, campaign_id, definition.id, user_id, ?2, ?2, ?2
FROM earned CROSS JOIN nft_badges AS definition ON definition.tenant_id = ?1 AND definition.id =
    (SELECT min(+id) FROM nft_badges WHERE tenant_id = ?1 AND name = earned.badge AND owner_id IS NULL)
WHERE NOT EXISTS (SELECT 1 FROM nft_badges WHERE tenant_id = ?1 AND name = badge AND owner_id = user_id);
