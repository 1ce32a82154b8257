ALTER TABLE "estate_change" ADD COLUMN "names" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "estate_version" ADD COLUMN "filed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "estate_version" ADD COLUMN "audit" jsonb;--> statement-breakpoint
CREATE INDEX "run_event_accepted" ON "run_event" USING btree ((event->>'at')) WHERE event->>'type' = 'accepted';--> statement-breakpoint
-- Who made a change may be known after the change itself.
CREATE TRIGGER tell_change AFTER UPDATE OF "audit" ON "estate_version" FOR EACH ROW EXECUTE FUNCTION tell_change('estate', 'connection_id');
