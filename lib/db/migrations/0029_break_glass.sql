CREATE TABLE "approval_comment" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"name" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "approval_request" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"approvers" text[],
	"message" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"canceled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "break_glass" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "approval_comment" ADD CONSTRAINT "approval_comment_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_request" ADD CONSTRAINT "approval_request_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "break_glass" ADD CONSTRAINT "break_glass_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approval_comment_by_plan" ON "approval_comment" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "approval_request_by_plan" ON "approval_request" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "break_glass_by_plan" ON "break_glass" USING btree ("plan_id");--> statement-breakpoint
-- Rules that exist allow it.
UPDATE "approval_policy" SET rules = (
  SELECT coalesce(jsonb_agg(jsonb_build_object('breakGlass', true) || rule ORDER BY nth), '[]')
  FROM jsonb_array_elements(rules) WITH ORDINALITY AS listed(rule, nth)
);--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "break_glass" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "approval_request" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "approval_comment" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
