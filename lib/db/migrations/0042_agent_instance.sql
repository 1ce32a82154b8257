ALTER TABLE "run_vantage" ADD COLUMN "instance" text;--> statement-breakpoint
ALTER TABLE "run_vantage" ADD COLUMN "instance_since" timestamp with time zone;