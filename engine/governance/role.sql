-- A name in PostgreSQL that may add to a ledger, and can neither change, remove nor fork what is there.
-- Run it once, in the ledger's database, as the owner of its tables (who made it, by the first `record`), as
--   sharedvalue ledger role | psql postgresql://owner@host/database
-- then give the name to whoever records:  GRANT sharedvalue_writer TO ada;
-- Nobody who records should own the tables, or be able to become their owner.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sharedvalue_writer') THEN
    CREATE ROLE sharedvalue_writer NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON records, files, about, head, alembic_version FROM PUBLIC, sharedvalue_writer;
GRANT SELECT, INSERT ON records, files TO sharedvalue_writer;
GRANT SELECT ON about, alembic_version TO sharedvalue_writer;
GRANT SELECT, UPDATE ON head TO sharedvalue_writer;

-- The end moves by one record at a time, to the record that follows.
CREATE OR REPLACE FUNCTION sharedvalue_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.one <> OLD.one OR NEW.count <> OLD.count + 1
     OR NOT EXISTS (SELECT FROM records WHERE number = NEW.count AND hash = NEW.hash AND previous = OLD.hash)
     OR EXISTS (SELECT FROM records WHERE number > NEW.count) THEN
    RAISE EXCEPTION 'the end of a ledger moves to the next record, and nowhere else';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS forward_head ON head;
CREATE TRIGGER forward_head BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION sharedvalue_forward();

CREATE OR REPLACE FUNCTION sharedvalue_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM head WHERE count + 1 = NEW.number AND hash = NEW.previous) THEN
    RAISE EXCEPTION 'a record follows the last one, and no other';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS next_record ON records;
CREATE TRIGGER next_record BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION sharedvalue_next();
