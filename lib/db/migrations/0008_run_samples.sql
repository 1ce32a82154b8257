CREATE TABLE "run_sample" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"sample" jsonb,
	"traffic" jsonb
);
--> statement-breakpoint
CREATE TABLE "run_watch" (
	"run_id" text PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"summary" jsonb NOT NULL,
	"breach_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "run_sample" ADD CONSTRAINT "run_sample_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_watch" ADD CONSTRAINT "run_watch_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_sample_by_run" ON "run_sample" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_sample_by_time" ON "run_sample" USING btree ("at");--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "run_sample" FOR EACH ROW EXECUTE FUNCTION notify_change('probes', 'run_id');--> statement-breakpoint
-- Rounds of probes come every few seconds; alerts need none of them but the one with a new breach.
CREATE TRIGGER notify_breach AFTER UPDATE ON "run_watch" FOR EACH ROW WHEN (OLD."breach_at" IS DISTINCT FROM NEW."breach_at") EXECUTE FUNCTION notify_change('alerts', 'run_id');
