CREATE TABLE "policy" (
	"kind" text PRIMARY KEY NOT NULL,
	"approvals" integer NOT NULL,
	"zone" text,
	"prewarm_s" integer,
	"missed_t0" jsonb NOT NULL,
	"guards" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
