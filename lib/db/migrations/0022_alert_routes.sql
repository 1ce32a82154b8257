ALTER TABLE "alert_channel" ADD COLUMN "min_severity" text DEFAULT 'info' NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_channel" ADD COLUMN "regions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_channel" ADD COLUMN "domains" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_channel" ADD COLUMN "lead_minutes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "run_event_told" ON "run_event" USING btree ("id") WHERE event->>'type' in ('finished', 'checked', 'started') or (event->>'type' = 'passed' and event->>'gate' = 'T0');