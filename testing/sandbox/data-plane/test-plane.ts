import { pino } from 'pino';
import { type DataPlane, type DataPlaneOptions, startDataPlane } from '@/lib/sandbox/data-plane/data-plane';
import type { InstanceAnswer } from '@/lib/sandbox/data-plane/target-servers';
import { createAuthority, type KeyPair } from '@/lib/sandbox/data-plane/tls/authority';
import { TrafficLog, type TrafficSample } from '@/lib/sandbox/telemetry/traffic-log';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import type { WorldListener, WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld, World } from '@/lib/sandbox/world/world';
import type { InvocationCall, InvocationOutcome, Invoker } from '../../../lib/sandbox/world/invoker';
import { requestPage, type TestAnswer, type TestRequest, testBalancer, testWorld } from './test-world';

/** Test support: a data plane over sandbox data with one load balancer, `lb-1` at `vip`, on real sockets. */
export type TestPlane = {
  readonly world: World;
  readonly account: AccountWorld;
  readonly plane: DataPlane;
  readonly vip: string;
  readonly authority: KeyPair;
  readonly assumptions: Assumptions;
  /** Every request that was recorded. */
  readonly samples: TrafficSample[];
  /** The time of the data plane, epoch milliseconds. */
  readonly time: { now: number };
  /** Reports a change of the sandbox data; resolves when the ports match it. */
  changed(): Promise<void>;
  /** Sends a request to a port of the VIP, 80 by default. */
  get(asked?: Partial<TestRequest> & { port?: number }): Promise<TestAnswer>;
  /** Does the same for the sandbox's own servers; returns the one that responded. */
  getInstance(asked?: Partial<TestRequest> & { port?: number }): Promise<InstanceAnswer>;
  stop(): Promise<void>;
};

class KeptTraffic extends TrafficLog {
  readonly kept: TrafficSample[] = [];

  override record(sample: TrafficSample): void {
    this.kept.push(sample);
    super.record(sample);
  }
}

/** An invoker for tests without functions. */
const noFunctions: Invoker = {
  invoke: (call: InvocationCall): Promise<InvocationOutcome> =>
    Promise.reject(new Error(`no function ${call.name} here`)),
  runtimeProblem: () => Promise.resolve('no runtime'),
};

/**
 * Starts a test data plane.
 * @param network three numbers of a loopback /24, as `127.105.1`, that no other test file uses
 */
export async function startTestPlane(
  network: string,
  listeners: WorldListener[],
  parts: Partial<AccountWorld> = {},
  options: Partial<DataPlaneOptions> = {},
): Promise<TestPlane> {
  const vip = `${network}.1`;
  const loadBalancers = { 'lb-1': testBalancer({ id: 'lb-1', vips: [vip], listeners }) };
  const { world, account } = testWorld({ loadBalancers, ...parts });
  const changeListeners = new Set<() => void>();
  const assumptions = new Assumptions();
  const traffic = new KeptTraffic();
  const authority = await createAuthority(Date.now());
  const time = { now: Date.now() };
  const plane = await startDataPlane({
    world: () => world,
    onChange: (listener) => {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    vipNetwork: `${network}.0/24`,
    invoker: noFunctions,
    assumptions,
    traffic,
    authority,
    now: () => time.now,
    log: pino({ level: 'silent' }),
    ...options,
  });
  const get: TestPlane['get'] = ({ port = 80, ...asked } = {}) =>
    requestPage(plane.address(vip, port), { host: 'shop.example', ...asked });
  return {
    world,
    account,
    plane,
    vip,
    authority,
    assumptions,
    time,
    get,
    samples: traffic.kept,
    async changed() {
      for (const listener of changeListeners) listener();
      await plane.settled();
    },
    async getInstance(asked = {}) {
      const headers = { ...asked.headers, accept: 'application/json' };
      return JSON.parse((await get({ ...asked, headers })).body) as InstanceAnswer;
    },
    stop: () => plane.stop(),
  };
}

/** Returns the only rule of a data plane's only listener. */
export function firstRule({ account }: TestPlane): WorldRule {
  const rule = account.loadBalancers['lb-1']?.listeners[0]?.rules[0];
  if (rule === undefined) throw new Error('the first listener has no rule');
  return rule;
}
