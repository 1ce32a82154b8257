import { z } from 'zod';
import { hasScf, scfBindingSupport } from '@/lib/estate/facts/regions';
import { must, waitMs } from '../model/account';
import { type CertifyProbe, type Seen, seen, unknown, type WriteContext } from '../model/probe';
import type { Given, Workspace, WorkspaceOutcome } from '../model/workspace';

/** Returns the code of a write that should be refused; a task that fails has a message and no code. */
export function codeSeen(action: string, outcome: WorkspaceOutcome): Seen {
  switch (outcome.kind) {
    case 'refused':
      return seen(
        outcome.code,
        `${action} was refused: ${outcome.code}: ${outcome.message} (request ${outcome.requestId})`,
      );
    case 'failed':
      return unknown(
        `${action} was accepted and its task failed without a code: ${outcome.message} (request ${outcome.requestId})`,
      );
    case 'done':
      return unknown(`${action} was accepted and took effect (request ${outcome.requestId})`);
  }
}

const bind = 'RegisterFunctionTargets';
type Place = Parameters<Workspace['bindRequest']>[0];

/** A condition of every binding; the cloud may check it before anything else. */
type Ground = 'region' | 'account';

/**
 * Returns what the region or the account lacks for every binding.
 * @see https://www.tencentcloud.com/document/api/214/54047
 */
async function missingGround({
  account,
  workspace,
}: WriteContext): Promise<{ readonly ground: Ground; readonly why: string } | null> {
  if (scfBindingSupport(account.region) === 'unsupported')
    return { ground: 'region', why: `${account.region} has no binding of functions` };
  const type = await workspace.once('account type', async () => {
    const shape = z.object({ NetworkAccountType: z.string() });
    return (await must(account, 'vpc', 'DescribeNetworkAccountType', {}, shape)).NetworkAccountType;
  });
  return type === 'STANDARD' ? null : { ground: 'account', why: 'the account is billed by CVM' };
}

/**
 * Returns a probe that binds where a restriction forbids it. `arrange` creates the rule and names the function and
 * qualifier.
 * @param accepted the value of the assumption if the binding takes effect; absent = none
 */
function bindingProbe(
  arrange: (
    context: WriteContext,
  ) => Promise<{ readonly place: Place; readonly functionName: string; readonly qualifier?: string }>,
  needs: readonly (keyof Given)[] = [],
  accepted?: string,
): CertifyProbe {
  return {
    mode: 'write',
    needs,
    async run(context) {
      const { workspace } = context;
      const missing = await missingGround(context);
      if (missing !== null) return unknown(missing.why);
      const { place, functionName, qualifier } = await arrange(context);
      const request = workspace.bindRequest(place, functionName, qualifier);
      const outcome = await workspace.write(bind, request);
      if (accepted === undefined || outcome.kind !== 'done') return codeSeen(bind, outcome);
      return seen(accepted, `${bind} took effect (request ${outcome.requestId})`);
    },
  };
}

/** Returns a probe that binds where the region, or the account, has no binding of functions. */
function groundProbe(ground: Ground, otherwise: (region: string) => string): CertifyProbe {
  return {
    mode: 'write',
    async run(context) {
      const { account, workspace } = context;
      const missing = await missingGround(context);
      if (missing?.ground !== ground) return unknown(missing?.why ?? otherwise(account.region));
      const place = await workspace.rule();
      // A region without functions has none to bind.
      const functionName = hasScf(account.region)
        ? await workspace.function('echo')
        : `${workspace.name}-absent`;
      return codeSeen(bind, await workspace.write(bind, workspace.bindRequest(place, functionName)));
    },
  };
}

/** Creates a load balancer with IPv6 only, and a rule on it. */
async function ipv6Place({ workspace, given }: WriteContext): Promise<Place> {
  const { body } = await workspace.change('CreateLoadBalancer', {
    ...workspace.loadBalancerRequest('-ipv6'),
    AddressIPVersion: 'IPv6FullChain',
    SubnetId: given.ipv6Subnet,
  });
  const [loadBalancerId = ''] = z
    .object({ LoadBalancerIds: z.array(z.string()) })
    .parse(body).LoadBalancerIds;
  const listenerId = await workspace.httpListenerOf(loadBalancerId);
  return workspace.rule({}, { loadBalancerId, listenerId });
}

const quicPort = 8443;

/** Creates a rule whose domain has QUIC. */
async function quicPlace({ workspace, given }: WriteContext): Promise<Place> {
  const { id: loadBalancerId } = await workspace.loadBalancer();
  const certificate = { SSLMode: 'UNIDIRECTIONAL', CertId: given.certificate };
  const listenerId = await workspace.httpsListener(quicPort, certificate);
  return workspace.rule({ Http2: true, Quic: true }, { loadBalancerId, listenerId });
}

/** The most triggers of one kind that a function takes: https://www.tencentcloud.com/document/product/583/11637 */
const triggersMax = 10;

const none = (why: string): CertifyProbe => ({ mode: 'none', why });

/** Probes of how the cloud refuses a binding: https://www.tencentcloud.com/document/api/214/54047 */
export const bindingProbes = {
  'binding.R1': groundProbe(
    'region',
    (region) => `${region} has binding of functions: run this probe in a --region that has none`,
  ),
  'binding.R2': groundProbe(
    'account',
    () => 'the account is a standard one; only one that is billed by CVM refuses bindings',
  ),
  'binding.R3': none('needs a classic load balancer, which can no longer be bought'),
  'binding.R4': none('needs the classic network, which new accounts do not have'),
  'binding.R5': bindingProbe(async ({ workspace }) => ({
    place: await workspace.rule(),
    functionName: `${workspace.name}-absent`,
  })),
  'binding.R6': bindingProbe(
    async (context) => ({
      place: await ipv6Place(context),
      functionName: await context.workspace.function('echo'),
    }),
    ['ipv6Subnet'],
  ),
  'binding.R7': bindingProbe(async ({ workspace }) => ({
    place: { loadBalancerId: (await workspace.loadBalancer()).id, listenerId: await workspace.tcpListener() },
    functionName: await workspace.function('echo'),
  })),
  'binding.R8': bindingProbe(
    async (context) => ({
      place: await quicPlace(context),
      functionName: await context.workspace.function('echo'),
    }),
    ['certificate'],
  ),
  'binding.R9': bindingProbe(async ({ workspace }) => ({
    place: await workspace.rule(),
    functionName: await workspace.function('web'),
  })),
  'binding.R10': bindingProbe(async ({ workspace }) => {
    const place = await workspace.rule();
    await workspace.change(bind, workspace.bindRequest(place, await workspace.function('echo')));
    return { place, functionName: await workspace.function('other') };
  }),
  'binding.R12': bindingProbe(async ({ workspace }) => {
    const functionName = await workspace.function('many');
    for (let count = 0; count < triggersMax; count += 1) {
      await workspace.change(bind, workspace.bindRequest(await workspace.rule(), functionName));
    }
    return { place: await workspace.rule(), functionName };
  }),
  'binding.R13': bindingProbe(async ({ workspace }) => ({
    place: await workspace.rule(),
    functionName: await workspace.function('echo'),
    qualifier: '999',
  })),
  'binding.R14': {
    mode: 'write',
    async run({ workspace }) {
      const place = await workspace.rule();
      const functionName = await workspace.createFunction('fresh');
      const outcome = await workspace.write(bind, workspace.bindRequest(place, functionName));
      if (outcome.kind === 'done') return unknown('the function was active before it could be bound');
      return codeSeen(bind, outcome);
    },
  },
  'binding.R15': bindingProbe(async ({ account, workspace }) => {
    const place = await workspace.rule();
    await associate({ account, workspace }, 'AssociateTargetGroups', place);
    return { place, functionName: await workspace.function('echo') };
  }),
  'binding.R16': bindingProbe(async ({ workspace }) => {
    const place = await workspace.rule();
    await redirect(workspace, place);
    return { place, functionName: await workspace.function('echo') };
  }),
  'binding.R17': bindingProbe(
    async ({ workspace, given }) => {
      const place = await workspace.rule();
      await workspace.change('RegisterTargets', {
        LoadBalancerId: place.loadBalancerId,
        ListenerId: place.listenerId,
        LocationId: place.locationId,
        Targets: [{ InstanceId: given.instance, Port: 80, Weight: 0 }],
      });
      return { place, functionName: await workspace.function('echo') };
    },
    ['instance'],
  ),
  'binding.duplicate': bindingProbe(
    async ({ workspace }) => {
      const place = await workspace.rule();
      const functionName = await workspace.function('echo');
      await workspace.change(bind, workspace.bindRequest(place, functionName));
      return { place, functionName };
    },
    [],
    'accepted',
  ),
  'binding.failsIn': {
    mode: 'write',
    async run({ workspace }) {
      const request = workspace.bindRequest(await workspace.rule(), `${workspace.name}-absent`);
      const outcome = await workspace.write(bind, request);
      if (outcome.kind === 'done') return unknown('a function that does not exist was bound');
      const evidence = `${bind} of a function that does not exist: ${outcome.message} (request ${outcome.requestId})`;
      return seen(outcome.kind === 'refused' ? 'call' : 'task', evidence);
    },
  },
  'modifyFunction.withoutOne': {
    mode: 'write',
    async run({ workspace }) {
      const request = workspace.bindRequest(await workspace.rule(), await workspace.function('echo'));
      const outcome = await workspace.write('ModifyFunctionTargets', request);
      const evidence = `ModifyFunctionTargets on a rule without a function: ${outcome.kind} (request ${outcome.requestId})`;
      return seen(outcome.kind === 'done' ? 'binds' : 'refused', evidence);
    },
  },
  'function.deleteBound': {
    mode: 'write',
    async run({ account, workspace }) {
      const functionName = await workspace.function('other');
      await workspace.change(bind, workspace.bindRequest(await workspace.rule(), functionName));
      const answer = await account.call('scf', 'DeleteFunction', {
        FunctionName: functionName,
        Namespace: 'default',
      });
      const how = answer.ok ? 'was accepted' : `was refused: ${answer.code}`;
      return seen(
        answer.ok ? 'leave' : 'refuse',
        `DeleteFunction of a bound function ${how} (request ${answer.requestId})`,
      );
    },
  },
} as const satisfies Record<string, CertifyProbe>;

/** The number of attempts to associate while the group or load balancer is busy with the previous association. */
const attemptsMax = 20;

/**
 * Associates the run's target group with a rule, or removes the association.
 * @throws Error with the cloud's reason
 */
export async function associate(
  { account, workspace }: Pick<WriteContext, 'account' | 'workspace'>,
  action: 'AssociateTargetGroups' | 'DisassociateTargetGroups',
  place: { readonly loadBalancerId: string; readonly listenerId: string; readonly locationId: string },
): Promise<void> {
  const Associations = [
    {
      LoadBalancerId: place.loadBalancerId,
      ListenerId: place.listenerId,
      LocationId: place.locationId,
      TargetGroupId: await workspace.targetGroup(),
    },
  ];
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await workspace.settle(await account.call('clb', action, { Associations }));
    if (outcome.kind === 'done') return;
    if (attempt >= attemptsMax)
      throw new Error(`${action} failed: ${outcome.message} (request ${outcome.requestId})`);
    await waitMs(300);
  }
}

/** Makes a rule redirect to a new one, without specifying a status code. */
export async function redirect(
  workspace: Workspace,
  source: { readonly loadBalancerId: string; readonly listenerId: string; readonly locationId: string },
): Promise<void> {
  const target = await workspace.rule();
  await workspace.change('ManualRewrite', {
    LoadBalancerId: source.loadBalancerId,
    SourceListenerId: source.listenerId,
    TargetListenerId: target.listenerId,
    RewriteInfos: [{ SourceLocationId: source.locationId, TargetLocationId: target.locationId }],
  });
}
