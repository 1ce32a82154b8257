ALTER TABLE "calendar_feed" ADD COLUMN "user_id" text;--> statement-breakpoint
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_routes" ON "plan" USING btree ("connection_id",md5((plan->'diversion'->'routes')::text));