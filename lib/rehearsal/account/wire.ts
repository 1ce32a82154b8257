import type { OnWire } from '@/lib/cloud/deps';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';

/** The way in which the network treats a request. */
export type WireFate = {
  /** The time until the request has arrived, in ms. */
  readonly beforeMs: number;
  /** The time until the response has arrived, in ms. */
  readonly afterMs: number;
  /** True if the response is lost: the client finds out when its timeout has passed. */
  readonly isLost?: boolean;
};

/** The client's timeout of a write, in ms: `lib/cloud/tencent/call/clients.ts`. */
const timeoutMs = 60_000;

/**
 * Creates the network between the adapter and the sandbox: real requests over loopback, one at a time, so that they
 * always arrive in the same order, while the virtual clock stops; the time that they would take passes on the clock.
 */
export function createWire(
  clock: VirtualClock,
  fateOf: (request: Parameters<OnWire>[0]) => WireFate,
): OnWire {
  let last: Promise<unknown> = Promise.resolve();
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  return async (request, send) => {
    const { beforeMs, afterMs, isLost = false } = fateOf(request);
    await pause(beforeMs);
    const sent = clock.withTimeStopped(() => {
      const turn = last.then(send);
      last = turn.catch(() => {});
      return turn;
    });
    try {
      const response = await sent;
      // As the SDK reports it: no code, and the words of the HTTP client.
      if (isLost) throw new Error(`network timeout at ${request.action}`);
      return response;
    } finally {
      await pause(isLost ? timeoutMs : afterMs);
    }
  };
}
