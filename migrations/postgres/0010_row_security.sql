-- The second wall between tenants, for every table that has one: a transaction that named its tenant meets that tenant's
-- rows and no other's, whatever its statements say, and one that named none meets no row at all. Who serves all tenants
-- says so (`*`, which is no tenant's id). README.md, one folder up, says who does. The wall also stands for the tables'
-- owner; only a superuser and a role with BYPASSRLS pass it, so that the server should not connect as one.
DO $$
DECLARE
    walled TEXT;
BEGIN
    FOR walled IN
        SELECT columns.table_name FROM information_schema.columns
        JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = current_schema() AND column_name = 'tenant_id' AND table_type = 'BASE TABLE'
        ORDER BY table_name
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('DROP POLICY IF EXISTS tenant ON %I', walled);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING ((SELECT current_setting(''alcove.tenant'', true)) IN (''*'', tenant_id))',
            walled
        );
    END LOOP;
END
$$;
