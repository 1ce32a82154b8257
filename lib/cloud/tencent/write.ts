import { z } from 'zod';
import { resolveIds, type WriteCall } from '@/lib/estate/call';
import { LoadBalancerId } from '@/lib/estate/ids';
import { targetText } from '@/lib/estate/target';
import { CloudError } from '../errors';
import type { Cloud, WriteReceipt } from '../port';
import type { Caller, Reader } from './call/caller';
import { TaskPace } from './call/task-pace';
import { readBindings } from './clb/api';
import { taskBoundMs, type Waiting, waitForTask } from './clb/wait-for-task';

/**
 * One write at a time per load balancer: while its task runs, the cloud refuses the next one with
 * `FailedOperation.ResourceInOperating` (https://github.com/certimate-go/certimate/issues/861).
 */
export class WriteQueue {
  readonly #boundMs: number;
  readonly #tails = new Map<string, Promise<void>>();

  /** @param boundMs a turn ends on its own after this time: a crashed caller must not block the others forever. */
  constructor(boundMs: number) {
    this.#boundMs = boundMs;
  }

  /**
   * Waits for the turn of this key.
   * @returns a function that ends the turn; calling it again does nothing.
   */
  async turn(key: string): Promise<() => void> {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const before = this.#tails.get(key) ?? Promise.resolve();
    const tail = before.then(() => ended);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    await before;
    const timer = setTimeout(end, this.#boundMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
      end();
    };
  }
}

/**
 * The only actions that `write` sends: everything that plans consist of, and nothing that deletes more than they
 * created.
 */
export const allowedWrites = {
  clb: [
    'CreateRule',
    'DeleteRule',
    'RegisterTargets',
    'DeregisterTargets',
    'ModifyTargetWeight',
    'RegisterFunctionTargets',
    'DeregisterFunctionTargets',
    'ModifyFunctionTargets',
    'CreateLoadBalancer',
    'DeleteLoadBalancer',
    'CreateListener',
    'DeleteListener',
  ],
  scf: ['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'],
  dnspod: ['CreateRecord', 'ModifyRecord', 'ModifyRecordFields', 'ModifyRecordStatus', 'DeleteRecord'],
} as const;

function refuse(call: WriteCall, code: string, message: string): CloudError {
  return new CloudError({
    code,
    message,
    requestId: null,
    action: call.action,
    region: call.region,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}

function checkCall(call: WriteCall): void {
  const allowed: readonly string[] = allowedWrites[call.service];
  if (!allowed.includes(call.action)) {
    throw refuse(
      call,
      'Refused.ActionNotAllowed',
      `${call.service} ${call.action} is not among the writes that Spillway sends: ${allowed.join(', ')}`,
    );
  }
  const { missing } = resolveIds(call, {});
  if (missing.length > 0) {
    throw refuse(call, 'Refused.IdUnknown', `ids are not filled in: ${missing.join(', ')}`);
  }
}

/** Returns the load balancer whose queue a write waits in; null for a write that creates a load balancer. */
function getQueueKey(call: WriteCall): string | null {
  if (call.action === 'CreateLoadBalancer') return null;
  const { LoadBalancerId: id, LoadBalancerIds: ids } = call.params;
  const named = Array.isArray(ids) && ids.length === 1 ? ids[0] : id;
  if (typeof named === 'string') return named;
  throw refuse(call, 'Refused.IdUnknown', 'LoadBalancerId is not a text: the write would have no queue');
}

const Accepted = z.object({ RequestId: z.string().min(1) });

/** The response that names the created load balancer: https://cloud.tencent.com/document/api/214/30692 */
const Created = Accepted.extend({
  LoadBalancerIds: z
    .array(z.string())
    .nullish()
    .transform((ids) => ids ?? []),
});

/**
 * Creates the writing of a connection and process, and the waiting for the tasks of its writes. Each write to a load
 * balancer first waits for its turn, and keeps it until `wait` has seen its task end; a refused one releases its turn
 * at once.
 * @param listInside what would be deleted along with an object: if there is any, nothing is sent
 */
export function createWrites(
  caller: Caller,
  waiting: Waiting,
  listInside: (call: WriteCall) => Promise<readonly string[]> = (call) => listHeld(caller, call),
): Pick<Cloud, 'write' | 'wait'> {
  const queue = new WriteQueue(taskBoundMs * 1.5);
  /** By task id. */
  const heldTurns = new Map<string, () => void>();
  const pace = new TaskPace();

  async function write(
    call: WriteCall,
    isUnchanged: () => Promise<boolean> = async () => true,
  ): Promise<WriteReceipt> {
    checkCall(call);
    const checkUnchanged = async () => {
      if (!(await isUnchanged()))
        throw refuse(
          call,
          'Refused.ObjectChanged',
          'the object was changed while the call waited for its turn',
        );
      const held = await listInside(call);
      if (held.length > 0)
        throw refuse(call, 'Refused.NotEmpty', `it would go with what it holds: ${held.join(', ')}`);
    };
    const { action, region, params } = call;
    if (call.service !== 'clb') {
      // The SDK's types are per service: each is named where it is known.
      const request = { service: call.service, action, region, params } as Parameters<Caller['write']>[0];
      const { RequestId } = await caller.write(request, Accepted.parse, checkUnchanged);
      return { action: call.action, requestId: RequestId, taskId: null, region, loadBalancerId: null };
    }
    const loadBalancerId = getQueueKey(call);
    if (loadBalancerId === null) {
      // A new load balancer has no queue yet.
      const request = { service: 'clb', action, region, params } as const;
      const { RequestId, LoadBalancerIds } = await caller.write(request, Created.parse, checkUnchanged);
      const [made = null] = LoadBalancerIds;
      return { action: call.action, requestId: RequestId, taskId: RequestId, region, loadBalancerId: made };
    }
    const endTurn = await queue.turn(loadBalancerId);
    try {
      const request = { service: 'clb', action, region, params } as const;
      const { RequestId } = await caller.write(request, Accepted.parse, checkUnchanged);
      heldTurns.set(RequestId, endTurn);
      return { action: call.action, requestId: RequestId, taskId: RequestId, region, loadBalancerId };
    } catch (cause) {
      endTurn();
      throw cause;
    }
  }

  async function wait(receipt: WriteReceipt): Promise<void> {
    const { taskId } = receipt;
    if (taskId === null) return;
    try {
      await waitForTask(caller, { ...receipt, taskId }, waiting, pace);
    } finally {
      heldTurns.get(taskId)?.();
      heldTurns.delete(taskId);
    }
  }

  return { write, wait };
}

/**
 * Returns what would be deleted with a load balancer or a listener: the cloud deletes its listeners, rules and bindings
 * without asking (https://cloud.tencent.com/document/api/214/30689).
 * @returns ids of listeners, or domain and URL of rules; nothing for other actions
 */
async function listHeld(reader: Reader, { action, region, params }: WriteCall): Promise<readonly string[]> {
  if (region === null) return [];
  if (action === 'DeleteLoadBalancer') {
    const [id] = Array.isArray(params.LoadBalancerIds) ? params.LoadBalancerIds : [];
    const { listeners } = await readBindings(reader, region, LoadBalancerId.parse(id));
    return listeners.map((listener) => listener.id);
  }
  if (action === 'DeleteListener') {
    const id = LoadBalancerId.parse(params.LoadBalancerId);
    const { listeners, rules } = await readBindings(reader, region, id, [String(params.ListenerId)]);
    const targets = listeners.flatMap((listener) => listener.targets.map(targetText));
    return [...targets, ...rules.map(({ domain, url }) => `${domain}${url}`)];
  }
  return [];
}
