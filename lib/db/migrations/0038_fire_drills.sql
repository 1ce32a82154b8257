ALTER TABLE "rehearsal" ADD COLUMN "drill" jsonb;--> statement-breakpoint
UPDATE "rehearsal" SET "input" = jsonb_set("input", '{settings,events}', '1');
