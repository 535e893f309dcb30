-- The audit log as a chain: `hash` is made of the note and of the hash before it (`runtime/store/src/audit/chain.rs`).
-- Notes that are older than the chain have none; the first hash that is stored is made as if they had.
ALTER TABLE audit ADD COLUMN hash BLOB;

-- Notes are only added. Who may write the file can take this away; what they change then shows in the hashes.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'notes of the audit log are only added');
END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'notes of the audit log are only added');
END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'notes of the audit log are only added');
END;
