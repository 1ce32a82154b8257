CREATE TABLE "estate_change" (
	"connection_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"change" jsonb NOT NULL,
	"seen_at" timestamp with time zone,
	CONSTRAINT "estate_change_connection_id_version_kind_key_pk" PRIMARY KEY("connection_id","version","kind","key")
);
--> statement-breakpoint
CREATE TABLE "estate_version" (
	"connection_id" text NOT NULL,
	"number" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"keyframe" jsonb,
	CONSTRAINT "estate_version_connection_id_number_pk" PRIMARY KEY("connection_id","number")
);
--> statement-breakpoint
ALTER TABLE "estate" ADD COLUMN "known" jsonb;--> statement-breakpoint
ALTER TABLE "estate" ADD COLUMN "version" integer;--> statement-breakpoint
ALTER TABLE "estate_change" ADD CONSTRAINT "estate_change_version" FOREIGN KEY ("connection_id","version") REFERENCES "public"."estate_version"("connection_id","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate_version" ADD CONSTRAINT "estate_version_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "estate_change_by_object" ON "estate_change" USING btree ("connection_id","kind","key","version");