-- set_state: a value of the running app; where a batch sets a key twice, the last call holds. 100 keys for each app.
-- @guard
SELECT 'the state of an app has at most 100 keys', 'state_keys', 100
WHERE 100 < (SELECT count(*) FROM
    (SELECT "key" FROM batch UNION SELECT "key" FROM app_state WHERE tenant_id = ?1 AND app_id = ?4));
-- @apply
WITH latest AS (SELECT max(n), "key", value FROM batch GROUP BY "key")
INSERT INTO app_state (tenant_id, app_id, "key", value, updated_at)
SELECT ?1, ?4, "key", value, ?2 FROM latest WHERE true
ON CONFLICT DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;
