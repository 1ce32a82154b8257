import { hostNameOf } from '@/lib/estate/look-up';
import type { BoundFunction } from '@/lib/estate/model';
import type { RecordSetState, RecordState, RuleState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object';
import type { Step, WriteStep } from './model';

/** Words of a step: a message key below `plan.step` and its values. */
export type StepWords = { readonly key: string; readonly values: Readonly<Record<string, string | number>> };

function functionLabel(bound: BoundFunction): string {
  return `${bound.namespace}/${bound.name}:${bound.qualifier}`;
}

function onlyIn(a: readonly RecordState[], b: readonly RecordState[]): RecordState | undefined {
  const text = (r: RecordState) => JSON.stringify(r);
  return a.find((r) => !b.some((other) => text(other) === text(r)));
}

function recordWords(step: WriteStep, before: RecordSetState, after: RecordSetState): StepWords {
  const object = step.object;
  const name = object.kind === 'recordSet' ? hostNameOf(object) : '';
  const from = onlyIn(before.records, after.records);
  const to = onlyIn(after.records, before.records);
  const isWeighed = from !== undefined && to !== undefined && recordKey(from) === recordKey(to);
  const changed = isWeighed ? 'recordWeight' : step.call.action;
  const key = step.call.action === 'ModifyRecordStatus' ? (to?.enabled ? 'recordOn' : 'recordOff') : changed;
  return {
    key,
    values: {
      name,
      from: from ? recordKey(from) : '',
      to: to ? recordKey(to) : '',
      ttl: (to ?? from)?.ttlS ?? 0,
      weight: to?.weight ?? 0,
    },
  };
}

function ruleWords(step: WriteStep, before: RuleState, after: RuleState): StepWords {
  const object = step.object;
  const place =
    object.kind === 'rule'
      ? {
          rule: `${object.domain}${object.url}`,
          loadBalancer: object.loadBalancerId,
          listener: object.listenerId,
        }
      : {};
  const bound = after.functions.at(-1) ?? before.functions.at(-1);
  return {
    key: step.call.action,
    values: {
      ...place,
      function: bound ? functionLabel(bound) : '',
      targets: Math.abs(after.targets.length - before.targets.length),
    },
  };
}

/** How a step is called on screen; wording is made here, apart from the diff that made the step. */
export function stepWords(step: Step): StepWords {
  switch (step.kind) {
    case 'drain':
      return {
        key: 'drain',
        values: { ttl: step.oldTtlS, keepAlive: step.keepAliveS, total: step.oldTtlS + step.keepAliveS },
      };
    case 'bake':
      return { key: 'bake', values: { bake: step.bakeS, ttl: step.oldTtlS } };
    case 'probe':
      return step.probe.kind === 'http'
        ? {
            key: 'probeHttp',
            values: {
              host: step.probe.host,
              path: step.probe.path,
              address: step.probe.address,
              port: step.probe.port,
            },
          }
        : {
            key: 'probeDns',
            values: { name: step.probe.name, type: step.probe.type, value: step.probe.expect.value },
          };
    case 'write': {
      const { before, after } = step;
      if (before.kind === 'recordSet' && after.kind === 'recordSet') return recordWords(step, before, after);
      if (before.kind === 'rule' && after.kind === 'rule') return ruleWords(step, before, after);
      return { key: step.call.action, values: {} };
    }
  }
}
