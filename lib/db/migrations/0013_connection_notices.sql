-- A worker with other keys makes accounts available or unavailable, which pages of plans, diversions and runs show.
CREATE TRIGGER notify_insert AFTER INSERT ON "connection" FOR EACH ROW EXECUTE FUNCTION notify_change('connection', 'id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER UPDATE ON "connection" FOR EACH ROW
WHEN (OLD.available IS DISTINCT FROM NEW.available OR OLD.name IS DISTINCT FROM NEW.name)
EXECUTE FUNCTION notify_change('connection', 'id');
