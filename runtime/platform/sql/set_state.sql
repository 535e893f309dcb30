-- set_state: a value of the running app; where a batch sets a key twice, the last call holds. 100 keys for each app, and
-- as many for the tenant as its quota says: a key that is there may always be set again.
-- @guard
SELECT 'the state of an app has at most 100 keys', 'state_keys', 100
FROM (
    SELECT app_id, "key" FROM batch
    UNION
    SELECT app_id, "key" FROM app_state WHERE tenant_id = ?1 AND app_id IN (SELECT app_id FROM batch)
) AS kept
GROUP BY app_id HAVING count(*) > 100 LIMIT 1;
-- @quota
SELECT 1
WHERE (
    SELECT count(*) FROM (SELECT DISTINCT app_id, "key" FROM batch) AS asked
    WHERE NOT EXISTS (
        SELECT 1 FROM app_state AS kept
        WHERE kept.tenant_id = ?1 AND kept.app_id = asked.app_id AND kept."key" = asked."key"
    )
) > 0 AND (
    SELECT count(*) FROM (
        SELECT app_id, "key" FROM batch UNION SELECT app_id, "key" FROM app_state WHERE tenant_id = ?1
    ) AS kept
) > ?3;
-- @apply
WITH latest AS (
    SELECT app_id, "key", value, now, row_number() OVER (PARTITION BY app_id, "key" ORDER BY n DESC) AS nth_last FROM batch
)
INSERT INTO app_state (tenant_id, app_id, "key", value, updated_at)
SELECT ?1, app_id, "key", value, now FROM latest WHERE nth_last = 1
ON CONFLICT (tenant_id, app_id, "key") DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;
