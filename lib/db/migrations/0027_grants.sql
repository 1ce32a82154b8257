-- What a plan, a draft or the diversion of a Switch touches, by which roles are limited (lib/policy/access.ts).
CREATE FUNCTION scope_texts(content jsonb, path jsonpath) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT value #>> '{}' ORDER BY value #>> '{}'), '{}')
  FROM jsonb_path_query(content, path) AS value
  WHERE jsonb_typeof(value) = 'string' AND value #>> '{}' <> ''
$$;--> statement-breakpoint
CREATE FUNCTION scope_connections(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.**.connectionId') || scope_texts(content, '$.**.connections[*]')
$$;--> statement-breakpoint
CREATE FUNCTION scope_regions(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.**.region')
$$;--> statement-breakpoint
-- Those of routes, and of the rules and records that steps write.
CREATE FUNCTION scope_domains(content jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT scope_texts(content, '$.routes[*].domain')
    || scope_texts(content, '$.ownRoutes[*].domain')
    || scope_texts(content, '$.diversion.**.domain')
    || scope_texts(content, '$.steps[*].object.domain')
    || scope_texts(content, '$.revert[*].object.domain')
    || coalesce((
      SELECT array_agg(DISTINCT CASE WHEN record->>'subdomain' = '@' THEN record->>'zone' ELSE (record->>'subdomain') || '.' || (record->>'zone') END)
      FROM jsonb_path_query(content, '$.steps[*].object ? (@.kind == "recordSet")') AS record
    ), '{}')
$$;--> statement-breakpoint
ALTER TABLE "api_token" ADD COLUMN "limits" jsonb;--> statement-breakpoint
ALTER TABLE "diversion" ADD COLUMN "scope_connections" text[] GENERATED ALWAYS AS (scope_connections(draft)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "diversion" ADD COLUMN "scope_regions" text[] GENERATED ALWAYS AS (scope_regions(draft)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "diversion" ADD COLUMN "scope_domains" text[] GENERATED ALWAYS AS (scope_domains(draft)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "scope_connections" text[] GENERATED ALWAYS AS (scope_connections(plan)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "scope_regions" text[] GENERATED ALWAYS AS (scope_regions(plan)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "plan" ADD COLUMN "scope_domains" text[] GENERATED ALWAYS AS (scope_domains(plan)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "set_up_link" ADD COLUMN "grants" jsonb;--> statement-breakpoint
-- Until now each role was on everything.
UPDATE "set_up_link" SET grants = jsonb_build_array(jsonb_build_object('role', role, 'connections', null, 'regions', null, 'domains', null));--> statement-breakpoint
ALTER TABLE "set_up_link" ALTER COLUMN "grants" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "switch" ADD COLUMN "scope_connections" text[] GENERATED ALWAYS AS (scope_connections(diversion)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "switch" ADD COLUMN "scope_regions" text[] GENERATED ALWAYS AS (scope_regions(diversion)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "switch" ADD COLUMN "scope_domains" text[] GENERATED ALWAYS AS (scope_domains(diversion)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "app_user" ADD COLUMN "grants" jsonb;--> statement-breakpoint
-- Until now each role was on everything.
UPDATE "app_user" SET grants = jsonb_build_array(jsonb_build_object('role', role, 'connections', null, 'regions', null, 'domains', null));--> statement-breakpoint
ALTER TABLE "app_user" ALTER COLUMN "grants" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "api_token" DROP COLUMN "scope";--> statement-breakpoint
ALTER TABLE "set_up_link" DROP COLUMN "role";--> statement-breakpoint
ALTER TABLE "app_user" DROP COLUMN "role";