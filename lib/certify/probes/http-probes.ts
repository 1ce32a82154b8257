import { type CertifyProbe, type Seen, seen, unknown, type WriteContext } from '../model/probe';
import { type WorkspaceRule, wishHeader } from '../model/workspace';

/** Calls a rule through the load balancer's address. */
async function call(
  { workspace, get }: WriteContext,
  { url }: WorkspaceRule,
  more: Record<string, string> = {},
) {
  const { vip } = await workspace.loadBalancer();
  return get(vip, url, { host: workspace.domain, ...more });
}

/**
 * Calls a rule that is bound to the echo function.
 * @param wish how the function should answer
 */
async function callFunction(context: WriteContext, wish: 'event' | 'malformed' | 'failure') {
  const { workspace } = context;
  const rule = await workspace.once('echo rule', async () => {
    const made = await workspace.rule();
    const request = workspace.bindRequest(made, await workspace.function('echo'));
    await workspace.change('RegisterFunctionTargets', request);
    return made;
  });
  return call(context, rule, { [wishHeader]: wish });
}

async function failureStatus(context: WriteContext): Promise<Seen> {
  const { status } = await callFunction(context, 'failure');
  const evidence = `a function that failed was answered with status ${status}`;
  if (status === 500 || status === 502) return seen(String(status), evidence);
  // SCF's own codes: https://www.tencentcloud.com/document/product/583/35311
  return status >= 400 && status < 500 ? seen('scf', evidence) : unknown(evidence);
}

const none = (why: string): CertifyProbe => ({ mode: 'none', why });

/** Probes of what a client of a load balancer receives. */
export const httpProbes = {
  'http.noBackend': {
    mode: 'write',
    async run(context) {
      const { status } = await call(context, await context.workspace.rule());
      return seen(status, `a rule without a backend was answered with status ${status}`);
    },
  },
  'http.connectFailed': {
    mode: 'write',
    needs: 'instance',
    async run(context) {
      const { workspace, given } = context;
      const rule = await workspace.rule();
      await workspace.change('RegisterTargets', {
        LoadBalancerId: rule.loadBalancerId,
        ListenerId: rule.listenerId,
        LocationId: rule.locationId,
        // Port 1 (tcpmux), on which hardly any server listens.
        Targets: [{ InstanceId: given.instance, Port: 1, Weight: 10 }],
      });
      const { status } = await call(context, rule);
      return seen(status, `a server that does not listen was answered for with status ${status}`);
    },
  },
  'http.backendTimeout': none('needs a server that is slower than the load balancer waits'),
  'http.malformedAnswer': {
    mode: 'write',
    async run(context) {
      const { status } = await callFunction(context, 'malformed');
      return seen(status, `a malformed answer of a function was answered with status ${status}`);
    },
  },
  'http.noClientCertificate': none('needs an HTTPS listener with a client CA of yours'),
  'http.keptConnection': none('needs two servers that answer'),
  'http.sessionCookie': none('needs a server that answers'),
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
  'monitor.clbHttp': none('needs minutes of traffic and its monitoring data'),
} as const satisfies Record<string, CertifyProbe>;
