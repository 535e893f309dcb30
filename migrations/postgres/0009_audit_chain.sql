-- The audit log as a chain: `hash` is made of the note and of the hash before it (`runtime/store/src/audit/chain.rs`).
-- Notes that are older than the chain have none; the first hash that is stored is made as if they had.
ALTER TABLE audit ADD COLUMN hash BYTEA;

-- Notes are only added. Who owns the table can take this away; what they change then shows in the hashes.
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notes of the audit log are only added' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
