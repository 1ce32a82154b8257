-- What a plan, a draft or the diversion of a Switch touches, by which roles are limited (lib/policy/access.ts).
CREATE FUNCTION scope_texts(content jsonb, path jsonpath) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT value #>> '{}' ORDER BY value #>> '{}'), '{}')
  FROM jsonb_path_query(content, path) AS value
  WHERE jsonb_typeof(value) = 'string' AND value #>> '{}' <> ''
$$;
--> statement-breakpoint
CREATE FUNCTION scope_connections(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.**.connectionId') || scope_texts(content, '$.**.connections[*]')
$$;
--> statement-breakpoint
CREATE FUNCTION scope_regions(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.**.region')
$$;
--> statement-breakpoint
-- Those of routes, and of the rules and records that steps write.
CREATE FUNCTION scope_domains(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.routes[*].domain')
    || scope_texts(content, '$.ownRoutes[*].domain')
    || scope_texts(content, '$.diversion.**.domain')
    || scope_texts(content, '$.steps[*].object.domain')
    || scope_texts(content, '$.rollback[*].object.domain')
    || coalesce((
      SELECT array_agg(DISTINCT CASE WHEN record->>'subdomain' = '@' THEN record->>'zone' ELSE (record->>'subdomain') || '.' || (record->>'zone') END)
      FROM jsonb_path_query(content, '$.steps[*].object ? (@.kind == "recordSet")') AS record
    ), '{}')
$$;
--> statement-breakpoint
CREATE SEQUENCE "public"."diversion_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."plan_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."run_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."rehearsal_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."switch_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "alert_acknowledgement" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"occurrence" text NOT NULL,
	"diversion_id" text,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "alert_channel" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"sealed" text NOT NULL,
	"host" text NOT NULL,
	"events" jsonb NOT NULL,
	"connection_id" text,
	"min_severity" text DEFAULT 'info' NOT NULL,
	"regions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"domains" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"lead_minutes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_delivery" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"channel_id" text NOT NULL,
	"incident" text NOT NULL,
	"state" text NOT NULL,
	"alert" jsonb NOT NULL,
	"delivery" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"error" text,
	"reference" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "alert_link_use" (
	"id" text PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_rate_limit" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "api_request" (
	"caller" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" integer,
	"content_type" text,
	"body" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_request_caller_key_pk" PRIMARY KEY("caller","key")
);
--> statement-breakpoint
CREATE TABLE "api_token" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"user_id" text,
	"role" text NOT NULL,
	"limits" jsonb,
	"prefix" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_token_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
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
CREATE TABLE "connection_keys" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"site" text NOT NULL,
	"regions" text[] NOT NULL,
	"writes" text NOT NULL,
	"read_key_end" text NOT NULL,
	"write_key_end" text,
	"sealed_read" text NOT NULL,
	"sealed_write" text,
	"role_arn" text,
	"write_role_arn" text,
	"role_session" text,
	"role_external_id" text,
	"role_duration_s" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connection_test" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"result" jsonb
);
--> statement-breakpoint
CREATE TABLE "sealing_key" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "approval_comment" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"name" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "approval_request" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"approvers" text[],
	"message" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"canceled_at" timestamp with time zone
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
CREATE TABLE "break_glass" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"schedule" integer DEFAULT 1 NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"account_id" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "diversion_traffic" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"points" jsonb NOT NULL,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "diversion" (
	"id" text PRIMARY KEY DEFAULT 'D-' || to_char(nextval('diversion_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"domains" text[] NOT NULL,
	"owner" text NOT NULL,
	"draft" jsonb,
	"draft_by" text[] DEFAULT '{}' NOT NULL,
	"scope_connections" text[] GENERATED ALWAYS AS (scope_connections(draft)) STORED NOT NULL,
	"scope_regions" text[] GENERATED ALWAYS AS (scope_regions(draft)) STORED NOT NULL,
	"scope_domains" text[] GENERATED ALWAYS AS (scope_domains(draft)) STORED NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"discarded_by" text,
	"discarded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "occurrence" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"series_id" text NOT NULL,
	"date" text NOT NULL,
	"t0" timestamp with time zone NOT NULL,
	"t1" timestamp with time zone NOT NULL,
	"template_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"problem" jsonb,
	"replaced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "plan_traffic" (
	"plan_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"readings" jsonb NOT NULL,
	"function_lag_ms" integer,
	"unmeasured" integer DEFAULT 0 NOT NULL,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"id" text PRIMARY KEY DEFAULT 'P-' || to_char(nextval('plan_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"diversion_id" text NOT NULL,
	"revision" integer NOT NULL,
	"plan" jsonb NOT NULL,
	"scope_connections" text[] GENERATED ALWAYS AS (scope_connections(plan)) STORED NOT NULL,
	"scope_regions" text[] GENERATED ALWAYS AS (scope_regions(plan)) STORED NOT NULL,
	"scope_domains" text[] GENERATED ALWAYS AS (scope_domains(plan)) STORED NOT NULL,
	"findings" jsonb NOT NULL,
	"hash" text NOT NULL,
	"approval_facts" jsonb,
	"replaces" text,
	"replaces_reason" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recurrence_change" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"diversion_id" text NOT NULL,
	"change" text NOT NULL,
	"rule" jsonb NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recurrence" (
	"diversion_id" text PRIMARY KEY NOT NULL,
	"rule" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_by_account" text,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	"moved_names" text[],
	"stopped_by" text,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "run_attempt" (
	"run_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"direction" text NOT NULL,
	"actor" text NOT NULL,
	"account_id" text,
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
CREATE TABLE "run_sample" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"sample" jsonb,
	"traffic" jsonb,
	"convergence" jsonb
);
--> statement-breakpoint
CREATE TABLE "run_watch" (
	"run_id" text PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"summary" jsonb NOT NULL,
	"breach_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" text PRIMARY KEY DEFAULT 'R-' || to_char(nextval('run_number'), 'FM99999999999990000') NOT NULL,
	"plan_id" text NOT NULL,
	"fence" integer DEFAULT 0 NOT NULL,
	"cutover" jsonb,
	"guards" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"failover_probes" jsonb,
	"pruned_at" timestamp with time zone,
	CONSTRAINT "run_plan_id_unique" UNIQUE("plan_id")
);
--> statement-breakpoint
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
CREATE TABLE "connection" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"uin" text,
	"port_offset" integer NOT NULL,
	"isolation" text,
	"available" boolean NOT NULL,
	"keys_expire_at" timestamp with time zone,
	"problem" text,
	"verified_version" integer
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
CREATE TABLE "sandbox_reset" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL
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
CREATE TABLE "function_change" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"change" jsonb NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"version" text,
	"error" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "function_reading" (
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"part" jsonb NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	"content" jsonb,
	"error" jsonb,
	CONSTRAINT "function_reading_connection_id_region_namespace_name_key_pk" PRIMARY KEY("connection_id","region","namespace","name","key")
);
--> statement-breakpoint
CREATE TABLE "test_invocation" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"region" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"qualifier" text NOT NULL,
	"method" text DEFAULT 'GET' NOT NULL,
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
CREATE TABLE "approval_policy" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"rules" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_feed" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_read_at" timestamp with time zone,
	CONSTRAINT "calendar_feed_token_hash_unique" UNIQUE("token_hash")
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
CREATE TABLE "first_steps" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"route_opened_by" text,
	"route_opened_at" timestamp with time zone,
	"dismissed_by" text,
	"dismissed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "general_setting" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"is_second_factor_required" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"kind" text PRIMARY KEY NOT NULL,
	"zone" text,
	"prewarm_s" integer,
	"missed_t0" jsonb NOT NULL,
	"guards" jsonb NOT NULL,
	"owner_tags" jsonb DEFAULT '["managed-by","terraform"]'::jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shared_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
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
CREATE TABLE "passkey_challenge" (
	"challenge_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkey" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"rp_id" text NOT NULL,
	"public_key" text NOT NULL,
	"counter" bigint NOT NULL,
	"transports" jsonb NOT NULL,
	"is_synced" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "former_person" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_code" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "second_factor" (
	"user_id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint
);
--> statement-breakpoint
CREATE TABLE "set_up_link" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"email" text,
	"grants" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempt" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_account" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"account_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_session" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"authenticated_at" timestamp with time zone,
	"sso_issuer" text,
	"sso_subject" text,
	"sso_sid" text,
	CONSTRAINT "user_session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "user_verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean NOT NULL,
	"image" text,
	"grants" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "app_user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "rehearsal" (
	"id" text PRIMARY KEY DEFAULT 'H-' || to_char(nextval('rehearsal_number'), 'FM99999999999990000') NOT NULL,
	"plan_id" text NOT NULL,
	"hash" text NOT NULL,
	"input" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"progress" double precision DEFAULT 0 NOT NULL,
	"report" jsonb,
	"drill" jsonb,
	"finished" jsonb,
	"verdict" text,
	"error" text,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "safety_rule" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"rule" jsonb NOT NULL,
	"gate" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "safety_rule_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "sso_logout" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"subject" text,
	"sid" text,
	"received_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sso_request" (
	"browser_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text,
	"state" text NOT NULL,
	"nonce" text NOT NULL,
	"code_verifier" text NOT NULL,
	"next_page" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switch" (
	"id" text PRIMARY KEY DEFAULT 'S-' || to_char(nextval('switch_number'), 'FM99999999999990000') NOT NULL,
	"connection_id" text NOT NULL,
	"diversion_id" text,
	"diversion" jsonb NOT NULL,
	"scope_connections" text[] GENERATED ALWAYS AS (scope_connections(diversion)) STORED NOT NULL,
	"scope_regions" text[] GENERATED ALWAYS AS (scope_regions(diversion)) STORED NOT NULL,
	"scope_domains" text[] GENERATED ALWAYS AS (scope_domains(diversion)) STORED NOT NULL,
	"policy" jsonb NOT NULL,
	"state" text DEFAULT 'disabled' NOT NULL,
	"added_by" text DEFAULT '' NOT NULL,
	"set_by" text NOT NULL,
	"set_by_account" text,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rounds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"decision" jsonb,
	"last_run_id" text,
	"moved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "run_vantage" (
	"run_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address" text,
	"at" timestamp with time zone NOT NULL,
	"dns" jsonb NOT NULL,
	"http" jsonb NOT NULL,
	"counts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"instance" text,
	"instance_since" timestamp with time zone,
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
ALTER TABLE "alert_acknowledgement" ADD CONSTRAINT "alert_acknowledgement_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_channel" ADD CONSTRAINT "alert_channel_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_channel_id_alert_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."alert_channel"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_keys" ADD CONSTRAINT "connection_keys_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_test" ADD CONSTRAINT "connection_test_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_comment" ADD CONSTRAINT "approval_comment_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_request" ADD CONSTRAINT "approval_request_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "break_glass" ADD CONSTRAINT "break_glass_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "diversion_traffic" ADD CONSTRAINT "diversion_traffic_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "diversion" ADD CONSTRAINT "diversion_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_series_id_recurrence_diversion_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."recurrence"("diversion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_template_id_plan_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_traffic" ADD CONSTRAINT "plan_traffic_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_replaces_run_id_fk" FOREIGN KEY ("replaces") REFERENCES "public"."run"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurrence_change" ADD CONSTRAINT "recurrence_change_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurrence" ADD CONSTRAINT "recurrence_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_attempt" ADD CONSTRAINT "run_attempt_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_sample" ADD CONSTRAINT "run_sample_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_watch" ADD CONSTRAINT "run_watch_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accepted_drift" ADD CONSTRAINT "accepted_drift_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate_change" ADD CONSTRAINT "estate_change_version" FOREIGN KEY ("connection_id","version") REFERENCES "public"."estate_version"("connection_id","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate_version" ADD CONSTRAINT "estate_version_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "estate" ADD CONSTRAINT "estate_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync" ADD CONSTRAINT "sync_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "function_change" ADD CONSTRAINT "function_change_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "function_reading" ADD CONSTRAINT "function_reading_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_invocation" ADD CONSTRAINT "test_invocation_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "traffic_history" ADD CONSTRAINT "traffic_history_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenge" ADD CONSTRAINT "passkey_challenge_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey" ADD CONSTRAINT "passkey_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_account" ADD CONSTRAINT "user_account_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rehearsal" ADD CONSTRAINT "rehearsal_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_request" ADD CONSTRAINT "sso_request_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_diversion_id_diversion_id_fk" FOREIGN KEY ("diversion_id") REFERENCES "public"."diversion"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switch" ADD CONSTRAINT "switch_last_run_id_run_id_fk" FOREIGN KEY ("last_run_id") REFERENCES "public"."run"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_vantage" ADD CONSTRAINT "run_vantage_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_acknowledged_once" ON "alert_acknowledgement" USING btree ("subject","occurrence") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_delivery_once" ON "alert_delivery" USING btree ("channel_id","incident","state");--> statement-breakpoint
CREATE INDEX "alert_delivery_due" ON "alert_delivery" USING btree ("next_at") WHERE delivery = 'waiting';--> statement-breakpoint
CREATE INDEX "alert_delivery_by_time" ON "alert_delivery" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "alert_delivery_reference" ON "alert_delivery" USING btree ("channel_id","incident","id") WHERE reference is not null;--> statement-breakpoint
CREATE INDEX "api_request_by_time" ON "api_request" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "api_token_user" ON "api_token" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_entry_by_time" ON "audit_entry" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entry_by_actor" ON "audit_entry" USING btree ("actor","seq");--> statement-breakpoint
CREATE INDEX "audit_entry_by_operation" ON "audit_entry" USING btree ("operation","seq");--> statement-breakpoint
CREATE INDEX "audit_entry_by_object" ON "audit_entry" USING gin (objects jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "audit_entry_ends" ON "audit_entry" USING btree ("begun") WHERE begun is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sealing_key_current" ON "sealing_key" USING btree ((retired_at is null)) WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "approval_comment_by_plan" ON "approval_comment" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "approval_request_by_plan" ON "approval_request" USING btree ("plan_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_once" ON "approval" USING btree ("plan_id","name_key") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "break_glass_by_plan" ON "break_glass" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "diversion_by_time" ON "diversion" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "occurrence_once" ON "occurrence" USING btree ("series_id","date") WHERE replaced_at is null;--> statement-breakpoint
CREATE INDEX "occurrence_unsettled" ON "occurrence" USING btree ("series_id") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "plan_of_switch" ON "plan" USING btree ("created_at") WHERE plan->'diversion'->>'kind' = 'switch';--> statement-breakpoint
CREATE INDEX "plan_replaces" ON "plan" USING btree ("replaces") WHERE replaces is not null;--> statement-breakpoint
CREATE INDEX "plan_routes" ON "plan" USING btree ("connection_id",md5((plan->'diversion'->'routes')::text));--> statement-breakpoint
CREATE UNIQUE INDEX "plan_revision" ON "plan" USING btree ("diversion_id","revision");--> statement-breakpoint
CREATE INDEX "recurrence_change_by_diversion" ON "recurrence_change" USING btree ("diversion_id","id");--> statement-breakpoint
CREATE INDEX "run_event_by_run" ON "run_event" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_event_unmeasured" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' <> 'watched';--> statement-breakpoint
CREATE INDEX "run_event_written" ON "run_event" USING btree ((event->>'at')) WHERE event->>'type' in ('accepted', 'stepDone');--> statement-breakpoint
CREATE INDEX "run_event_created" ON "run_event" USING btree ("run_id") WHERE event->>'loadBalancerId' is not null;--> statement-breakpoint
CREATE INDEX "run_event_done" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' = 'stepDone';--> statement-breakpoint
CREATE INDEX "run_event_alert" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('stopped', 'missed') or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0'));--> statement-breakpoint
CREATE INDEX "run_event_told" ON "run_event" USING btree ("id") WHERE event->>'type' in ('finished', 'checked', 'started') or (event->>'type' = 'passed' and event->>'gate' = 'T0');--> statement-breakpoint
CREATE INDEX "run_event_state" ON "run_event" USING btree ("run_id","id") WHERE event->>'type' in ('started', 'gate', 'passed', 'missed', 'paused', 'continued', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'stopped', 'finished', 'closed');--> statement-breakpoint
CREATE INDEX "run_sample_by_run" ON "run_sample" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_sample_by_time" ON "run_sample" USING btree ("at");--> statement-breakpoint
CREATE INDEX "accepted_drift_by_object" ON "accepted_drift" USING btree ("connection_id","key","id");--> statement-breakpoint
CREATE INDEX "estate_change_by_object" ON "estate_change" USING btree ("connection_id","kind","key","version");--> statement-breakpoint
CREATE INDEX "estate_by_connection" ON "estate" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "sandbox_reset_by_time" ON "sandbox_reset" USING btree ("at");--> statement-breakpoint
CREATE INDEX "function_change_by_function" ON "function_change" USING btree ("connection_id","region","namespace","name","created_at");--> statement-breakpoint
CREATE INDEX "function_reading_by_time" ON "function_reading" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "test_invocation_by_function" ON "test_invocation" USING btree ("connection_id","region","namespace","name","qualifier","created_at");--> statement-breakpoint
CREATE INDEX "traffic_history_by_time" ON "traffic_history" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "passkey_challenge_end" ON "passkey_challenge" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "passkey_user" ON "passkey" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "former_person_email" ON "former_person" USING btree ("email");--> statement-breakpoint
CREATE INDEX "recovery_code_user" ON "recovery_code" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_account_provider" ON "user_account" USING btree ("provider_id","account_id");--> statement-breakpoint
CREATE INDEX "user_session_user" ON "user_session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "user_session_sso" ON "user_session" USING btree ("sso_issuer","sso_subject");--> statement-breakpoint
CREATE INDEX "user_session_sid" ON "user_session" USING btree ("sso_issuer","sso_sid");--> statement-breakpoint
CREATE INDEX "rehearsal_of_plan" ON "rehearsal" USING btree ("plan_id","created_at");--> statement-breakpoint
CREATE INDEX "sso_logout_end" ON "sso_logout" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sso_request_end" ON "sso_request" USING btree ("expires_at");
--> statement-breakpoint
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
    SELECT run.id, state_event.id AS state_event_id, state_event.event->>'result' IS NOT DISTINCT FROM 'rolledBack' AS is_rolled_back
    FROM run
    CROSS JOIN LATERAL (
      SELECT max(attempt) AS attempt, count(*) AS attempts FROM run_attempt WHERE run_id = run.id
    ) AS attempt
    LEFT JOIN LATERAL (
      SELECT id FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'continued', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'stopped', 'finished', 'closed')
        AND event->>'type' = 'started' AND (event->>'attempt')::int = attempt.attempt
      ORDER BY id LIMIT 1
    ) AS start ON true
    CROSS JOIN LATERAL (
      SELECT id, event FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'continued', 'baking', 'baked', 'retrying', 'recovered', 'rollback', 'stopped', 'finished', 'closed')
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
        AND (is_rolled_back OR event->>'type' = 'watched')
    )
    LIMIT runs_max
  ), removed AS (
    DELETE FROM run_event USING due
    WHERE run_event.run_id = due.id AND run_event.id < due.state_event_id
      AND event->>'type' IN ('watched', 'intent', 'callFailed', 'probed', 'waiting', 'checked', 'command', 'refused', 'bakeSkipped')
      AND (is_rolled_back OR event->>'type' = 'watched')
    RETURNING run_event.id
  ), marked AS (
    UPDATE run SET pruned_at = now() FROM due WHERE run.id = due.id RETURNING run.id
  )
  SELECT (SELECT count(*)::int FROM marked), (SELECT count(*)::int FROM removed);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION prune_journal(timestamp with time zone, integer) FROM PUBLIC;
--> statement-breakpoint
-- As before, and the next plan's authors are counted from the beginning.
CREATE FUNCTION number_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  plan_kind text := coalesce(NEW.plan->'diversion'->>'kind', 'split');
  plan_name text := coalesce(NEW.plan->'diversion'->>'name', '');
  plan_domains text[] := array(SELECT DISTINCT domain #>> '{}' FROM jsonb_path_query(NEW.plan, '$.diversion.routes[*].domain') AS domain ORDER BY 1);
BEGIN
  IF NEW.diversion_id IS NULL THEN
    INSERT INTO diversion (connection_id, kind, name, domains, owner, created_by, created_at)
    VALUES (NEW.connection_id, plan_kind, plan_name, plan_domains, NEW.created_by, NEW.created_by, NEW.created_at)
    RETURNING id INTO NEW.diversion_id;
  ELSIF NEW.plan->'restores' IS NULL THEN
    UPDATE diversion SET kind = plan_kind, name = plan_name, domains = plan_domains, draft = NULL, draft_by = '{}' WHERE id = NEW.diversion_id;
  ELSE
    -- Restores part of what an earlier revision left: the intent is the same.
    PERFORM FROM diversion WHERE id = NEW.diversion_id FOR UPDATE;
  END IF;
  SELECT coalesce(max(revision), 0) + 1 INTO NEW.revision FROM plan WHERE diversion_id = NEW.diversion_id;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER number_plan BEFORE INSERT ON "plan" FOR EACH ROW EXECUTE FUNCTION number_plan();
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "plan" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'diversion_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "diversion" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "diversion_traffic" FOR EACH ROW EXECUTE FUNCTION notify_change('traffic', 'diversion_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "first_steps" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('checklist');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "function_reading" FOR EACH ROW EXECUTE FUNCTION notify_change('functions', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "function_change" FOR EACH ROW EXECUTE FUNCTION notify_change('functions', 'connection_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "alert_acknowledgement" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('alerts');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "run_sample" FOR EACH ROW EXECUTE FUNCTION notify_change('probes', 'run_id');
--> statement-breakpoint
-- Rounds of probes come every few seconds; alerts need none of them but the one with a new breach.
CREATE TRIGGER notify_breach AFTER UPDATE ON "run_watch" FOR EACH ROW WHEN (OLD."breach_at" IS DISTINCT FROM NEW."breach_at") EXECUTE FUNCTION notify_change('alerts', 'run_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "recurrence" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'diversion_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "occurrence" FOR EACH ROW EXECUTE FUNCTION notify_change('diversion', 'series_id');
--> statement-breakpoint
CREATE TRIGGER notify_schedule AFTER INSERT OR UPDATE ON "recurrence" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('schedule');
--> statement-breakpoint
-- A worker with other keys makes accounts available or unavailable, which pages of plans, diversions and runs show.
CREATE TRIGGER notify_insert AFTER INSERT ON "connection" FOR EACH ROW EXECUTE FUNCTION notify_change('connection', 'id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER UPDATE ON "connection" FOR EACH ROW
WHEN (OLD.available IS DISTINCT FROM NEW.available OR OLD.name IS DISTINCT FROM NEW.name)
EXECUTE FUNCTION notify_change('connection', 'id');
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
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON "approval_policy" FOR EACH STATEMENT EXECUTE FUNCTION notify_change('policy');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "break_glass" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE ON "approval_request" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
--> statement-breakpoint
CREATE TRIGGER notify_change AFTER INSERT ON "approval_comment" FOR EACH ROW EXECUTE FUNCTION notify_change('plan', 'plan_id');
