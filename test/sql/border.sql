-- The border between the server's errors and C++ exceptions: nothing is lost in either direction, nothing leaks.
\set VERBOSITY terse
\getenv libdir PG_LIBDIR
\set module :libdir '/border_test.so'
CREATE FUNCTION border_throw(text) RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_server_error() RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_nested(int) RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_walk() RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_try(text) RETURNS text AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_try_throw(text) RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_loop() RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_lock(text) RETURNS void AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_lock_state() RETURNS text AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_observe(text) RETURNS int AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_observe_server() RETURNS int AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_live() RETURNS int AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_made() RETURNS int AS :'module' LANGUAGE C STRICT;
CREATE FUNCTION border_many(int) RETURNS bigint AS :'module' LANGUAGE C STRICT;

-- What arrives of an error: state, message, detail, hint.
CREATE FUNCTION arrived(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
    message text;
    detail text;
    hint text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', state, message, nullif(detail, ''), nullif(hint, ''));
END $$;

-- C++ exceptions become server errors.
SELECT arrived('SELECT border_throw(''core'')');
SELECT arrived('SELECT border_throw(''limit'')');
SELECT arrived('SELECT border_throw(''bad_alloc'')');
SELECT split_part(arrived('SELECT border_throw(''length_error'')'), ' | ', 1);
SELECT arrived('SELECT border_throw(''foreign'')');
-- A message longer than there is room for is cut between characters.
SELECT length(arrived('SELECT border_throw(''long'')')), right(arrived('SELECT border_throw(''long'')'), 2);

-- Server errors pass live C++ objects and keep what they say.
SELECT arrived('SELECT border_server_error()');
SELECT arrived('SELECT border_nested(0)');
SELECT arrived('SELECT border_nested(5)');
SELECT arrived('SELECT border_walk()');
SELECT border_live() AS live, border_made() > 10 AS made;

-- An error as a value, in a subtransaction.
SELECT border_try('SELECT 1/0');
SELECT border_try('SELECT 1');
SELECT border_try('SELECT border_throw(''core'')');
SELECT arrived('SELECT border_try_throw(''core'')');
CREATE TABLE kept (n int);
SELECT border_try('INSERT INTO kept VALUES (1)'), border_try('INSERT INTO kept VALUES (2), (1/0)');
TABLE kept;
BEGIN;
SELECT border_try('SELECT 1/0'), arrived('SELECT border_try_throw(''foreign'')'), border_try('SELECT border_nested(3)');
INSERT INTO kept VALUES (3);
COMMIT;
SELECT count(*) FROM kept;

-- A cancel ends a loop of the core and is not swallowed by pg_try.
SET statement_timeout = '100ms';
SELECT border_loop();
SELECT border_try('SELECT pg_sleep(60)');
RESET statement_timeout;

-- A lock held while the error passes is free afterwards, and the session can be cancelled.
SELECT arrived('SELECT border_lock(''server'')'), border_lock_state();
SELECT arrived('SELECT border_lock(''core'')'), border_lock_state();
SELECT arrived('SELECT border_lock(''foreign'')'), border_lock_state();
SET statement_timeout = '100ms';
SELECT pg_sleep(60);
RESET statement_timeout;

-- Observers count their own failures and let the server's pass.
SELECT border_observe('none'), border_observe('core'), border_observe('foreign');
SELECT arrived('SELECT border_observe_server()');

-- Many caught errors leave nothing behind.
SELECT border_many(20000) AS grown_bytes;
SELECT border_live() AS live;
