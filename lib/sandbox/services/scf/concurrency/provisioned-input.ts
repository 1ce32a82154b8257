import type {
  PutProvisionedConcurrencyConfigRequest,
  TriggerAction,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { parseCron } from '@/lib/sandbox/model/scf/cron';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldProvisioned } from '@/lib/sandbox/world/scf';

type Fixed = Omit<WorldProvisioned & { kind: 'Default' }, 'qualifier' | 'from' | 'since'>;
type Tracked = Omit<
  WorldProvisioned & { kind: 'ConcurrencyUtilizationTracking' },
  'qualifier' | 'from' | 'since'
>;

/**
 * Returns the provisioned setting of a request: https://cloud.tencent.com/document/api/583/51246.
 * @throws ApiError InvalidParameterValue.…, LimitExceeded.ProvisionTriggerAction
 */
export function plannedFrom(
  request: PutProvisionedConcurrencyConfigRequest,
  context: ActionContext,
): Fixed | Tracked {
  return request.ProvisionedType === 'ConcurrencyUtilizationTracking'
    ? trackedFrom(request)
    : fixedFrom(request, context);
}

function trackedFrom(request: PutProvisionedConcurrencyConfigRequest): Tracked {
  const { TrackingTarget: target, MinCapacity: min = 1, MaxCapacity: max } = request;
  if (target === undefined || target <= 0 || target >= 1) {
    throw new ApiError(
      'InvalidParameterValue.TrackingTarget',
      'Tracking needs `TrackingTarget` greater than 0 and less than 1.',
    );
  }
  if (max === undefined || max < min) {
    throw new ApiError(
      'InvalidParameterValue.MaxCapacity',
      `Tracking needs \`MaxCapacity\` of at least \`MinCapacity\` (${min}).`,
    );
  }
  if (request.VersionProvisionedConcurrencyNum !== 0) {
    throw new ApiError(
      'InvalidParameterValue.ProvisionType',
      'With tracking `VersionProvisionedConcurrencyNum` must be 0.',
    );
  }
  if ((request.TriggerActions ?? []).length > 0) {
    throw new ApiError(
      'InvalidParameterValue.ProvisionType',
      '`TriggerActions` are for `ProvisionedType` Default, not for tracking.',
    );
  }
  return { kind: 'ConcurrencyUtilizationTracking', tracking: { target, min, max } };
}

function fixedFrom(request: PutProvisionedConcurrencyConfigRequest, context: ActionContext): Fixed {
  const { VersionProvisionedConcurrencyNum: target, TriggerActions: tasks = [] } = request;
  const extra = (['TrackingTarget', 'MinCapacity', 'MaxCapacity'] as const).find(
    (field) => request[field] !== undefined,
  );
  if (extra) {
    throw new ApiError(
      `InvalidParameterValue.${extra}`,
      `\`${extra}\` is for \`ProvisionedType\` ConcurrencyUtilizationTracking.`,
    );
  }
  const most = context.assumptions.get('provisioned.tasksMax');
  if (tasks.length > most) {
    throw new ApiError(
      'LimitExceeded.ProvisionTriggerAction',
      `A version takes at most ${most} scheduled tasks; \`TriggerActions\` has ${tasks.length}.`,
    );
  }
  requireDifferent(tasks, 'TriggerName', 'ProvisionTriggerNameDuplicate');
  requireDifferent(tasks, 'TriggerCronConfig', 'ProvisionTriggerCronConfigDuplicate');
  const schedule = tasks.map((task, index) => ({
    name: task.TriggerName,
    count: task.TriggerProvisionedConcurrencyNum,
    cron: checkCron(task.TriggerCronConfig, `TriggerActions.${index}.TriggerCronConfig`, context),
  }));
  return { kind: 'Default', target, schedule };
}

function requireDifferent(
  tasks: readonly TriggerAction[],
  field: 'TriggerName' | 'TriggerCronConfig',
  code: string,
): void {
  const seen = new Set<string>();
  for (const [index, { [field]: value }] of tasks.entries()) {
    if (seen.has(value)) {
      throw new ApiError(
        `InvalidParameterValue.${code}`,
        `\`TriggerActions.${index}.${field}\` is there twice: ${value}.`,
      );
    }
    seen.add(value);
  }
}

const maxChecked = 100;

function checkCron(expression: string, field: string, { now, assumptions }: ActionContext): string {
  const parsed = parseCron(expression);
  if (!parsed.ok) {
    throw new ApiError(
      'InvalidParameterValue.TriggerCronConfig',
      `\`${field}\` is not a cron expression of seven fields: ${parsed.error}`,
    );
  }
  const { nextAfter } = parsed.value;
  const least = assumptions.get('provisioned.intervalS');
  let last = nextAfter(now);
  for (let checked = 0; last !== null && checked < maxChecked; checked += 1) {
    const next = nextAfter(last);
    if (next !== null && next - last < least * 1000) {
      throw new ApiError(
        'InvalidParameterValue.TriggerCronConfigTimeInterval',
        `\`${field}\` is due every ${(next - last) / 1000} s; at least ${least} s must lie between.`,
      );
    }
    last = next;
  }
  return expression;
}
