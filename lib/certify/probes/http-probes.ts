import { Agent } from 'node:http';
import { waitMs } from '../model/account';
import {
  type CertifyProbe,
  type ReachWay,
  type Seen,
  seen,
  unknown,
  type WriteContext,
} from '../model/probe';
import { type WorkspaceRule, wishHeader } from '../model/workspace';
import { readVipMetric } from './read-vip-metric';

/** The longest time until a new listener accepts connections. */
const listeningBoundMs = 20_000;
const listeningPauseMs = 100;

/** Calls a rule through the load balancer's address. */
async function call(
  { workspace, get, now }: WriteContext,
  { url }: WorkspaceRule,
  more: Record<string, string> = {},
  way: ReachWay = {},
) {
  const { vip } = await workspace.loadBalancer();
  const deadline = now() + listeningBoundMs;
  for (;;) {
    try {
      return await get(vip, url, { host: workspace.domain, ...more }, way);
    } catch (error) {
      const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!isRefused || now() > deadline) throw error;
      await waitMs(listeningPauseMs);
    }
  }
}

type Wish = 'event' | 'malformed' | 'failure' | 'missing' | 'late';

/**
 * Calls a rule that is bound to a function.
 * @param wish how the function should answer
 */
async function callFunction(
  context: WriteContext,
  wish: Wish,
  { name = 'echo', way }: { readonly name?: 'echo' | 'slow'; readonly way?: ReachWay } = {},
) {
  const { workspace } = context;
  const rule = await workspace.once(`${name} rule`, async () => {
    const made = await workspace.rule();
    const request = workspace.bindRequest(made, await workspace.function(name));
    await workspace.change('RegisterFunctionTargets', request);
    return made;
  });
  return call(context, rule, { [wishHeader]: wish }, way);
}

async function failureStatus(context: WriteContext): Promise<Seen> {
  const { status } = await callFunction(context, 'failure');
  const evidence = `a function that failed was answered with status ${status}`;
  if (status === 500 || status === 502) return seen(String(status), evidence);
  // SCF's own codes: https://www.tencentcloud.com/document/product/583/35311
  return status >= 400 && status < 500 ? seen('scf', evidence) : unknown(evidence);
}

/** Longer than a load balancer waits by default, 60 s, and than the slow function takes. */
const lateMs = 90_000;

async function backendTimeout(context: WriteContext): Promise<Seen> {
  const { status } = await callFunction(context, 'late', { name: 'slow', way: { timeoutMs: lateMs } });
  const evidence = `a function that took 65 s was answered for with status ${status}`;
  return status === 200 ? unknown(evidence) : seen(status, evidence);
}

/** Returns a rule that forwards to the given server. */
async function serverRule(
  { workspace, given }: WriteContext,
  port: number,
  settings: object = {},
): Promise<{ readonly rule: WorkspaceRule; readonly place: object; readonly target: object }> {
  const rule = await workspace.rule(settings);
  const { loadBalancerId: LoadBalancerId, listenerId: ListenerId, locationId: LocationId } = rule;
  const place = { LoadBalancerId, ListenerId, LocationId };
  const target = { InstanceId: given.instance, Port: port };
  await workspace.change('RegisterTargets', { ...place, Targets: [{ ...target, Weight: 10 }] });
  return { rule, place, target };
}

/** Statuses from here on don't come from a server that works. */
const failing = 500;

async function connectFailed(context: WriteContext): Promise<Seen> {
  // Port 1 (tcpmux), on which hardly any server listens.
  const { rule } = await serverRule(context, 1);
  const { status } = await call(context, rule);
  if (status < failing)
    return unknown(`the server answered on port 1 with status ${status}, so nothing failed`);
  return seen(status, `a server that does not listen was answered for with status ${status}`);
}

/** The port on which the given server is expected to answer HTTP. */
const serverPort = 80;
const silent = (status: number) =>
  unknown(`the server does not answer HTTP on port ${serverPort}: status ${status}`);

/** Keeps a connection to a rule, takes the weight from its only server, and sends another request. */
async function keptConnection(context: WriteContext): Promise<Seen> {
  const { rule, place, target } = await serverRule(context, serverPort);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const first = await call(context, rule, {}, { agent });
    if (first.status >= failing) return silent(first.status);
    await context.workspace.change('ModifyTargetWeight', { ...place, Targets: [target], Weight: 0 });
    const next = await call(context, rule, {}, { agent });
    const evidence = `after its server got weight 0, a kept connection was answered with status ${next.status}`;
    if (!next.reused) return unknown(`${evidence}, but the load balancer had closed it`);
    return seen(next.status < failing ? 'stays' : 'rescheduled', evidence);
  } finally {
    agent.destroy();
  }
}

async function sessionCookie(context: WriteContext): Promise<Seen> {
  const plain = await call(context, (await serverRule(context, serverPort)).rule);
  if (plain.status >= failing) return silent(plain.status);
  const { rule } = await serverRule(context, serverPort, { SessionExpireTime: 3600 });
  const { cookies } = await call(context, rule);
  const added = cookies.filter((name) => !plain.cookies.includes(name));
  const [name] = added;
  return name === undefined
    ? unknown('a rule with session persistence set no cookie of its own')
    : seen(name, `a rule with session persistence set the cookies ${added.join(', ')}`);
}

const mutualPort = 8444;

async function noClientCertificate(context: WriteContext): Promise<Seen> {
  const { workspace, given } = context;
  const { loadBalancerId } = await workspace.rule();
  const certificate = { SSLMode: 'MUTUAL', CertId: given.certificate, CertCaId: given.clientCa };
  const listenerId = await workspace.httpsListener(mutualPort, certificate);
  const rule = await workspace.rule({}, { loadBalancerId, listenerId });
  const { status } = await call(context, rule, {}, { tlsPort: mutualPort });
  return seen(status, `a client without a certificate was answered with status ${status}`);
}

const missingSent = 10;
/** The longest time until a minute is in the monitoring data. */
const monitorBoundMs = 8 * 60_000;
const lookbackMs = 15 * 60_000;
const monitorPauseMs = 5000;

/**
 * Lets a function answer 404, which no load balancer does by itself for a rule that exists, and reads whether the load
 * balancer's own metric counts it: https://cloud.tencent.com/document/product/248/51898
 */
async function clbHttp(context: WriteContext): Promise<Seen> {
  const { workspace, account, now } = context;
  const { vip } = await workspace.loadBalancer();
  for (let sent = 0; sent < missingSent; sent += 1) await callFunction(context, 'missing');
  const deadline = now() + monitorBoundMs;
  for (;;) {
    const period = { from: now() - lookbackMs, to: now() };
    const byBackends = await readVipMetric(account, vip, 'Http4xx', period);
    const byLoadBalancer = await readVipMetric(account, vip, 'ClbHttp404', period);
    const [minute] = byBackends.filter(({ value }) => value > 0);
    const counted = byLoadBalancer.find(({ at }) => at === minute?.at);
    if (minute !== undefined && counted !== undefined) {
      const evidence = `of ${minute.value} responses of a function with 404, ClbHttp404 counts ${counted.value}`;
      return seen(counted.value > 0 ? 'all' : 'own', evidence);
    }
    if (now() > deadline && minute !== undefined)
      return seen('own', `of ${minute.value} responses of a function with 404, ClbHttp404 has none`);
    if (now() > deadline)
      return unknown(`the monitoring data showed no 404 of a function within ${monitorBoundMs / 60_000} min`);
    await waitMs(monitorPauseMs);
  }
}

/** Probes of what a client of a load balancer receives. */
export const httpProbes = {
  'http.noBackend': {
    mode: 'write',
    async run(context) {
      const { status } = await call(context, await context.workspace.rule());
      return seen(status, `a rule without a backend was answered with status ${status}`);
    },
  },
  'http.connectFailed': { mode: 'write', needs: ['instance'], run: connectFailed },
  'http.backendTimeout': { mode: 'write', run: backendTimeout },
  'http.malformedAnswer': {
    mode: 'write',
    async run(context) {
      const { status } = await callFunction(context, 'malformed');
      return seen(status, `a malformed answer of a function was answered with status ${status}`);
    },
  },
  'http.noClientCertificate': {
    mode: 'write',
    needs: ['certificate', 'clientCa'],
    run: noClientCertificate,
  },
  'http.keptConnection': { mode: 'write', needs: ['instance'], run: keptConnection },
  'http.sessionCookie': { mode: 'write', needs: ['instance'], run: sessionCookie },
  'function.failureStatus': { mode: 'write', run: failureStatus },
  'event.isBase64Encoded': {
    mode: 'write',
    async run(context) {
      const { status, body } = await callFunction(context, 'event');
      if (status !== 200 || (body !== 'present' && body !== 'absent')) {
        return unknown(`the function was answered for with status ${status} instead of its own answer`);
      }
      return seen(body, `the function that looked at its event says: ${body}`);
    },
  },
  'monitor.clbHttp': { mode: 'write', run: clbHttp },
} as const satisfies Record<string, CertifyProbe>;
