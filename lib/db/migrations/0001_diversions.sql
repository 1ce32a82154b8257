CREATE SEQUENCE "public"."diversion_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "diversion" (
	"id" text PRIMARY KEY DEFAULT 'D-' || to_char(nextval('diversion_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"domains" text[] NOT NULL,
	"owner" text NOT NULL,
	"draft" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"discarded_by" text,
	"discarded_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "diversion_id" text;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "revision" integer;--> statement-breakpoint
ALTER TABLE "switch" ADD COLUMN "diversion_id" text;--> statement-breakpoint
ALTER TABLE "diversion" ADD CONSTRAINT "diversion_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "diversion_by_time" ON "diversion" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- A plan is the next revision of its diversion. One that names none, as builds without diversions store them, begins one.
-- The diversion's row is locked meanwhile: two plans stored at the same time get different numbers.
CREATE FUNCTION number_plan() RETURNS trigger LANGUAGE plpgsql AS $$
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
    UPDATE diversion SET kind = plan_kind, name = plan_name, domains = plan_domains, draft = NULL WHERE id = NEW.diversion_id;
  ELSE
    -- Restores part of what an earlier revision left: the intent is the same.
    PERFORM FROM diversion WHERE id = NEW.diversion_id FOR UPDATE;
  END IF;
  SELECT coalesce(max(revision), 0) + 1 INTO NEW.revision FROM plan WHERE diversion_id = NEW.diversion_id;
  RETURN NEW;
END
$$;
--> statement-breakpoint
-- Each plan that is stored already is the first revision of a diversion of its own.
WITH numbered AS (
  SELECT id, 'D-' || to_char(row_number() OVER (ORDER BY created_at, id), 'FM99999999999990000') AS diversion_id FROM "plan"
), made AS (
  INSERT INTO "diversion" (id, connection_id, kind, name, domains, owner, created_by, created_at)
  SELECT numbered.diversion_id, connection_id, coalesce(plan->'diversion'->>'kind', 'split'), coalesce(plan->'diversion'->>'name', ''),
    array(SELECT DISTINCT domain #>> '{}' FROM jsonb_path_query(plan, '$.diversion.routes[*].domain') AS domain ORDER BY 1),
    created_by, created_by, created_at
  FROM "plan" JOIN numbered USING (id)
)
UPDATE "plan" SET diversion_id = numbered.diversion_id, revision = 1 FROM numbered WHERE numbered.id = "plan".id;--> statement-breakpoint
SELECT setval('diversion_number', greatest(1, (SELECT count(*) FROM "diversion")), EXISTS (SELECT FROM "diversion"));--> statement-breakpoint
ALTER TABLE "plan" ALTER COLUMN "diversion_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ALTER COLUMN "revision" SET NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "plan_revision" ON "plan" USING btree ("diversion_id","revision");--> statement-breakpoint
CREATE TRIGGER number_plan BEFORE INSERT ON "plan" FOR EACH ROW EXECUTE FUNCTION number_plan();--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "plan" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'diversion_id');--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "diversion" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'id');
