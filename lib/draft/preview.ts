import { Diversion, type DiversionField } from '@/lib/diversion/diversion';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { ListenerId } from '@/lib/estate/ids';
import { type Estate, Listener } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import type { PlanProblem } from '@/lib/plan/model/resolve-route';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { noConditions, type PlanContext, withoutOwnDrafts } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { asDiversion } from './as-diversion';
import type { Draft, EditorField } from './draft';
import { isFilled, isPlain, missingFields, shownAt } from './draft-fields';
import { type FieldFinding, shownFindings } from './field-findings';

/** The state of a draft: its plan, or the reason why it has none yet. */
export type PlanPreview =
  | { readonly state: 'incomplete'; readonly missing: readonly EditorField[] }
  | { readonly state: 'problems'; readonly problems: readonly PlanProblem[] }
  | { readonly state: 'ready'; readonly plan: Plan };

export type FieldError = {
  readonly message: string;
  readonly values: Readonly<Record<string, string | number>>;
};

export type Preview = {
  readonly findings: readonly FieldFinding[];
  /** Errors of filled fields: message keys below `diversion.error`, by field path. */
  readonly errors: Readonly<Record<string, readonly FieldError[]>>;
  readonly plan: PlanPreview;
  /** null until everything is chosen and valid. */
  readonly diversion: Diversion | null;
};

/** Checks and plans the current draft with the same code that checks and plans it when it is stored. */
export function buildPreview(input: {
  readonly estate: Estate;
  readonly draft: Draft;
  readonly keepAliveS: number;
  /** Results of test invocations; empty = none were made. */
  readonly testInvocations?: readonly TestInvocation[];
  /** Absent = the plan is treated as the only one. */
  readonly context?: PlanContext;
}): Preview {
  const { estate, draft, keepAliveS, testInvocations = [], context = noConditions(estate) } = input;
  const intent = asDiversion(draft, estate);
  const findings = shownFindings(
    draft,
    preflight({
      estate: withStandIns(estate, draft),
      diversion: intent,
      conditions: { ...withoutOwnDrafts(draft.name, context), span: null, testInvocations },
    }),
  );
  const parsed = Diversion.safeParse(intent);
  if (!parsed.success) {
    const errors = fieldErrors(draft, parsed.error.issues);
    const broken = Object.keys(errors) as EditorField[];
    const missing = [...new Set([...missingFields(draft), ...broken])];
    return { findings, errors, plan: { state: 'incomplete', missing }, diversion: null };
  }
  const diversion = parsed.data;
  const plan = planDiversion({ estate, diversion, keepAliveS });
  return {
    findings,
    errors: {},
    plan: plan.ok ? { state: 'ready', plan: plan.value } : { state: 'problems', problems: plan.error },
    diversion,
  };
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

/** Returns the control for a path of the schema (`routes.1.addTargets.0.port`). */
export function fieldOfPath(draft: Draft, path: readonly PropertyKey[]): EditorField | undefined {
  const [first, second, third] = path.map(String);
  if (first !== undefined && isPlain(first)) return first;
  switch (first) {
    case 'routes':
      return shownAt(draft, third === undefined ? 'routes' : (`routes.${second}.${third}` as DiversionField));
    case 'creates':
      return shownAt(draft, `creates.${path.slice(1).map(String).join('.')}`);
    default:
      return undefined;
  }
}

/** The readiness of a plan for review, or the reason why it is not ready. */
export type PreviewReadiness =
  | { readonly can: true }
  | { readonly can: false; readonly why: 'missing'; readonly field: EditorField }
  | { readonly can: false; readonly why: 'blocked'; readonly count: number }
  | { readonly can: false; readonly why: 'problem' | 'nothing' };

/** Returns whether a draft can be reviewed. Blocks come first, because a fix may also fill what is missing. */
export function getReadiness({ findings, plan }: Pick<Preview, 'findings' | 'plan'>): PreviewReadiness {
  const count = findings.filter(stops).length;
  if (count > 0) return { can: false, why: 'blocked', count };
  if (plan.state === 'problems') return { can: false, why: 'problem' };
  if (plan.state === 'incomplete') {
    const field = plan.missing[0];
    return field === undefined ? { can: false, why: 'problem' } : { can: false, why: 'missing', field };
  }
  return plan.plan.steps.length === 0 ? { can: false, why: 'nothing' } : { can: true };
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
