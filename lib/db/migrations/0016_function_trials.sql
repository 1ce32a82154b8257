CREATE TABLE "function_trial" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"qualifier" text NOT NULL,
	"event" jsonb NOT NULL,
	"state" text NOT NULL,
	"called_at" timestamp with time zone,
	"version" text,
	"modified_at" text,
	"verdict" jsonb,
	"duration_ms" double precision,
	"billed_ms" integer,
	"memory_bytes" bigint,
	"request_id" text,
	"excerpt" text,
	"error" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "function_trial" ADD CONSTRAINT "function_trial_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "function_trial_by_function" ON "function_trial" USING btree ("connection_id","region","namespace","name","qualifier","created_at");--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON "function_trial" FOR EACH ROW EXECUTE FUNCTION tell_change('trials', 'connection_id');
