import { Diversion, type DiversionField } from '@/lib/diversion/diversion';
import type { FunctionTrial } from '@/lib/estate/function-trial';
import type { ListenerId } from '@/lib/estate/ids';
import { type Estate, Listener } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { PlanProblem } from '@/lib/plan/resolve-route';
import { noCircumstances, type Surroundings, surroundingsOf } from '@/lib/preflight/circumstances';
import { preflight, stops } from '@/lib/preflight/preflight';
import { asDiversion } from './as-diversion';
import type { Draft, EditorField } from './draft';
import { isFilled, isPlain, missingFields, shownAt } from './draft-fields';
import { type FieldFinding, shownFindings } from './field-findings';

/** How far a draft has come: a plan, or why there is none yet. */
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
  /** What is refused in fields that are filled: message keys below `diversion.error`, by field path. */
  readonly errors: Readonly<Record<string, readonly FieldError[]>>;
  readonly plan: PlanPreview;
  /** null until all of it is chosen, and right. */
  readonly diversion: Diversion | null;
};

/** Checks and plans a draft as it stands: the same code that checks and plans it for good when it is stored. */
export function previewOf(input: {
  readonly estate: Estate;
  readonly draft: Draft;
  readonly keepAliveS: number;
  /** How functions answered when they were tried; none = nobody has asked. */
  readonly trials?: readonly FunctionTrial[];
  /** Absent = as if the plan stood alone. */
  readonly surroundings?: Surroundings;
}): Preview {
  const { estate, draft, keepAliveS, trials = [], surroundings = noCircumstances(estate) } = input;
  const intent = asDiversion(draft, estate);
  const findings = shownFindings(
    draft,
    preflight({
      estate: withStandIns(estate, draft),
      diversion: intent,
      circumstances: { ...surroundingsOf(draft.name, surroundings), span: null, trials },
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

/** What a schema says of fields that are filled, by field. */
function fieldErrors(draft: Draft, issues: readonly Issue[]): Record<string, FieldError[]> {
  const errors: Record<string, FieldError[]> = {};
  for (const { path, message } of issues) {
    const field = fieldOfPath(draft, path);
    if (field === undefined || !isFilled(draft, field)) continue;
    const own = errors[field] ?? [];
    const key = keyOf(message, field);
    if (own.some((error) => error.message === key)) continue;
    errors[field] = [...own, { message: key, values: {} }];
  }
  return errors;
}

/** A schema's own words for a number that is none are no words of ours. */
function keyOf(message: string, field: EditorField): string {
  return /^[\w]+(\.[\w]+)+$/.test(message) ? message : `invalid.${field.split('.').at(-1)}`;
}

/** The control that a path of the schema (`routes.1.addTargets.0.port`) belongs to. */
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

/** Why a plan can't be sent for review, or that it can. */
export type Readiness =
  | { readonly can: true }
  | { readonly can: false; readonly why: 'missing'; readonly field: EditorField }
  | { readonly can: false; readonly why: 'blocked'; readonly count: number }
  | { readonly can: false; readonly why: 'problem' | 'nothing' };

/** Whether a draft can be reviewed; blocks come first, because a fix may also fill what is missing. */
export function readinessOf({ findings, plan }: Pick<Preview, 'findings' | 'plan'>): Readiness {
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
 * The checks look at a route once its load balancer and listener are found. So that a load balancer is judged as soon
 * as it is chosen, a route without a listener gets a stand-in; what is found about the stand-in is not shown.
 */
function withStandIns(estate: Estate, draft: Draft): Estate {
  const waiting = draft.routes.filter((route) => route.loadBalancerId !== '' && route.listenerId === '');
  const standIns = [...new Set(waiting.map((route) => route.loadBalancerId))].map((loadBalancerId) => ({
    ...Listener.parse({
      ...{ id: '-', loadBalancerId, name: '', protocol: 'HTTP', port: 80 },
      ...{ certificateId: null, targets: [] },
    }),
    id: '' as ListenerId,
  }));
  return standIns.length === 0 ? estate : { ...estate, listeners: [...estate.listeners, ...standIns] };
}
