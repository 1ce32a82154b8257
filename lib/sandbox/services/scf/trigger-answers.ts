import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction, WorldTrigger } from '../../world/scf';
import type { AccountWorld } from '../../world/world';
import { clbTriggers, type TriggerAnswer } from './clb-triggers';

/**
 * Returns a timer in the fields of the API: its description is JSON with the expression. Its format is that of the
 * examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples/scf/v20180416/CreateTrigger.md.
 */
export function timerAnswer(timer: WorldTrigger): TriggerAnswer {
  return {
    Type: timer.type,
    TriggerName: timer.name,
    TriggerDesc: JSON.stringify({ cron: timer.cron }),
    ResourceId: '',
    Qualifier: timer.qualifier,
    Enable: timer.enabled ? 1 : 0,
    AvailableStatus: 'Available',
    BindStatus: 'on',
    TriggerAttribute: 'single',
    CustomArgument: timer.customArgument,
    Description: timer.description,
    AddTime: cloudTime(timer.createdAt),
    ModTime: cloudTime(timer.modifiedAt),
  };
}

/** Returns all triggers of a function: its load balancer bindings, then its timers. */
export function listTriggerAnswers(account: AccountWorld, fn: WorldFunction): TriggerAnswer[] {
  return [...clbTriggers(account, fn), ...fn.triggers.map(timerAnswer)];
}
