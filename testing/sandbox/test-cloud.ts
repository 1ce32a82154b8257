import http from 'node:http';
import { pino } from 'pino';
import { v20190116 as cam } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/index.js';
import { v20180317 as clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/index.js';
import { v20190319 as cloudaudit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/index.js';
import { v20170312 as cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/index.js';
import { v20210323 as dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/index.js';
import { v20231024 as igtm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/igtm/v20231024/index.js';
import { v20180724 as monitor } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/index.js';
import { v20180416 as scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/index.js';
import { v20191205 as ssl } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/index.js';
import { v20180813 as sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/index.js';
import { v20180813 as tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/index.js';
import { v20170312 as vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/index.js';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '@/lib/sandbox/control-plane';
import type { AccessKey } from '@/lib/sandbox/world/secret-store';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { TestClock } from './test-clock';

type ClientConfig = ConstructorParameters<typeof clb.Client>[0];

/** Returns the SDK's own configuration for a sandbox. Its agent makes it ignore `http_proxy` on loopback. */
export function clientConfig(api: string, keys: AccessKey, region: string): ClientConfig {
  const endpoint = new URL(api).host;
  const agent = new http.Agent({ keepAlive: false });
  return { credential: keys, region, profile: { httpProfile: { protocol: 'http://', endpoint, agent } } };
}

/** Creates a client of each service. */
export function createTestClients(config: ClientConfig) {
  return {
    cam: new cam.Client(config),
    clb: new clb.Client(config),
    cloudaudit: new cloudaudit.Client(config),
    cvm: new cvm.Client(config),
    dnspod: new dnspod.Client(config),
    igtm: new igtm.Client(config),
    monitor: new monitor.Client(config),
    scf: new scf.Client(config),
    ssl: new ssl.Client(config),
    sts: new sts.Client(config),
    tag: new tag.Client(config),
    vpc: new vpc.Client(config),
  };
}
export type TestClients = ReturnType<typeof createTestClients>;

export type TestCloud = {
  readonly plane: ControlPlane;
  readonly clock: TestClock;
  /** Returns clients of an account, the first one by default, in ap-singapore by default. */
  clients(given?: { account?: string; region?: string }): TestClients;
  account(name: string): AccountWorld;
  /** Returns the key of an account, or of one of its users. */
  keys(account: string, user?: string): AccessKey;
  /** Sends a request to the control API. */
  control(method: string, path: string, body?: object): Promise<Response>;
  /** Calls the control API. @returns its answer @throws Error with status and reason when it refuses */
  callControl<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T>;
  /** Loads the seed again, at the clock's time, and clears faults, effects, assumptions and telemetry. */
  reset(): Promise<void>;
};

/** Starts a control plane on any port, with a stopped clock, and real clients for it. */
export async function startTestCloud(given: Partial<ControlPlaneOptions> = {}): Promise<TestCloud> {
  const clock = new TestClock();
  const plane = await startControlPlane({
    port: 0,
    seed: 'small',
    vipNetwork: '127.81.0.0/16',
    taskMs: 1000,
    stateFile: null,
    controlPort: 0,
    log: pino({ level: 'silent' }),
    clock,
    ...given,
  });
  const account = (name: string) => {
    const found = Object.values(plane.store.world.accounts).find((each) => each.name === name);
    if (!found) throw new Error(`no account ${name}`);
    return found;
  };
  const keys = (name: string, user?: string) => {
    const { uin, users } = account(name);
    return plane.store.secrets.keyOf(user === undefined ? uin : (users[user]?.uin ?? ''));
  };
  const control = (method: string, path: string, body?: object) =>
    sendControl(plane.control, method, path, body);
  const [first] = Object.values(plane.store.world.accounts);
  return {
    plane,
    clock,
    account,
    keys,
    clients: ({ account: name = first?.name ?? '', region = 'ap-singapore' } = {}) =>
      createTestClients(clientConfig(plane.api, keys(name), region)),
    control,
    callControl: (method, path, body) => callControl(plane.control, method, path, body),
    async reset() {
      await callControl(plane.control, 'POST', '/reset');
    },
  };
}

type Control = ControlPlane['control'];

function sendControl(control: Control, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${control?.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${control?.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Calls a control API. @returns its answer @throws Error with status and reason when it refuses */
export async function callControl<T = Record<string, unknown>>(
  control: Control,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await sendControl(control, method, path, body);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${answer.error}`);
  return answer;
}

/** Returns the code of a call that is expected to be refused. */
export async function catchCode(call: Promise<unknown>): Promise<string> {
  return (await catchRefusal(call)).code;
}

/** Returns code and message of a call that is expected to be refused. */
export async function catchRefusal(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return { code: String(error.code), message: error.message };
    throw error;
  }
  throw new Error('the call was not refused');
}
