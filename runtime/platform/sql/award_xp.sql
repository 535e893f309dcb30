-- award_xp: XP is added; the total is the one after each call, though a batch may name a member many times. The level stays:
-- it is the platform's to derive. A milestone is reached by the call that takes the total to its threshold or past it.
-- A total that no integer holds fails: alone by the check, together by the sum or by the table, which takes integers only.
-- @ids event_id = evt, milestone_event_id = evt
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @check
SELECT n, 'the XP of the user `' || user_id || '` would go beyond what an integer holds'
FROM batch CROSS JOIN users ON users.tenant_id = ?1 AND users.id = batch.user_id
WHERE CASE WHEN batch.amount > 0 THEN xp_total > 9223372036854775807 - batch.amount
    ELSE xp_total < -9223372036854775807 - 1 - batch.amount END;
-- @outputs
SELECT n, CAST(xp_total + sum(amount) OVER (PARTITION BY user_id ORDER BY n) AS BIGINT)
FROM batch CROSS JOIN users ON users.tenant_id = ?1 AND users.id = batch.user_id;
-- @apply
WITH awarded AS (
    SELECT batch.*, CAST(xp_total + sum(amount) OVER (PARTITION BY user_id ORDER BY n) AS BIGINT) AS total
    FROM batch CROSS JOIN users ON users.tenant_id = ?1 AND users.id = batch.user_id
)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'xp.awarded',
    json_object('user_id', user_id, 'amount', amount, 'xp_total', total, 'source', coalesce(reason, 'app')),
    effect_id, execution_id, chain_depth, now FROM awarded ORDER BY n;
-- @apply
WITH awarded AS (
    SELECT n, effect_id, execution_id, milestone_event_id, user_id, amount, chain_depth, now,
        CAST(xp_total + sum(amount) OVER (PARTITION BY user_id ORDER BY n) AS BIGINT) AS total
    FROM batch CROSS JOIN users ON users.tenant_id = ?1 AND users.id = batch.user_id
)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1,
    milestone_event_id || ':' || row_number() OVER (PARTITION BY effect_id ORDER BY xp_threshold, milestones.id),
    'milestone.reached',
    json_object('user_id', user_id, 'milestone_id', milestones.id, 'xp_threshold', xp_threshold),
    effect_id, execution_id, chain_depth, now
FROM awarded CROSS JOIN milestones
    ON milestones.tenant_id = ?1 AND xp_threshold > awarded.total - awarded.amount AND xp_threshold <= awarded.total
ORDER BY n, xp_threshold, milestones.id;
-- @apply
WITH added AS (SELECT user_id, sum(amount) AS amount, max(now) AS now FROM batch GROUP BY user_id)
UPDATE users SET xp_total = xp_total + added.amount, updated_at = added.now
FROM added WHERE users.tenant_id = ?1 AND users.id = added.user_id;
