import pino from 'pino';
import type { z } from 'zod';
import { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/sandbox';
import { callControl } from '@/testing/sandbox/test-cloud';

type ConnectionChange = Partial<z.input<typeof CloudConnection>>;

export const silentLog = pino({ level: 'silent' });

/** Returns the connection to an account of a sandbox: the first by default, in the seed's main region. */
export function connectTo({ announcement }: Sandbox, change: ConnectionChange = {}): CloudConnection {
  const { api, secretId, secretKey, dns, portOffset, vipNetwork, authority } = announcement;
  return CloudConnection.parse({
    id: 'test',
    name: 'test',
    kind: 'sandbox',
    endpoint: api,
    regions: ['ap-singapore'],
    secretId,
    secretKey,
    dns,
    portOffset,
    vipNetwork,
    authority,
    ...change,
  });
}

/** A sandbox with a connection, its adapter, and its control API. */
export type ConnectedSandbox = Sandbox & {
  readonly connection: CloudConnection;
  readonly cloud: ReturnType<typeof createTencentCloud>;
  /** Calls the control API. @returns its answer @throws Error with status and reason when it refuses */
  control<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T>;
};

type ConnectedSandboxOptions = Partial<SandboxOptions> & {
  /** A /16 of loopback that only this test uses. */
  readonly vipNetwork: string;
  readonly connection?: ConnectionChange;
  readonly adapter?: Partial<CloudDeps>;
};

/** Starts a sandbox with the small seed and tasks of 30 ms on any ports, and connects to it. */
export async function startConnectedSandbox({
  connection: change,
  adapter,
  ...options
}: ConnectedSandboxOptions): Promise<ConnectedSandbox> {
  const sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'small',
    taskMs: 30,
    stateFile: null,
    log: silentLog,
    ...options,
  });
  const connection = connectTo(sandbox, change);
  return {
    ...sandbox,
    connection,
    cloud: createTencentCloud(connection, { now: () => new Date(), log: silentLog, ...adapter }),
    control: (method, path, body) => callControl(sandbox.announcement.control, method, path, body),
  };
}
