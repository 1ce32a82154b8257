-- Rounds of probes come every few seconds; what counts Switches needs none of them.
CREATE TRIGGER tell_round AFTER UPDATE OF "rounds", "decision" ON "switch" FOR EACH ROW EXECUTE FUNCTION tell_change('round', 'id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE OF "state", "policy", "moved_at" ON "switch" FOR EACH STATEMENT EXECUTE FUNCTION tell_change('switches');
