CREATE TABLE "former_person" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "set_up_link" ADD COLUMN "email" text;--> statement-breakpoint
CREATE INDEX "former_person_email" ON "former_person" USING btree ("email");