CREATE TABLE "connection_keys" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"site" text NOT NULL,
	"regions" text[] NOT NULL,
	"writes" text NOT NULL,
	"read_key_end" text NOT NULL,
	"write_key_end" text,
	"sealed_read" text NOT NULL,
	"sealed_write" text,
	"role_arn" text,
	"write_role_arn" text,
	"role_session" text,
	"role_external_id" text,
	"role_duration_s" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sealing_key" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "problem" text;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "verified_version" integer;--> statement-breakpoint
ALTER TABLE "connection_keys" ADD CONSTRAINT "connection_keys_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sealing_key_current" ON "sealing_key" USING btree ((retired_at is null)) WHERE retired_at is null;