import { SplitDiversion, type SplitField } from '@/lib/diversion/split';
import { type ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import type { Estate, Listener } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model';
import { planSplit } from '@/lib/plan/plan-split';
import type { PlanProblem } from '@/lib/plan/resolve-lane';
import { preflight, stops } from '@/lib/preflight/preflight';
import { type FieldFinding, shownFindings } from './field-findings';
import { asDiversion, isFilled, type LaneRoute, missingFields, type SplitDraft } from './split-draft';

/** How far a draft has come: a plan, or why there is none yet. */
export type PlanPreview =
  | { readonly state: 'incomplete'; readonly missing: readonly SplitField[] }
  | { readonly state: 'problems'; readonly problems: readonly PlanProblem[] }
  | { readonly state: 'ready'; readonly plan: Plan };

export type Preview = {
  readonly findings: readonly FieldFinding[];
  /** What the schema refuses in fields that are filled: message keys below `diversion.error`, by field path. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly plan: PlanPreview;
};

/** Checks and plans a draft as it stands: the same code that checks and plans it for good when it is stored. */
export function previewSplit(input: { estate: Estate; draft: SplitDraft; keepAliveS: number }): Preview {
  const { estate, draft, keepAliveS } = input;
  const diversion = asDiversion(draft);
  const findings = shownFindings(draft, preflight({ estate: withStandIns(estate, draft), diversion }));
  const parsed = SplitDiversion.safeParse(draft);
  if (!parsed.success) {
    const errors = fieldErrors(draft, parsed.error.issues);
    const broken = Object.keys(errors) as SplitField[];
    return { findings, errors, plan: { state: 'incomplete', missing: [...missingFields(draft), ...broken] } };
  }
  const plan = planSplit({ estate, diversion: parsed.data, keepAliveS });
  return {
    findings,
    errors: {},
    plan: plan.ok ? { state: 'ready', plan: plan.value } : { state: 'problems', problems: plan.error },
  };
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** What a schema says of fields that are filled, by field. */
export function fieldErrors(draft: SplitDraft, issues: readonly Issue[]): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const issue of issues) {
    const field = fieldOfPath(issue.path);
    if (field === undefined || !isFilled(draft, field)) continue;
    errors[field] = [...(errors[field] ?? []), issue.message];
  }
  return errors;
}

/** Why a plan can't be sent for review, or that it can. */
export type Readiness =
  | { readonly can: true }
  | { readonly can: false; readonly why: 'missing'; readonly field: SplitField }
  | { readonly can: false; readonly why: 'blocked'; readonly count: number }
  | { readonly can: false; readonly why: 'problem' | 'nothing' };

/** Whether a draft can be reviewed; blocks come first, because a fix may also fill what is missing. */
export function readinessOf({ findings, plan }: Preview): Readiness {
  const count = findings.filter(stops).length;
  if (count > 0) return { can: false, why: 'blocked', count };
  if (plan.state === 'problems') return { can: false, why: 'problem' };
  if (plan.state === 'incomplete') {
    const field = plan.missing[0];
    return field === undefined ? { can: false, why: 'problem' } : { can: false, why: 'missing', field };
  }
  return plan.plan.steps.length === 0 ? { can: false, why: 'nothing' } : { can: true };
}

/** The field that a path of the schema (`laneA.addTargets.0.port`) belongs to. */
export function fieldOfPath(path: readonly PropertyKey[]): SplitField | undefined {
  const [first, second] = path.map(String);
  if (first === 'name') return 'name';
  if ((first !== 'laneA' && first !== 'laneB') || second === undefined) return undefined;
  return `${first}.${second}` as SplitField;
}

/**
 * The checks look at a lane once its load balancer and listener are found. So that a load balancer is judged as soon
 * as it is chosen, a lane without a listener gets a stand-in; what is found about the stand-in is not shown.
 */
export function withStandIns(estate: Estate, draft: SplitDraft): Estate {
  const lanes: LaneRoute[] = [draft.laneA, draft.laneB];
  const standIns = lanes
    .filter((lane) => lane.loadBalancerId !== '' && lane.listenerId === '')
    .map(
      (lane): Listener => ({
        id: '' as ListenerId,
        loadBalancerId: LoadBalancerId.parse(lane.loadBalancerId),
        name: '',
        protocol: 'HTTP',
        port: 80,
        certificateId: null,
        certificateIds: [],
        sniSwitch: null,
        keepalive: null,
        stopped: null,
        createdAt: null,
        targets: [],
      }),
    );
  return standIns.length === 0 ? estate : { ...estate, listeners: [...estate.listeners, ...standIns] };
}
