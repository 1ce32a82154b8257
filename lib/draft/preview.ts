import { Diversion } from '@/lib/diversion/diversion';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { ListenerId } from '@/lib/estate/ids';
import { type Estate, Listener } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Durations } from '@/lib/plan/model/forecast';
import type { OriginalTtl } from '@/lib/plan/model/model';
import { resolveRoute } from '@/lib/plan/model/resolve-route';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions, type PlanContext, withoutOwnDrafts } from '@/lib/preflight/model/conditions';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { asDiversion } from './as-diversion';
import type { Draft, EditorField } from './draft';
import { isFilled, missingFields, parseRouteField, shownAt } from './draft-fields';
import type { FieldFinding } from './field-findings';
import { type FieldError, fieldOfPath, type Preview, type PreviewReadiness } from './preview-model';
import { listRouteOrigins } from './waves';

/** Returns whether a finding compares the domain of a route whose domain is not chosen yet. */
function isAboutNoDomain(draft: Draft, { check, field }: Finding): boolean {
  const ofRoute = check === 'domain-match' && field !== null ? parseRouteField(field) : null;
  return ofRoute !== null && draft.routes[ofRoute.index]?.domain.trim() === '';
}

/** Returns whether a finding reports the empty id as missing, which the row of its name shows already. */
function isAboutNoChoice({ check, objects }: FieldFinding): boolean {
  return check === 'choices' && objects.join('') === '';
}

function findName(draft: Draft, { field }: Finding): string | null {
  const ofRoute = field === null || draft.kind !== 'switch' ? null : parseRouteField(field);
  return ofRoute === null ? null : (listRouteOrigins(draft)[ofRoute.index]?.name ?? null);
}

/** Returns the findings about what has been chosen, each once, and none about a field that is still empty. */
function shownFindings(draft: Draft, findings: readonly Finding[]): readonly FieldFinding[] {
  const shown = findings
    .filter((finding) => !isAboutNoDomain(draft, finding))
    .map(
      (finding): FieldFinding => ({
        ...finding,
        field: shownAt(draft, finding.field),
        name: findName(draft, finding),
      }),
    )
    .filter((finding) => isFilled(draft, finding.field) && !isAboutNoChoice(finding));
  const findingKey = ({ field, why, values }: FieldFinding) => `${field} ${why} ${JSON.stringify(values)}`;
  return [...new Map(shown.map((finding) => [findingKey(finding), finding])).values()];
}

/** The estate and the conditions on which a draft is checked and planned. */
export type DraftBasis = {
  readonly estate: Estate;
  /** The time that clients keep a connection, in seconds; the rollback waits for it. */
  readonly keepAliveS: number;
  /** Results of test invocations; empty = none were made. */
  readonly testInvocations?: readonly TestInvocation[];
  /** Absent = the plan is treated as the only one. */
  readonly context?: PlanContext;
  /** The times that writes took in earlier runs; absent = the cloud's usual times. */
  readonly durations?: Durations;
  /** The TTLs that earlier runs have lowered; absent = none. */
  readonly originalTtls?: readonly OriginalTtl[];
};

/** Returns the findings of a draft at its fields, by the same checks as when its plan is stored. */
export async function checkDraft(
  { estate, testInvocations = [], originalTtls, context = noConditions(estate) }: DraftBasis,
  draft: Draft,
): Promise<readonly FieldFinding[]> {
  return shownFindings(
    draft,
    await preflightInTurns({
      estate: withStandIns(estate, draft),
      diversion: asDiversion(draft, estate),
      originalTtls,
      conditions: { ...withoutOwnDrafts(draft.name, context), span: null, testInvocations },
    }),
  );
}

/**
 * Returns the findings of the chosen routes of a draft, as if there were no others, and as `checkDraft` none about what
 * is still empty. While a route is not chosen, no plan can be made, and the checks of its steps find nothing.
 */
export async function checkChosen(
  { estate, testInvocations = [], context = noConditions(estate) }: DraftBasis,
  draft: Draft,
): Promise<readonly FieldFinding[]> {
  const known = withStandIns(estate, draft);
  const whole = asDiversion(draft, estate);
  const anticipated = anticipate(known, whole);
  const chosen = whole.routes.flatMap((_, index) => {
    const route = anticipated.routes[index];
    return route !== undefined && resolveRoute(anticipated.estate, route, index).ok ? [index] : [];
  });
  const findings = await preflightInTurns({
    estate: known,
    diversion: Object.assign({ ...whole }, { routes: chosen.flatMap((index) => whole.routes[index] ?? []) }),
    conditions: { ...withoutOwnDrafts(draft.name, context), span: null, testInvocations },
  });
  const atDraft = findings.map((finding): Finding => {
    const place = finding.field === null ? null : parseRouteField(finding.field);
    const index = place === null ? undefined : chosen[place.index];
    return place === null || index === undefined
      ? finding
      : { ...finding, field: `routes.${index}.${place.choice}` };
  });
  return shownFindings(draft, atDraft);
}

/** Checks and plans the current draft with the same code that checks and plans it when it is stored. */
export async function buildPreview({
  draft,
  ...basis
}: DraftBasis & { readonly draft: Draft }): Promise<Preview> {
  const { estate, keepAliveS, durations, originalTtls } = basis;
  const findings = await checkDraft(basis, draft);
  const parsed = Diversion.safeParse(asDiversion(draft, estate));
  if (!parsed.success) {
    const errors = fieldErrors(draft, parsed.error.issues);
    const broken = Object.keys(errors) as EditorField[];
    const missing = [...new Set([...missingFields(draft), ...broken])];
    return toPreview({ findings, errors, plan: { state: 'incomplete', missing }, diversion: null });
  }
  const diversion = parsed.data;
  const plan = planDiversion({
    estate,
    diversion,
    keepAliveS,
    originalTtls,
    ...(durations && { durations }),
  });
  return toPreview({
    findings,
    errors: {},
    plan: plan.ok ? { state: 'ready', plan: plan.value } : { state: 'problems', problems: plan.error },
    diversion,
  });
}

const toPreview = (checked: Omit<Preview, 'readiness'>): Preview => ({
  ...checked,
  readiness: getReadiness(checked),
});

/** Returns whether a draft can be reviewed. Blocks come first, because a fix may also fill what is missing. */
function getReadiness({ findings, plan }: Pick<Preview, 'findings' | 'plan'>): PreviewReadiness {
  const count = findings.filter(stops).length;
  if (count > 0) return { can: false, why: 'blocked', count };
  if (plan.state === 'problems') return { can: false, why: 'problem' };
  if (plan.state === 'incomplete') {
    const field = plan.missing[0];
    return field === undefined ? { can: false, why: 'problem' } : { can: false, why: 'missing', field };
  }
  return plan.plan.steps.length === 0 ? { can: false, why: 'nothing' } : { can: true };
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Returns the schema errors of filled fields, by field. */
function fieldErrors(draft: Draft, issues: readonly Issue[]): Record<string, FieldError[]> {
  const errors: Record<string, FieldError[]> = {};
  for (const { path, message } of issues) {
    const field = fieldOfPath(draft, path);
    if (field === undefined || !isFilled(draft, field)) continue;
    const own = errors[field] ?? [];
    const key = messageKey(message, field);
    if (own.some((error) => error.message === key)) continue;
    errors[field] = [...own, { message: key, values: {} }];
  }
  return errors;
}

/** Replaces a schema's built-in message for an invalid number, which is not a message key. */
function messageKey(message: string, field: EditorField): string {
  return /^[\w]+(\.[\w]+)+$/.test(message) ? message : `invalid.${field.split('.').at(-1)}`;
}

/**
 * Adds stand-in listeners to the estate. The checks only cover a route with a load balancer and a listener. So that a
 * load balancer is checked as soon as it is chosen, a route without a listener gets a stand-in; findings about the
 * stand-in are not shown.
 */
function withStandIns(estate: Estate, draft: Draft): Estate {
  const waiting = draft.routes.filter((route) => route.loadBalancerId !== '' && route.listenerId === '');
  const standIns = [...new Set(waiting.map((route) => route.loadBalancerId))].map((loadBalancerId) => ({
    ...Listener.parse({
      id: '-',
      loadBalancerId,
      name: '',
      protocol: 'HTTP',
      port: 80,
      certificateId: null,
      targets: [],
    }),
    id: '' as ListenerId,
  }));
  return standIns.length === 0 ? estate : { ...estate, listeners: [...estate.listeners, ...standIns] };
}
