CREATE TABLE "worker" (
	"id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"engine_version" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"measures" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "run_event_turns" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('started', 'held', 'finished', 'closed');