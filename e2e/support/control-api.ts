import { expect } from 'playwright/test';
import { z } from 'zod';
import type { Announcement } from '@/lib/sandbox/sandbox';

type Fault = {
  readonly action: string;
  readonly kind: 'throttle' | 'internalError' | 'taskFails' | 'taskNeverEnds' | 'replyLost';
  readonly count: number;
  readonly message?: string;
};

/** The response to an injected fault. */
const Injected = z.object({ id: z.string() });

async function call(sandbox: Announcement, method: string, path: string, body?: object): Promise<unknown> {
  if (sandbox.control === null) throw new Error('The sandbox of a test has its control API.');
  const answer = await fetch(`${sandbox.control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.control.token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Makes the next calls of an action fail, through the sandbox's public control API, as an operator could. */
export async function addFault(sandbox: Announcement, fault: Fault): Promise<void> {
  await call(sandbox, 'POST', '/faults', fault);
}

/** Returns how often each write took effect, by action and object. */
export async function effects(sandbox: Announcement): Promise<Readonly<Record<string, number>>> {
  return (await call(sandbox, 'GET', '/effects')) as Record<string, number>;
}

/** Resets the sandbox data to its seed, to undo the remaining changes of a run that was left as is. */
export async function resetSandbox(sandbox: Announcement): Promise<void> {
  await call(sandbox, 'POST', '/reset');
}

/** Injects a fault into servers, whose ports then don't respond. */
export async function breakServers(sandbox: Announcement, instanceIds: readonly string[]): Promise<void> {
  for (const instanceId of instanceIds)
    await call(sandbox, 'POST', '/faults', { kind: 'instanceDown', instanceId });
}

/** Rejects the key of the first account with a code of the cloud, until all faults are cleared. */
export async function rejectKey(
  sandbox: Announcement,
  code: 'AuthFailure.SecretIdNotFound' | 'AuthFailure.SignatureFailure',
): Promise<void> {
  await call(sandbox, 'POST', '/faults', { kind: 'keyRejected', code });
}

/**
 * Makes every call of a function fail.
 * @param fn `region/namespace/name`
 * @returns a function that clears this fault alone
 */
export async function breakFunction(sandbox: Announcement, fn: string): Promise<() => Promise<void>> {
  const { id } = Injected.parse(
    await call(sandbox, 'POST', '/faults', { kind: 'functionDown', function: fn }),
  );
  return async () => {
    await call(sandbox, 'DELETE', `/faults/${id}`);
  };
}

/** Lets another program own a load balancer, by id, or a host name; it undoes changes of it after this time. */
export async function addOwner(
  sandbox: Announcement,
  owner: 'tke' | 'protection' | 'igtm' | 'dMonitoring' | 'terraform',
  object: string,
  afterMs: number,
): Promise<void> {
  await call(sandbox, 'POST', '/faults', { kind: 'owner', owner, object, afterMs });
}

/** Stops the sandbox's clock, or lets it run, after it has moved by this time. */
export async function moveClock(
  sandbox: Announcement,
  advanceMs: number,
  state: 'stopped' | 'running',
): Promise<void> {
  const rate = state === 'running' ? 1 : 0;
  await call(sandbox, 'POST', '/clock', { mode: 'virtual', rate, advanceMs });
}

/** Clears all faults; tasks blocked by one end now. */
export async function clearFaults(sandbox: Announcement): Promise<void> {
  await call(sandbox, 'DELETE', '/faults');
}
