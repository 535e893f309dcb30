-- delete_state: a key of the running app is gone, whether it was there or not.
-- @apply
DELETE FROM app_state WHERE tenant_id = ?1 AND (app_id, "key") IN (SELECT app_id, "key" FROM batch);
