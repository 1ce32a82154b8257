CREATE SEQUENCE "public"."switch_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
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
CREATE TABLE "shared_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switch" (
	"id" text PRIMARY KEY DEFAULT 'S-' || to_char(nextval('switch_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"diversion" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"state" text DEFAULT 'off' NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rounds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"decision" jsonb,
	"last_run_id" text,
	"moved_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "run_event_turns";--> statement-breakpoint
ALTER TABLE "plan" ALTER COLUMN "id" SET DEFAULT 'P-' || to_char(nextval('plan_number'), 'FM99999999999990000');--> statement-breakpoint
ALTER TABLE "run" ALTER COLUMN "id" SET DEFAULT 'R-' || to_char(nextval('run_number'), 'FM99999999999990000');--> statement-breakpoint
ALTER TABLE "run_attempt" ADD COLUMN "reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "cutover" jsonb;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_last_run_id_run_id_fk" FOREIGN KEY ("last_run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_event_turn" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'turned', 'held', 'finished', 'closed');