import type { Plan } from '@/lib/plan/model/model';
import type { RehearsalFault } from '@/lib/rehearsal/input';
import type { ControlPlane } from '@/lib/sandbox/control-plane';

/** Faults that change a state, not single calls, while they last: the end of one must not end another one. */
export type LastingFaults = Map<RehearsalFault, string>;

/** Returns whether a function fails now. */
export function isFunctionDown(lasting: LastingFaults, key: string): boolean {
  for (const [{ kind }, object] of lasting) if (kind === 'functionFails' && object === key) return true;
  return false;
}

/** The parts of a rehearsal that faults change. */
export type FaultyParts = {
  readonly plan: Plan;
  readonly plane: Pick<ControlPlane, 'store' | 'injector' | 'setTaskMs'>;
  /** Functions and servers that requests may go to. */
  readonly functionKeys: readonly string[];
  readonly serverIds: readonly string[];
  /** The faults that last now, with their objects. */
  readonly lasting: LastingFaults;
  /** The share of clients whose resolvers are silent now; above 0, the probes' resolver is, too. */
  readonly setSilence: (share: number) => void;
  readonly setResponseLost: (writes: number) => void;
  readonly crash: () => boolean;
  readonly jump: (ms: number) => void;
  /** The usual duration of a task, in ms. */
  readonly taskMs: number;
  readonly seed: number;
};

/** The object that a fault has hit; null = there was none. */
export type InjectedFault = { readonly object: string | null; readonly end: () => void };

const nothing = () => {};

function pick<T>(items: readonly T[], object: number): T | undefined {
  return items[object % Math.max(1, items.length)];
}

/** Returns the records that the plan moves, as the accounts have them now. */
function listMovedRecords({ plan, plane }: FaultyParts) {
  const moved = plan.steps.flatMap((step) =>
    step.kind === 'write' && step.object.kind === 'recordSet' ? [step.object] : [],
  );
  return Object.values(plane.store.world.accounts).flatMap((account) =>
    Object.values(account.zones).flatMap((zone) =>
      zone.records
        .filter(
          ({ subdomain, type, lineId }) =>
            (type === 'A' || type === 'AAAA' || type === 'CNAME') &&
            moved.some(
              (set) => set.zone === zone.name && set.subdomain === subdomain && set.lineId === lineId,
            ),
        )
        .map((record) => ({ account, zone, record })),
    ),
  );
}

function editRecord(parts: FaultyParts, { amount, object }: RehearsalFault): InjectedFault {
  const found = pick(listMovedRecords(parts), object);
  if (found === undefined) return { object: null, end: nothing };
  const { account, zone, record } = found;
  const injected = parts.plane.injector.inject({
    kind: 'foreignEdit',
    at: { afterMs: 0 },
    account: account.uin,
    user: 'console',
    call: {
      service: 'dnspod',
      action: 'ModifyRecord',
      params: {
        Domain: zone.name,
        RecordId: record.id,
        SubDomain: record.subdomain,
        RecordType: record.type,
        RecordLine: record.line,
        RecordLineId: record.lineId,
        Value: record.value,
        TTL: record.ttlS === amount ? amount + 1 : amount,
        ...(record.weight !== null && { Weight: record.weight }),
      },
    },
  });
  return { object: injected.ok ? `${record.subdomain}.${zone.name}` : null, end: nothing };
}

/** Injects a fault that lasts until it is cleared, or has hit its calls. */
function injectCalls(
  { plane, seed }: FaultyParts,
  fault: RehearsalFault,
  spec: { readonly kind: 'internalError' | 'throttle' | 'http502' | 'taskFails'; readonly action: string },
  limit: { readonly probability?: number; readonly count?: number },
): InjectedFault {
  const common = { action: spec.action, seed: (seed + fault.object) >>> 0, ...limit };
  const injected =
    spec.kind === 'taskFails'
      ? plane.injector.inject({ kind: 'taskFails', message: 'Task failed: internal error.', ...common })
      : spec.kind === 'throttle'
        ? plane.injector.inject({ kind: 'throttle', ...common })
        : plane.injector.inject({ kind: spec.kind, takesEffect: false, ...common });
  const id = injected.ok ? injected.value : '';
  return { object: '', end: () => void plane.injector.clear(id) };
}

/**
 * Lets a fault last until its end.
 * @param set applies the largest amount of the faults of its kind that last; 0 = there are none
 */
function begin(
  { lasting }: FaultyParts,
  fault: RehearsalFault,
  object: string,
  set: (amount: number) => void = nothing,
): InjectedFault {
  const apply = () => {
    const alike = [...lasting.keys()].filter(({ kind }) => kind === fault.kind);
    set(Math.max(0, ...alike.map(({ amount }) => amount)));
  };
  lasting.set(fault, object);
  apply();
  const end = () => {
    lasting.delete(fault);
    apply();
  };
  return { object, end };
}

/** Injects a fault. */
export function injectFault(parts: FaultyParts, fault: RehearsalFault): InjectedFault {
  const { plane } = parts;
  switch (fault.kind) {
    case 'apiErrors':
      return injectCalls(
        parts,
        fault,
        { kind: 'internalError', action: '*' },
        { probability: fault.amount / 100 },
      );
    case 'apiThrottled':
      return injectCalls(
        parts,
        fault,
        { kind: 'throttle', action: '*' },
        { probability: fault.amount / 100 },
      );
    case 'apiDown':
      return injectCalls(parts, fault, { kind: 'http502', action: '*' }, { probability: 1 });
    case 'responseLost':
      parts.setResponseLost(fault.amount);
      return { object: '', end: nothing };
    case 'slowTasks':
      return begin(parts, fault, '', (seconds) =>
        plane.setTaskMs(seconds === 0 ? parts.taskMs : seconds * 1000),
      );
    case 'taskFails':
      return injectCalls(parts, fault, { kind: 'taskFails', action: '*' }, { count: fault.amount });
    case 'foreignEdit':
      return editRecord(parts, fault);
    case 'workerCrash':
      return { object: parts.crash() ? '' : null, end: nothing };
    case 'clockJump':
      parts.jump(fault.amount * 1000);
      return { object: '', end: nothing };
    case 'functionFails': {
      const key = pick(parts.functionKeys, fault.object);
      if (key === undefined) return { object: null, end: nothing };
      return begin(parts, fault, key);
    }
    case 'serverDown': {
      const id = pick(parts.serverIds, fault.object);
      if (id === undefined) return { object: null, end: nothing };
      const injected = plane.injector.inject({ kind: 'instanceDown', instanceId: id });
      if (!injected.ok) return { object: null, end: nothing };
      return { object: id, end: () => void plane.injector.clear(injected.value) };
    }
    case 'resolverOutage':
      return begin(parts, fault, '', (percent) => parts.setSilence(percent / 100));
  }
}
