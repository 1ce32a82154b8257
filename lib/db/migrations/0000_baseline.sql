CREATE SEQUENCE "public"."plan_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."run_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."switch_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "accepted_drift" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"key" text NOT NULL,
	"object" jsonb NOT NULL,
	"write" text NOT NULL,
	"state" jsonb NOT NULL,
	"expected" jsonb NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"comment" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "change_freeze" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"span" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connection" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"uin" text,
	"port_offset" integer NOT NULL,
	"isolation" text,
	"available" boolean NOT NULL,
	"keys_expire_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"spec" jsonb NOT NULL,
	"state" text NOT NULL,
	"stage" text,
	"version" text,
	"error" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emergency_stop_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emergency_stop" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "estate_change" (
	"connection_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"change" jsonb NOT NULL,
	"names" text[] DEFAULT '{}' NOT NULL,
	"measured" boolean DEFAULT false NOT NULL,
	"seen_at" timestamp with time zone,
	CONSTRAINT "estate_change_connection_id_version_kind_key_pk" PRIMARY KEY("connection_id","version","kind","key")
);
--> statement-breakpoint
CREATE TABLE "estate_version" (
	"connection_id" text NOT NULL,
	"number" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL,
	"audit" jsonb,
	"keyframe" jsonb,
	CONSTRAINT "estate_version_connection_id_number_pk" PRIMARY KEY("connection_id","number")
);
--> statement-breakpoint
CREATE TABLE "estate" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"parts_at" timestamp with time zone,
	"estate" jsonb NOT NULL,
	"merged" jsonb,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_traffic" (
	"plan_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"readings" jsonb NOT NULL,
	"unmeasured" integer DEFAULT 0 NOT NULL,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"id" text PRIMARY KEY DEFAULT 'P-' || to_char(nextval('plan_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"plan" jsonb NOT NULL,
	"findings" jsonb NOT NULL,
	"hash" text NOT NULL,
	"replaces" text,
	"replaces_reason" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"kind" text PRIMARY KEY NOT NULL,
	"approvals" integer NOT NULL,
	"zone" text,
	"prewarm_s" integer,
	"missed_t0" jsonb NOT NULL,
	"guards" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_lease" (
	"account" text NOT NULL,
	"budget" text NOT NULL,
	"holder" text NOT NULL,
	"rank" text,
	"permits" integer NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_lease_account_budget_holder_pk" PRIMARY KEY("account","budget","holder")
);
--> statement-breakpoint
CREATE TABLE "run_attempt" (
	"run_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"direction" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_attempt_run_id_attempt_pk" PRIMARY KEY("run_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "run_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"event" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" text PRIMARY KEY DEFAULT 'R-' || to_char(nextval('run_number'), 'FM99999999999990000') NOT NULL,
	"plan_id" text NOT NULL,
	"fence" integer DEFAULT 0 NOT NULL,
	"cutover" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"pruned_at" timestamp with time zone,
	CONSTRAINT "run_plan_id_unique" UNIQUE("plan_id")
);
--> statement-breakpoint
CREATE TABLE "shared_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switch" (
	"id" text PRIMARY KEY DEFAULT 'S-' || to_char(nextval('switch_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"diversion" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"state" text DEFAULT 'disabled' NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rounds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"decision" jsonb,
	"last_run_id" text,
	"moved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sync" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"progress" jsonb,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "test_invocation" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"qualifier" text NOT NULL,
	"event" jsonb NOT NULL,
	"state" text NOT NULL,
	"called_at" timestamp with time zone,
	"version" text,
	"modified_at" text,
	"verdict" jsonb,
	"duration_ms" double precision,
	"billed_ms" integer,
	"memory_bytes" bigint,
	"request_id" text,
	"excerpt" text,
	"error" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "worker" (
	"id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"engine_version" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"measures" jsonb NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accepted_drift" ADD CONSTRAINT "accepted_drift_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate_change" ADD CONSTRAINT "estate_change_version" FOREIGN KEY ("connection_id","version") REFERENCES "public"."estate_version"("connection_id","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate_version" ADD CONSTRAINT "estate_version_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate" ADD CONSTRAINT "estate_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_traffic" ADD CONSTRAINT "plan_traffic_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_replaces_run_id_fk" FOREIGN KEY ("replaces") REFERENCES "public"."run"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_attempt" ADD CONSTRAINT "run_attempt_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_last_run_id_run_id_fk" FOREIGN KEY ("last_run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync" ADD CONSTRAINT "sync_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_invocation" ADD CONSTRAINT "test_invocation_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accepted_drift_by_object" ON "accepted_drift" USING btree ("connection_id","key","id");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_once" ON "approval" USING btree ("plan_id","name_key") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "estate_change_by_object" ON "estate_change" USING btree ("connection_id","kind","key","version");--> statement-breakpoint
CREATE INDEX "estate_by_connection" ON "estate" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "plan_of_switch" ON "plan" USING btree ("created_at") WHERE plan->'diversion'->>'kind' = 'switch';--> statement-breakpoint
CREATE INDEX "plan_replaces" ON "plan" USING btree ("replaces") WHERE replaces is not null;--> statement-breakpoint
CREATE INDEX "run_event_by_run" ON "run_event" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_event_written" ON "run_event" USING btree ((event->>'at')) WHERE event->>'type' in ('accepted', 'stepDone');--> statement-breakpoint
CREATE INDEX "run_event_created" ON "run_event" USING btree ("run_id") WHERE event->>'loadBalancerId' is not null;--> statement-breakpoint
CREATE INDEX "run_event_done" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' = 'stepDone';--> statement-breakpoint
CREATE INDEX "run_event_state" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'held', 'finished', 'closed');--> statement-breakpoint
CREATE INDEX "test_invocation_by_function" ON "test_invocation" USING btree ("connection_id","region","namespace","name","qualifier","created_at");--> statement-breakpoint
-- Tells on channel `spillway` what has changed, once the change is there to be read: {"kind":"run","id":"R-0001"}.
-- Arguments: the kind, and the column that names the changed thing; none, and no id, where a statement is told of.
-- The column is read by name, so that no large value of the row is unpacked for it.
CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  id text;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO id USING NEW;
  END IF;
  PERFORM pg_notify('spillway', json_strip_nulls(json_build_object('kind', TG_ARGV[0], 'id', id))::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "run_attempt" FOR EACH ROW EXECUTE FUNCTION notify_change('run', 'run_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "run_event" FOR EACH ROW EXECUTE FUNCTION notify_change('run', 'run_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "sync" FOR EACH ROW EXECUTE FUNCTION notify_change('estate', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "estate" FOR EACH ROW EXECUTE FUNCTION notify_change('estate', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "deployment" FOR EACH ROW EXECUTE FUNCTION notify_change('deployment', 'id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON "change_freeze" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('schedule');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON "emergency_stop" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('schedule');
--> statement-breakpoint
-- What waits for approval changes with approvals, and with how many the policies ask for.
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "approval" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON "policy" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('policy');
--> statement-breakpoint
-- Rounds of probes come every few seconds; what counts Switches needs none of them.
CREATE TRIGGER notify_round AFTER UPDATE OF "rounds", "decision" ON "switch" FOR EACH ROW EXECUTE FUNCTION notify_change('round', 'id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE OF "state", "policy", "moved_at" ON "switch" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('switches');
--> statement-breakpoint
-- Who made a change may be known after the change itself.
CREATE TRIGGER notify_change AFTER UPDATE OF "audit" ON "estate_version" FOR EACH ROW EXECUTE FUNCTION notify_change('estate', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "plan_traffic" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "test_invocation" FOR EACH ROW EXECUTE FUNCTION notify_change('testInvocations', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "accepted_drift" FOR EACH ROW EXECUTE FUNCTION notify_change('drift', 'connection_id');
--> statement-breakpoint
-- Dashboard and worker can't delete from the journal; this function of the tables' owner removes what no open run, no rollback,
-- no baseline of drift and no history needs, and nothing that is younger than a day, whoever asks:
-- Of a run that was rolled back stay the events that its state is read from, how each step ended, and its requests. Of one that
-- is done or closed, which can still be rolled back, only what was measured meanwhile is removed. Nothing is of any other run.
-- The state of a run is found as lib/server/journal/last-state-events.ts does; one whose newest attempt has not begun is open.
CREATE FUNCTION prune_journal(before timestamp with time zone, runs_max integer)
RETURNS TABLE (runs integer, events integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF before IS NULL OR before > now() - interval '1 day' THEN
    RAISE EXCEPTION 'prune_journal: the journal of the last 24 hours is kept';
  END IF;
  RETURN QUERY
  WITH ended AS MATERIALIZED (
    SELECT run.id, state_event.id AS state_event_id, state_event.event->>'result' IS NOT DISTINCT FROM 'reverted' AS is_reverted
    FROM run
    CROSS JOIN LATERAL (
      SELECT max(attempt) AS attempt, count(*) AS attempts FROM run_attempt WHERE run_id = run.id
    ) AS attempt
    LEFT JOIN LATERAL (
      SELECT id FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'held', 'finished', 'closed')
        AND event->>'type' = 'started' AND (event->>'attempt')::int = attempt.attempt
      ORDER BY id LIMIT 1
    ) AS start ON true
    CROSS JOIN LATERAL (
      SELECT id, event FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'held', 'finished', 'closed')
        AND (run_event.id >= start.id OR (start.id IS NULL AND attempt.attempts = 1))
      ORDER BY id DESC LIMIT 1
    ) AS state_event
    WHERE state_event.event->>'type' IN ('finished', 'closed') AND (state_event.event->>'at')::timestamptz < before
      AND (run.pruned_at IS NULL OR run.pruned_at < (state_event.event->>'at')::timestamptz)
  ), due AS MATERIALIZED (
    SELECT * FROM ended
    WHERE EXISTS (
      SELECT FROM run_event
      WHERE run_id = ended.id AND run_event.id < ended.state_event_id
        AND event->>'type' IN ('watched', 'intent', 'callFailed', 'probed', 'waiting', 'checked', 'command', 'refused', 'bakeSkipped')
        AND (is_reverted OR event->>'type' = 'watched')
    )
    LIMIT runs_max
  ), removed AS (
    DELETE FROM run_event USING due
    WHERE run_event.run_id = due.id AND run_event.id < due.state_event_id
      AND event->>'type' IN ('watched', 'intent', 'callFailed', 'probed', 'waiting', 'checked', 'command', 'refused', 'bakeSkipped')
      AND (is_reverted OR event->>'type' = 'watched')
    RETURNING run_event.id
  ), marked AS (
    UPDATE run SET pruned_at = now() FROM due WHERE run.id = due.id RETURNING run.id
  )
  SELECT (SELECT count(*)::int FROM marked), (SELECT count(*)::int FROM removed);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION prune_journal(timestamp with time zone, integer) FROM PUBLIC;
