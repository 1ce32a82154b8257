CREATE TABLE "first_steps" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"route_opened_by" text,
	"route_opened_at" timestamp with time zone,
	"dismissed_by" text,
	"dismissed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "first_steps" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('checklist');
