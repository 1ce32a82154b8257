CREATE TABLE "rate_lease" (
	"account" text NOT NULL,
	"budget" text NOT NULL,
	"holder" text NOT NULL,
	"rank" text,
	"permits" integer NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_lease_account_budget_holder_pk" PRIMARY KEY("account","budget","holder")
);
