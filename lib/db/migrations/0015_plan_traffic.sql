CREATE TABLE "plan_traffic" (
	"plan_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"readings" jsonb NOT NULL,
	"error" jsonb
);
--> statement-breakpoint
ALTER TABLE "plan_traffic" ADD CONSTRAINT "plan_traffic_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "plan_traffic" FOR EACH ROW EXECUTE FUNCTION tell_change('plan', 'plan_id');
