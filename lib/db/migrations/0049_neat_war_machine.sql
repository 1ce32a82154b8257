ALTER TABLE "break_glass" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "recurrence" ADD COLUMN "set_by_account" text;--> statement-breakpoint
ALTER TABLE "run_attempt" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "switch" ADD COLUMN "set_by_account" text;--> statement-breakpoint
-- Rows get the account that had the address then and still has it. Others keep null: their rights are those of the address, as before.
UPDATE "run_attempt" SET "account_id" = "app_user"."id" FROM "app_user" WHERE "email" = "actor" AND "created_at" <= "requested_at";--> statement-breakpoint
UPDATE "break_glass" SET "account_id" = "app_user"."id" FROM "app_user" WHERE "email" = "actor" AND "created_at" <= "at";--> statement-breakpoint
UPDATE "recurrence" SET "set_by_account" = "app_user"."id" FROM "app_user" WHERE "email" = "set_by" AND "created_at" <= "set_at";--> statement-breakpoint
UPDATE "switch" SET "set_by_account" = "app_user"."id" FROM "app_user" WHERE "email" = "set_by" AND "created_at" <= "set_at";
