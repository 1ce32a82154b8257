CREATE TABLE "freeze" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"span" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "line_stop" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "run_event_turns";--> statement-breakpoint
ALTER TABLE "run_attempt" ADD COLUMN "reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "cutover" jsonb;--> statement-breakpoint
CREATE INDEX "run_event_turn" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'turned', 'held', 'finished', 'closed');