import type { Logger } from 'pino';
import { realSleep } from '@/lib/cloud/rate-budgets';
import type { Database } from '@/lib/db/database';
import { createKeyRing } from '@/lib/worker/added-connections/key-ring';
import { storedConnectionRounds } from '@/lib/worker/added-connections/load-stored';
import { connectionTestRounds } from '@/lib/worker/added-connections/test-connections';
import { createConnectionRegistry } from '@/lib/worker/connections/connection-registry';
import type { SandboxFacts } from '@/lib/worker/connections/connections';
import { workLoop } from '@/lib/worker/loop/work-loop';
import { testKeys } from '@/testing/launch/test-keys';
import type { TestCloud } from '@/testing/sandbox/test-cloud';

export type ConnectionWorkerOptions = {
  readonly db: Database;
  readonly cloud: TestCloud;
  readonly vipNetwork: string;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** Called before a call to the cloud is repeated; real time by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** The private keys that open what is sealed; by default those of tests. */
  readonly keys?: readonly string[];
  readonly hide: (secrets: readonly string[]) => void;
  readonly onReady?: (connectionId: string) => void;
};

/** Creates the part of a worker that uses the connections which people add, as if it had just started. */
export function startConnectionWorker({
  db,
  cloud,
  vipNetwork,
  log,
  sleep = realSleep,
  keys = [testKeys.sealingKeys ?? ''],
  hide,
  onReady = () => {},
}: ConnectionWorkerOptions) {
  const { api, control } = cloud.plane;
  const sandbox: SandboxFacts = {
    api,
    dns: '127.0.0.1:53',
    resolver: '127.0.0.1:54',
    vipNetwork,
    portOffset: 0,
    addressMode: 'each',
    control,
    authority: '-----BEGIN CERTIFICATE-----',
    isolation: 'jail',
    accounts: [],
  };
  const cloudDeps = { now: () => new Date(), log, sleep };
  const registry = createConnectionRegistry({ db, ...cloudDeps });
  let skippedMs = 0;
  const loop = workLoop('connections', { log, now: () => new Date(Date.now() + skippedMs) });
  const load = storedConnectionRounds({
    db,
    keys: createKeyRing({ SPILLWAY_SEALING_KEYS: [...keys] }),
    registry,
    sandbox,
    cloud: cloudDeps,
    loop,
    hide,
    onReady: async (id) => onReady(id),
  });
  const tests = connectionTestRounds({
    db,
    registry,
    lease: {
      async whileFree(_lock, act) {
        await act();
        return true;
      },
    },
    loop: workLoop('connections', { log }),
    now: () => new Date(),
  });
  return {
    registry,
    loop,
    /** Runs the tests that people have requested. */
    tests,
    /** Loads the connections that runs may use, as at the start. */
    start: () => load('start'),
    /** Loads connections, as at an interval after which failed ones are tried again: after at most 30 s. */
    async round() {
      await load();
      skippedMs += 29_000;
    },
  };
}
