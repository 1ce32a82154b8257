CREATE TABLE "occurrence" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"series_id" text NOT NULL,
	"date" text NOT NULL,
	"t0" timestamp with time zone NOT NULL,
	"t1" timestamp with time zone NOT NULL,
	"template_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"problem" jsonb,
	"replaced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "recurrence" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"rule" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stopped_by" text,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_series_id_recurrence_diversion_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."recurrence"("diversion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_template_id_plan_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurrence" ADD CONSTRAINT "recurrence_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "occurrence_once" ON "occurrence" USING btree ("series_id","date") WHERE replaced_at is null;--> statement-breakpoint
CREATE INDEX "occurrence_unsettled" ON "occurrence" USING btree ("series_id") WHERE settled_at is null;--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "recurrence" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'diversion_id');--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "occurrence" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'series_id');--> statement-breakpoint
CREATE TRIGGER notify_schedule AFTER INSERT OR UPDATE ON "recurrence" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('schedule');
