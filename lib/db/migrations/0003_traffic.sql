CREATE TABLE "diversion_traffic" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"points" jsonb NOT NULL,
	"error" jsonb
);
--> statement-breakpoint
ALTER TABLE "diversion_traffic" ADD CONSTRAINT "diversion_traffic_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "diversion_traffic" FOR EACH ROW EXECUTE FUNCTION notify_change('traffic', 'diversion_id');
