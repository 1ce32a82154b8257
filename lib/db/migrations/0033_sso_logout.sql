CREATE TABLE "sso_logout" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"subject" text,
	"sid" text,
	"received_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "user_session" ADD COLUMN "sso_issuer" text;--> statement-breakpoint
ALTER TABLE "user_session" ADD COLUMN "sso_subject" text;--> statement-breakpoint
ALTER TABLE "user_session" ADD COLUMN "sso_sid" text;--> statement-breakpoint
CREATE INDEX "sso_logout_end" ON "sso_logout" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "user_session_sso" ON "user_session" USING btree ("sso_issuer","sso_subject");--> statement-breakpoint
CREATE INDEX "user_session_sid" ON "user_session" USING btree ("sso_issuer","sso_sid");