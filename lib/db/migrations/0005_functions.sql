CREATE TABLE "function_change" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"change" jsonb NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"version" text,
	"error" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "function_reading" (
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"part" jsonb NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	"content" jsonb,
	"error" jsonb,
	CONSTRAINT "function_reading_connection_id_region_namespace_name_key_pk" PRIMARY KEY("connection_id","region","namespace","name","key")
);
--> statement-breakpoint
ALTER TABLE "test_invocation" ADD COLUMN "method" text DEFAULT 'GET' NOT NULL;--> statement-breakpoint
ALTER TABLE "function_change" ADD CONSTRAINT "function_change_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "function_reading" ADD CONSTRAINT "function_reading_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "function_change_by_function" ON "function_change" USING btree ("connection_id","region","namespace","name","created_at");--> statement-breakpoint
CREATE INDEX "function_reading_by_time" ON "function_reading" USING btree ("asked_at");--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "function_reading" FOR EACH ROW EXECUTE FUNCTION notify_change('functions', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "function_change" FOR EACH ROW EXECUTE FUNCTION notify_change('functions', 'connection_id');
