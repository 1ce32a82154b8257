CREATE TABLE "alert_acknowledgement" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"occurrence" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "failover_probes" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_acknowledged_once" ON "alert_acknowledgement" USING btree ("subject","occurrence");--> statement-breakpoint
CREATE INDEX "run_event_alert" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('held', 'missed') or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0'));--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "alert_acknowledgement" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('alerts');
