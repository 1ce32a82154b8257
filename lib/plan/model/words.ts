import { getHostName } from '@/lib/estate/look-up';
import type { BoundFunction } from '@/lib/estate/model';
import type { ObjectState, RecordSetState, RecordState, RuleState, TargetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { isSameTarget } from '@/lib/estate/target';
import type { ProbeStep, Step, WriteStep } from './model';

/** The text of a step: a message key below `plan.step` and its values. */
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
  const name = object.kind === 'recordSet' ? getHostName(object) : '';
  const from = onlyIn(before.records, after.records);
  const to = onlyIn(after.records, before.records);
  const isSame = from !== undefined && to !== undefined && recordKey(from) === recordKey(to);
  const changed = !isSame ? step.call.action : from.ttlS === to.ttlS ? 'recordWeight' : 'recordTtl';
  const key = step.call.action === 'ModifyRecordStatus' ? (to?.enabled ? 'recordOn' : 'recordOff') : changed;
  return {
    key,
    values: {
      name,
      from: from ? recordKey(from) : '',
      to: to ? recordKey(to) : '',
      ttl: (to ?? from)?.ttlS ?? 0,
      oldTtl: (from ?? to)?.ttlS ?? 0,
      weight: to?.weight ?? 0,
      oldWeight: from?.weight ?? 0,
      ...(object.kind === 'recordSet' ? { line: object.line, lineId: object.lineId } : {}),
    },
  };
}

const sameTarget = (a: TargetState, b: TargetState) => isSameTarget(a, b) && a.weight === b.weight;

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
  const old = before.functions.at(-1);
  const isSame = bound && old && functionLabel(bound) === functionLabel(old);
  return {
    key: step.call.action === 'ModifyFunctionTargets' && isSame ? 'functionWeight' : step.call.action,
    values: {
      ...place,
      function: bound ? functionLabel(bound) : '',
      oldFunction: old ? functionLabel(old) : '',
      weight: bound?.weight ?? 0,
      oldWeight: old?.weight ?? 0,
      weighed: after.targets.filter((target) => !before.targets.some((was) => sameTarget(was, target)))
        .length,
      targets: Math.abs(after.targets.length - before.targets.length),
    },
  };
}

function probeWords({ probe, phase }: ProbeStep): StepWords {
  switch (probe.kind) {
    case 'http': {
      const { scheme, host, path, address, port } = probe;
      return { key: 'probeHttp', values: { scheme, host, path, address, port, phase } };
    }
    case 'dns': {
      const { name, type, expect } = probe;
      return { key: 'probeDns', values: { name, type, value: expect.value } };
    }
    case 'ready': {
      const { namespace, name, qualifier, expect } = probe;
      const { instances } = expect;
      return { key: 'probeReady', values: { function: `${namespace}/${name}:${qualifier}`, instances } };
    }
  }
}

/** Returns the values of an object that is created, deleted or provisioned. */
function objectValues({ object, before, after }: WriteStep): StepWords['values'] {
  switch (object.kind) {
    case 'loadBalancer':
      return { name: object.name, region: object.region };
    case 'listener':
      return { listener: `${object.protocol}:${object.port}`, loadBalancer: object.loadBalancerId };
    case 'provisioned': {
      const instances = (state: ObjectState) => (state.kind === 'provisioned' ? state.instances : 0);
      const fn = `${object.namespace}/${object.name}:${object.qualifier}`;
      return { function: fn, from: instances(before), to: instances(after) };
    }
    default:
      return {};
  }
}

/** Waits are distinguished by their purpose. */
const bakeWords = { prewarm: 'oldTtl', divert: 'bake', rollback: 'bake', drain: 'newTtl' } as const;

/** Returns the displayed text of a step; wording is separate from the diff that produced the step. */
export function stepWords(step: Step): StepWords {
  switch (step.kind) {
    case 'drain': {
      const { oldTtlS, restoredTtlS = 0, keepAliveS } = step;
      const values = { ttl: oldTtlS, keepAlive: keepAliveS, total: oldTtlS + keepAliveS };
      return {
        key: 'drain',
        values: { ...values, stayed: restoredTtlS > oldTtlS ? restoredTtlS + keepAliveS : 0 },
      };
    }
    case 'bake':
      return {
        key: bakeWords[step.phase],
        values: {
          bake: step.bakeS,
          ttl: step.oldTtlS,
          name: step.name,
          percent: step.percent ?? 0,
          wave: step.wave ?? 0,
        },
      };
    case 'probe':
      return probeWords(step);
    case 'write': {
      const { before, after } = step;
      if (before.kind === 'recordSet' && after.kind === 'recordSet') return recordWords(step, before, after);
      if (before.kind === 'rule' && after.kind === 'rule') return ruleWords(step, before, after);
      return { key: step.call.action, values: objectValues(step) };
    }
  }
}
