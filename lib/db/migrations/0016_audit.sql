CREATE TABLE "audit_entry" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	"content" text NOT NULL,
	"actor" text GENERATED ALWAYS AS ((content::jsonb)->>'actor') STORED NOT NULL,
	"operation" text GENERATED ALWAYS AS ((content::jsonb)->>'operation') STORED NOT NULL,
	"outcome" text GENERATED ALWAYS AS ((content::jsonb)->>'outcome') STORED NOT NULL,
	"begun" bigint GENERATED ALWAYS AS (((content::jsonb)->>'begun')::bigint) STORED,
	"objects" jsonb GENERATED ALWAYS AS ((content::jsonb)->'objects') STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_entry_by_time" ON "audit_entry" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entry_by_actor" ON "audit_entry" USING btree ("actor","seq");--> statement-breakpoint
CREATE INDEX "audit_entry_by_operation" ON "audit_entry" USING btree ("operation","seq");--> statement-breakpoint
CREATE INDEX "audit_entry_by_object" ON "audit_entry" USING gin (objects jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "audit_entry_ends" ON "audit_entry" USING btree ("begun") WHERE begun is not null;
--> statement-breakpoint
INSERT INTO "audit_head" ("seq", "hash") VALUES (0, repeat('0', 64));
--> statement-breakpoint
-- Continues the chain: whoever inserts only says what happened. The lock of the head lasts until the end of the transaction, so
-- entries are inserted by statements of their own. The hash is that of lib/audit/chain.ts.
CREATE FUNCTION append_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head audit_head;
BEGIN
  SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR UPDATE;
  NEW.seq := head.seq + 1;
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  NEW.previous_hash := head.hash;
  NEW.hash := encode(sha256(convert_to(
    head.hash || E'\n' || NEW.seq || E'\n' || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || E'\n' || NEW.content,
    'UTF8')), 'hex');
  UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_audit_entry BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION append_audit_entry();
--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER refuse_audit_change BEFORE DELETE OR TRUNCATE ON "audit_head" FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
