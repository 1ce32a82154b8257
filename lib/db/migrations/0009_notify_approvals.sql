-- What waits for approval changes with approvals, and with how many the policies ask for.
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "approval" FOR EACH ROW EXECUTE FUNCTION tell_change('plan', 'plan_id');
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON "policy" FOR EACH STATEMENT EXECUTE FUNCTION tell_change('policy');
