import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { isTransient } from '@/lib/cloud/transient';
import type { ProbeAnswer, ReadyProbe } from '@/lib/estate/probe';

/**
 * Asks the cloud how many instances of a version are ready; a refusal is a result, too.
 * @param nowMs a clock, in ms
 */
export async function probeReady(
  { expect, kind: _kind, ...of }: ReadyProbe,
  cloud: Pick<Cloud, 'readyInstances'>,
  nowMs: () => number = () => performance.now(),
): Promise<ProbeAnswer> {
  const startedAt = nowMs();
  const answer = (status: string | null, body: string, failure: string | null): ProbeAnswer => {
    const latencyMs = Math.round(nowMs() - startedAt);
    const address = `${of.region}/${of.namespace}/${of.name}:${of.qualifier}`;
    return { passed: failure === null, latencyMs, status, address, body, failure };
  };
  try {
    const ready = await cloud.readyInstances(of);
    const told = `${ready} of ${expect.instances} instances are ready`;
    return ready >= expect.instances ? answer('ready', told, null) : answer('starting', told, told);
  } catch (cause) {
    if (!(cause instanceof CloudError)) throw cause;
    const silence = isTransient(cause.data) ? ({ unanswered: true } as const) : {};
    return { ...answer(null, '', `${cause.data.code}: ${cause.data.message}`), ...silence };
  }
}
