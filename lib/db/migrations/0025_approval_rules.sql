CREATE TABLE "approval_policy" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"rules" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "diversion" ADD COLUMN "draft_by" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "approval_facts" jsonb;--> statement-breakpoint
-- The number of approvals of each kind becomes a rule that decides everything on it. Authors no longer count.
INSERT INTO "approval_policy" (rules, set_by, set_at)
SELECT jsonb_agg(jsonb_build_object(
    'name', CASE kind WHEN 'sandbox' THEN 'Sandbox' ELSE 'Real accounts' END,
    'match', jsonb_build_object('kind', kind, 'connectionId', NULL, 'region', NULL, 'domain', NULL),
    'from', jsonb_build_object('writes', NULL, 'dnsWrites', NULL, 'routes', NULL, 'sharePercent', NULL, 'warnings', false),
    'approvals', approvals, 'selfApproval', false, 'expiresAfterH', NULL
  ) ORDER BY kind), max(set_by), max(set_at)
FROM "policy" WHERE approvals > 0 HAVING count(*) > 0;--> statement-breakpoint
ALTER TABLE "policy" DROP COLUMN "approvals";--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON "approval_policy" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('policy');--> statement-breakpoint
-- As before, and the next plan's authors are counted from the beginning.
CREATE OR REPLACE FUNCTION number_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  plan_kind text := coalesce(NEW.plan->'diversion'->>'kind', 'split');
  plan_name text := coalesce(NEW.plan->'diversion'->>'name', '');
  plan_domains text[] := array(SELECT DISTINCT domain #>> '{}' FROM jsonb_path_query(NEW.plan, '$.diversion.routes[*].domain') AS domain ORDER BY 1);
BEGIN
  IF NEW.diversion_id IS NULL THEN
    INSERT INTO diversion (connection_id, kind, name, domains, owner, created_by, created_at)
    VALUES (NEW.connection_id, plan_kind, plan_name, plan_domains, NEW.created_by, NEW.created_by, NEW.created_at)
    RETURNING id INTO NEW.diversion_id;
  ELSIF NEW.plan->'restores' IS NULL THEN
    UPDATE diversion SET kind = plan_kind, name = plan_name, domains = plan_domains, draft = NULL, draft_by = '{}' WHERE id = NEW.diversion_id;
  ELSE
    -- Restores part of what an earlier revision left: the intent is the same.
    PERFORM FROM diversion WHERE id = NEW.diversion_id FOR UPDATE;
  END IF;
  SELECT coalesce(max(revision), 0) + 1 INTO NEW.revision FROM plan WHERE diversion_id = NEW.diversion_id;
  RETURN NEW;
END
$$;