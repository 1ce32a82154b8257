ALTER TABLE "plan" ADD COLUMN "replaces" text;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "replaces_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_replaces_run_id_fk" FOREIGN KEY ("replaces") REFERENCES "public"."run"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_replaces" ON "plan" USING btree ("replaces") WHERE replaces is not null;