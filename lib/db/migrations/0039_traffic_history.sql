CREATE TABLE "traffic_history" (
	"connection_id" text NOT NULL,
	"key" text NOT NULL,
	"asked" jsonb NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	"content" jsonb,
	"error" jsonb,
	CONSTRAINT "traffic_history_connection_id_key_pk" PRIMARY KEY("connection_id","key")
);
--> statement-breakpoint
ALTER TABLE "traffic_history" ADD CONSTRAINT "traffic_history_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "traffic_history_by_time" ON "traffic_history" USING btree ("asked_at");