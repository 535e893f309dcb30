-- get_state: a value of the running app, or the default.
-- @outputs
SELECT n, coalesce(state.value, batch."default") FROM batch
LEFT JOIN app_state AS state ON state.tenant_id = ?1 AND state.app_id = batch.app_id AND state."key" = batch."key";
