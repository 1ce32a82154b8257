import { z } from 'zod';
import { resolveIds, type WriteCall } from '@/lib/estate/call';
import { CloudError } from '../errors';
import type { WriteReceipt } from '../port';
import type { WriteQueue } from '../write-queue';
import type { Caller } from './caller';

/** The only actions that `write` sends: all that plans consist of, and nothing that deletes more than they made. */
const allowedWrites = {
  clb: [
    'CreateRule',
    'DeleteRule',
    'RegisterTargets',
    'DeregisterTargets',
    'RegisterFunctionTargets',
    'DeregisterFunctionTargets',
  ],
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

const Accepted = z.object({ RequestId: z.string().min(1) });

/** The turn of a load balancer, held from its write until the write's task has ended. */
export type HeldTurns = Map<string, () => void>;

/**
 * Sends one write. A write to a load balancer first waits for its turn, and keeps it for `wait` under the receipt's
 * task id; a refused one gives its turn back at once.
 */
export async function sendWrite(
  caller: Caller,
  queue: WriteQueue,
  heldTurns: HeldTurns,
  call: WriteCall,
  isUnchanged: () => Promise<boolean> = async () => true,
): Promise<WriteReceipt> {
  checkCall(call);
  const checkUnchanged = async () => {
    if (await isUnchanged()) return;
    throw refuse(call, 'Refused.ObjectChanged', 'the object was changed while the call waited for its turn');
  };
  const { action, region, params } = call;
  if (call.service === 'dnspod') {
    const request = { service: 'dnspod', action, region, params } as const;
    const { RequestId } = await caller.write(request, Accepted.parse, checkUnchanged);
    return { action: call.action, requestId: RequestId, taskId: null, region, loadBalancerId: null };
  }
  const loadBalancerId = params.LoadBalancerId;
  if (typeof loadBalancerId !== 'string') {
    throw refuse(call, 'Refused.IdUnknown', 'LoadBalancerId is not a text: the write would have no queue');
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
