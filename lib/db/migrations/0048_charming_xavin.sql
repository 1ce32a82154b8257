CREATE TABLE "general_setting" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"is_second_factor_required" boolean DEFAULT false NOT NULL
);
