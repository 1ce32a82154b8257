CREATE TABLE "sandbox_reset" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sandbox_reset_by_time" ON "sandbox_reset" USING btree ("at");