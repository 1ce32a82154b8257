-- Tells on channel `spillway` what has changed, once the change is there to be read: {"kind":"run","id":"R-0001"}.
-- Arguments: the kind, and the column that names the changed thing; none, and no id, where a statement is told of.
-- The column is read by name, so that no large value of the row is unpacked for it.
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  id text;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO id USING NEW;
  END IF;
  PERFORM pg_notify('spillway', json_strip_nulls(json_build_object('kind', TG_ARGV[0], 'id', id))::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT ON "run_attempt" FOR EACH ROW EXECUTE FUNCTION tell_change('run', 'run_id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT ON "run_event" FOR EACH ROW EXECUTE FUNCTION tell_change('run', 'run_id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "sync" FOR EACH ROW EXECUTE FUNCTION tell_change('estate', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "estate" FOR EACH ROW EXECUTE FUNCTION tell_change('estate', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "deployment" FOR EACH ROW EXECUTE FUNCTION tell_change('deployment', 'id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON "freeze" FOR EACH STATEMENT EXECUTE FUNCTION tell_change('schedule');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON "line_stop" FOR EACH STATEMENT EXECUTE FUNCTION tell_change('schedule');
