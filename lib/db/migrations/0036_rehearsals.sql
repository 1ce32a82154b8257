CREATE SEQUENCE "public"."rehearsal_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "rehearsal" (
	"id" text PRIMARY KEY DEFAULT 'H-' || to_char(nextval('rehearsal_number'), 'FM99999999999990000') NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"input" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"progress" double precision DEFAULT 0 NOT NULL,
	"report" jsonb,
	"verdict" text,
	"error" text,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "rehearsal" ADD CONSTRAINT "rehearsal_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rehearsal_of_plan" ON "rehearsal" USING btree ("plan_id","created_at");