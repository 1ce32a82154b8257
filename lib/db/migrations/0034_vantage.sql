CREATE TABLE "run_vantage" (
	"run_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address" text,
	"at" timestamp with time zone NOT NULL,
	"dns" jsonb NOT NULL,
	"http" jsonb NOT NULL,
	CONSTRAINT "run_vantage_run_id_kind_name_pk" PRIMARY KEY("run_id","kind","name")
);
--> statement-breakpoint
CREATE TABLE "vantage_point" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vantage_point_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "run_sample" ADD COLUMN "convergence" jsonb;--> statement-breakpoint
ALTER TABLE "run_vantage" ADD CONSTRAINT "run_vantage_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;