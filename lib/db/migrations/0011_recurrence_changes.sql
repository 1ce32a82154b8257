CREATE TABLE "recurrence_change" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"diversion_id" text NOT NULL,
	"change" text NOT NULL,
	"rule" jsonb NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "recurrence" ADD COLUMN "moved_names" text[];--> statement-breakpoint
ALTER TABLE "recurrence_change" ADD CONSTRAINT "recurrence_change_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recurrence_change_by_diversion" ON "recurrence_change" USING btree ("diversion_id","id");