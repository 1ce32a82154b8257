CREATE TABLE "calendar_feed" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_read_at" timestamp with time zone,
	CONSTRAINT "calendar_feed_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
DROP INDEX "alert_acknowledged_once";--> statement-breakpoint
ALTER TABLE "alert_acknowledgement" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_acknowledged_once" ON "alert_acknowledgement" USING btree ("subject","occurrence") WHERE withdrawn_at is null;--> statement-breakpoint
DROP TRIGGER notify_change ON "alert_acknowledgement";--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "alert_acknowledgement" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('alerts');
