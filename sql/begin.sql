-- The schema advisor. Put together by tools/collect_rules.sh from sql/ and rules/.
\echo Use "CREATE EXTENSION db_advisor" to load this file. \quit

-- A schema that another role owns could be made to hold what that role wants our users to call.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
                   WHERE n.nspname = 'advisor' AND r.rolname = current_user) THEN
        RAISE EXCEPTION 'schema "advisor" belongs to another role'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Rename or drop that schema first.';
    END IF;
END $$;

GRANT USAGE ON SCHEMA advisor TO PUBLIC;
