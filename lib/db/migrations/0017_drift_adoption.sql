CREATE TABLE "drift_adoption" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"key" text NOT NULL,
	"object" jsonb NOT NULL,
	"write" text NOT NULL,
	"state" jsonb NOT NULL,
	"expected" jsonb NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "drift_adoption" ADD CONSTRAINT "drift_adoption_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drift_adoption_by_object" ON "drift_adoption" USING btree ("connection_id","key","id");--> statement-breakpoint
CREATE INDEX "run_event_done" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' = 'stepDone';
--> statement-breakpoint
CREATE TRIGGER tell_change AFTER INSERT ON "drift_adoption" FOR EACH ROW EXECUTE FUNCTION tell_change('drift', 'connection_id');
