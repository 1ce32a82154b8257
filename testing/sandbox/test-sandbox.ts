import { Resolver } from 'node:dns/promises';
import { pino } from 'pino';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/sandbox';
import { TestClock } from './test-clock';
import { callControl, clientConfig, createTestClients, type TestClients } from './test-cloud';

export type TestSandbox = {
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  /** Returns clients of the first account, without a region by default. */
  clients(region?: string): TestClients;
  /** Calls the control API. @returns its answer @throws Error with status and reason when it refuses */
  control<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T>;
  /** Returns the IPv4 addresses of a name, in their order, as a new client of a server (`127.0.0.1:PORT`) sees them. */
  resolve(server: string, name: string): Promise<string[]>;
};

/** Starts a whole sandbox with the small seed on any ports, with a stopped clock, and real clients for it. */
export async function startTestSandbox(
  given: Partial<SandboxOptions> & { readonly clock?: TestClock } = {},
): Promise<TestSandbox> {
  const { clock = new TestClock() } = given;
  const sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'small',
    vipNetwork: '127.106.0.0/16',
    taskMs: 1000,
    stateFile: null,
    log: pino({ level: 'silent' }),
    ...given,
    clock,
  });
  const { api, secretId, secretKey, control } = sandbox.announcement;
  return {
    sandbox,
    clock,
    clients: (region = '') => createTestClients(clientConfig(api, { secretId, secretKey }, region)),
    control: (method, path, body) => callControl(control, method, path, body),
    async resolve(server, name) {
      const client = new Resolver({ timeout: 2000, tries: 1 });
      client.setServers([server]);
      return (await client.resolve4(name)).toSorted();
    },
  };
}
