import { z } from 'zod';
import { must } from '../model/account';
import { type CertifyProbe, type Seen, seen, unknown, type WriteContext } from '../model/probe';
import type { WorkspaceOutcome } from '../model/workspace';
import { associate, codeSeen, redirect } from './binding-probes';

/** Returns what a write that may be refused or ignored shows about an assumption with these two values. */
function acceptance(action: string, outcome: WorkspaceOutcome, accepted: string, refused: string): Seen {
  const why = outcome.kind === 'done' ? 'was accepted' : `failed: ${outcome.message}`;
  return seen(
    outcome.kind === 'done' ? accepted : refused,
    `${action} ${why} (request ${outcome.requestId})`,
  );
}

const Ids = z.object({ LoadBalancerIds: z.array(z.string()) });

/** Creates a second load balancer, with a client token. */
function second({ account, workspace }: WriteContext): Promise<string> {
  return workspace.once('second', async () => {
    const request = workspace.loadBalancerRequest('-second', workspace.name);
    const { requestId, LoadBalancerIds: ids } = await must(
      account,
      'clb',
      'CreateLoadBalancer',
      request,
      Ids,
    );
    await workspace.settle({ ok: true, requestId, body: {} });
    return ids[0] ?? '';
  });
}

const listenerOn = (id: string, port: number, more: object = {}) => ({
  LoadBalancerId: id,
  Ports: [port],
  Protocol: 'HTTP',
  ...more,
});

/** Regions that offer IPv6 NAT64: github.com/tencentyun/intlcloud-documents, "创建 IPv6 NAT64 负载均衡实例" */
const nat64Regions: readonly string[] = ['ap-beijing', 'ap-shanghai', 'ap-guangzhou'];

/** Probes of load balancers, listeners, target groups and redirects. */
export const loadBalancerProbes = {
  // While it is being created, a load balancer is busy with its task, which has its own error code.
  'clb.unusable': {
    mode: 'none',
    why: 'needs an isolated load balancer, which only an account with unpaid bills has',
  },
  'clb.clientTokenReused': {
    mode: 'write',
    async run(context) {
      const { account, workspace } = context;
      const id = await second(context);
      const answer = await account.call(
        'clb',
        'CreateLoadBalancer',
        workspace.loadBalancerRequest('-other', workspace.name),
      );
      if (!answer.ok) {
        return seen(
          answer.code,
          `a different request with the same ClientToken was refused: ${answer.code} (request ${answer.requestId})`,
        );
      }
      const [other] = Ids.parse(answer.body).LoadBalancerIds;
      if (other === id) return seen('earlier answer', `the same ClientToken led to ${id} again`);
      return unknown(`the same ClientToken made another load balancer, ${other}`);
    },
  },
  'clb.deleteRefused': {
    mode: 'write',
    async run(context) {
      const { workspace } = context;
      const id = await second(context);
      await workspace.change('ModifyLoadBalancerAttributes', { LoadBalancerId: id, DeleteProtect: true });
      const outcome = await workspace.write('DeleteLoadBalancer', { LoadBalancerIds: [id] });
      if (outcome.kind !== 'done') {
        await workspace.change('ModifyLoadBalancerAttributes', { LoadBalancerId: id, DeleteProtect: false });
      }
      return codeSeen('DeleteLoadBalancer with delete protection', outcome);
    },
  },
  'clb.stoppedWrites': {
    mode: 'write',
    async run(context) {
      const { workspace } = context;
      const id = await second(context);
      const set = (OperationType: string) => ({ LoadBalancerId: id, OperationType, ListenerIds: [] });
      const stopped = await workspace.write('SetLoadBalancerStartStatus', set('Stop'));
      if (stopped.kind !== 'done') return unknown(`the load balancer can't be stopped: ${stopped.message}`);
      const outcome = await workspace.write('CreateListener', listenerOn(id, 81));
      await workspace.change('SetLoadBalancerStartStatus', set('Start'));
      return acceptance('CreateListener on a stopped load balancer', outcome, 'taken', 'refused');
    },
  },
  'clb.noNat64': {
    mode: 'write',
    async run({ account, workspace }) {
      if (nat64Regions.includes(account.region)) return unknown(`${account.region} offers IPv6 NAT64`);
      const request = { ...workspace.loadBalancerRequest('-nat64'), AddressIPVersion: 'IPV6' };
      return codeSeen(
        'CreateLoadBalancer of IPv6 NAT64',
        await workspace.write('CreateLoadBalancer', request),
      );
    },
  },
  'clb.unknownCertificate': {
    mode: 'write',
    async run({ workspace }) {
      const { id } = await workspace.loadBalancer();
      const request = listenerOn(id, 443, {
        Protocol: 'HTTPS',
        Certificate: { SSLMode: 'UNIDIRECTIONAL', CertId: 'certify0' },
      });
      return codeSeen(
        'CreateListener with an unknown certificate',
        await workspace.write('CreateListener', request),
      );
    },
  },
  'listener.foreignField': {
    mode: 'write',
    async run({ workspace }) {
      const { id } = await workspace.loadBalancer();
      const request = listenerOn(id, 8081, { Scheduler: 'WRR' });
      const outcome = await workspace.write('CreateListener', request);
      return acceptance('CreateListener of HTTP with Scheduler', outcome, 'ignored', 'refused');
    },
  },
  'listener.portSharing': {
    mode: 'write',
    async run({ workspace }) {
      const { id } = await workspace.loadBalancer();
      await workspace.tcpListener();
      const outcome = await workspace.write('CreateListener', listenerOn(id, 9000, { Protocol: 'UDP' }));
      return acceptance('CreateListener of UDP on the port of a TCP one', outcome, 'by transport', 'none');
    },
  },
  'targets.registeredAgain': {
    mode: 'write',
    needs: ['instance'],
    async run({ workspace, given }) {
      const request = await targetRequest(workspace, given.instance);
      await workspace.change('RegisterTargets', request);
      const outcome = await workspace.write('RegisterTargets', request);
      return acceptance('RegisterTargets of a server that is there', outcome, 'ignored', 'refused');
    },
  },
  'targets.deregisteredAbsent': {
    mode: 'write',
    needs: ['instance'],
    async run({ workspace, given }) {
      const outcome = await workspace.write(
        'DeregisterTargets',
        await targetRequest(workspace, given.instance),
      );
      return acceptance('DeregisterTargets of a server that is not there', outcome, 'ignored', 'refused');
    },
  },
  'targetGroup.leftRule': {
    mode: 'write',
    async run({ account, workspace }) {
      const place = await workspace.rule();
      await associate({ account, workspace }, 'AssociateTargetGroups', place);
      await associate({ account, workspace }, 'DisassociateTargetGroups', place);
      const { Listeners: listeners } = await must(
        account,
        'clb',
        'DescribeListeners',
        { LoadBalancerId: place.loadBalancerId, ListenerIds: [place.listenerId] },
        z.object({
          Listeners: z.array(
            z.object({
              Rules: z.array(z.object({ LocationId: z.string(), TargetType: z.string().nullish() })),
            }),
          ),
        }),
      );
      const rule = listeners[0]?.Rules.find((each) => each.LocationId === place.locationId);
      const type = rule?.TargetType ?? 'none';
      return seen(type === 'NODE' ? 'NODE' : 'kept', `its TargetType is ${type} afterwards`);
    },
  },
  'targetGroup.status': {
    mode: 'write',
    async run({ account, workspace }) {
      const answer = await account.call('clb', 'DescribeTargetGroupInstanceStatus', {
        TargetGroupId: await workspace.targetGroup(),
      });
      const how = answer.ok ? 'answered' : `refused: ${answer.code}`;
      return seen(
        answer.ok ? 'answered' : 'refused',
        `DescribeTargetGroupInstanceStatus ${how} (request ${answer.requestId})`,
      );
    },
  },
  'rewrite.defaultCode': {
    mode: 'write',
    async run({ account, workspace }) {
      const source = await workspace.rule();
      await redirect(workspace, source);
      const { RewriteSet: rules } = await must(
        account,
        'clb',
        'DescribeRewrite',
        { LoadBalancerId: source.loadBalancerId, SourceLocationIds: [source.locationId] },
        z.object({
          RewriteSet: z.array(z.object({ RewriteTarget: z.object({ RewriteCode: z.number().nullish() }) })),
        }),
      );
      const code = rules[0]?.RewriteTarget.RewriteCode;
      return code
        ? seen(String(code), `DescribeRewrite says ${code}`)
        : unknown('DescribeRewrite gives no code');
    },
  },
} as const satisfies Record<string, CertifyProbe>;

async function targetRequest(workspace: WriteContext['workspace'], instance: string | null): Promise<object> {
  const place = await workspace.rule();
  return {
    LoadBalancerId: place.loadBalancerId,
    ListenerId: place.listenerId,
    LocationId: place.locationId,
    Targets: [{ InstanceId: instance, Port: 80, Weight: 0 }],
  };
}
