import { describe, expect, it } from 'vitest';
import { newListener } from '@/components/diversion/create/new-listener';
import {
  newForm,
  newLoadBalancer,
  subnetOptions,
  toLoadBalancerForm,
  usualVpc,
  vpcOptions,
  zoneOptions,
} from '@/components/diversion/create/new-load-balancer';
import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import { addCreatedListener, addCreatedLoadBalancer } from '@/lib/draft/apply-change';
import { applyFix } from '@/lib/draft/apply-fix';
import { asDiversion } from '@/lib/draft/as-diversion';
import { removeCreated, replaceListener, replaceLoadBalancer } from '@/lib/draft/edit-creates';
import { buildPreview } from '@/lib/draft/preview';
import { invariant } from '@/lib/invariant';
import { toDraft } from '@/testing/components/test-draft';
import { testEstate, testListener, testSplit } from '@/testing/plan/test-estate';

const estate = testEstate();
const complete = toDraft(testSplit());
const balancer = {
  ...newForm({ region: 'ap-singapore', vpcId: 'vpc-1', address: 'domain' }, null),
  name: 'lb-sale',
};
const listener = { name: 'http-80', protocol: 'HTTP', port: 80, certificateId: '' } as const;

function made<T>(result: { readonly made: T } | { readonly errors: unknown }): T {
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.made;
}

/** Routes the function through a load balancer that the plan creates, with a listener for the port that serves now. */
function created() {
  const lb = made(newLoadBalancer(estate, complete.creates, balancer));
  const draft = addCreatedLoadBalancer(estate, complete, 1, lb);
  const [lbl] = draft.creates.listeners;
  invariant(lbl !== undefined, 'a listener is proposed');
  expect(lbl).toEqual(made(newListener(estate, lb.id, listener)));
  return { lb, lbl, draft };
}

describe('an object that a diversion creates', () => {
  it('is chosen at once, and planned before the route that uses it', async () => {
    const { lb, lbl, draft } = created();
    expect(draft.routes[1]).toMatchObject({ loadBalancerId: lb.id, listenerId: lbl.id });
    const { plan, diversion } = await buildPreview({ estate, draft, keepAliveS: 75 });
    expect(diversion?.creates).toEqual({ loadBalancers: [lb], listeners: [lbl] });
    const actions =
      plan.state === 'ready' ? plan.plan.steps.flatMap((s) => ('call' in s ? [s.call.action] : [])) : [];
    expect(actions.slice(0, 2)).toEqual(['CreateLoadBalancer', 'CreateListener']);
  });

  it('is excluded while no route uses it, and can still be chosen', () => {
    const { draft } = created();
    const elsewhere = {
      ...draft,
      routes: draft.routes.map((route) => ({ ...route, loadBalancerId: 'lb-scf', listenerId: 'lbl-lb-scf' })),
    };
    expect(asDiversion(elsewhere, testEstate()).creates).toEqual({ loadBalancers: [], listeners: [] });
    expect(elsewhere.creates.loadBalancers).toHaveLength(1);
  });

  it('is removed with its dependents, and leaves its routes incomplete', () => {
    const { lb, draft } = created();
    const without = removeCreated(draft, lb.id);
    expect(without.creates).toEqual({ loadBalancers: [], listeners: [] });
    expect(without.routes[1]).toMatchObject({ loadBalancerId: '', listenerId: '' });
    expect(without.routes[0]).toEqual(draft.routes[0]);
  });

  it('keeps its id when it is changed, with all references', async () => {
    const { lb, lbl, draft } = created();
    const change = newLoadBalancer(estate, draft.creates, { ...balancer, name: 'lb-other' }, lb.id);
    const next = replaceLoadBalancer(draft, made(change));
    expect(next.creates.loadBalancers).toEqual([{ ...lb, name: 'lb-other' }]);
    expect(next.routes).toEqual(draft.routes);
    expect(next.creates.listeners).toEqual([lbl]);
    expect((await buildPreview({ estate, draft: next, keepAliveS: 75 })).plan.state).toBe('ready');
    // The previous name is free again, and its own name does not conflict with it.
    const second = made(newLoadBalancer(estate, next.creates, balancer));
    expect(second).toMatchObject({ id: '@lb/lb-sale.2', name: 'lb-sale' });
    expect(newLoadBalancer(estate, draft.creates, balancer, lb.id)).toHaveProperty('made');
  });

  it('is changed where only its listener is created', () => {
    const { lb, lbl, draft } = created();
    const whole = anticipatedEstate(estate, draft);
    expect(newListener(whole, lb.id, listener)).toEqual({ errors: { port: 'created.portTaken' } });
    expect(newListener(whole, lb.id, { ...listener, name: 'other' }, lbl.id)).toMatchObject({
      made: { id: lbl.id, name: 'other', port: 80 },
    });
    const moved = made(newListener(whole, lb.id, { ...listener, port: 8080 }, lbl.id));
    const next = replaceListener(draft, moved);
    expect(next.creates.listeners).toMatchObject([{ id: lbl.id, port: 8080 }]);
    expect(next.routes).toEqual(draft.routes);
    expect(made(newListener(anticipatedEstate(estate, next), lb.id, listener)).id).toBe('@lbl/lb-sale:80.2');
  });

  it('is chosen at once if it is a listener', () => {
    const { lb, draft } = created();
    const second = made(newListener(anticipatedEstate(estate, draft), lb.id, { ...listener, port: 8080 }));
    const next = addCreatedListener(estate, draft, 1, second);
    expect(next.creates.listeners).toHaveLength(2);
    expect(next.routes[1]).toMatchObject({ loadBalancerId: lb.id, listenerId: second.id });
  });

  it('keeps the load balancer when only its listener is removed', () => {
    const { lb, lbl, draft } = created();
    expect(removeCreated(draft, lbl.id).routes[1]).toMatchObject({ loadBalancerId: lb.id, listenerId: '' });
  });
});

describe('a new load balancer', () => {
  const getErrors = (change: object) => newLoadBalancer(estate, complete.creates, { ...balancer, ...change });

  it('has an unused name', () => {
    expect(getErrors({ name: 'lb-cvm' })).toEqual({ errors: { name: 'created.nameTaken' } });
    expect(getErrors({ name: '' })).toEqual({ errors: { name: 'created.name' } });
    expect(getErrors({ name: 'a b' })).toEqual({ errors: { name: 'created.name' } });
    const { draft } = created();
    expect(newLoadBalancer(estate, draft.creates, balancer)).toEqual({
      errors: { name: 'created.nameTaken' },
    });
  });

  it('is in a VPC, and an internal one in a subnet of that VPC', () => {
    expect(getErrors({ vpcId: ' ' })).toEqual({ errors: { vpcId: 'created.vpc' } });
    expect(getErrors({ network: 'INTERNAL' })).toEqual({ errors: { subnetId: 'created.subnet' } });
    expect(getErrors({ network: 'INTERNAL', subnetId: 'subnet-1' })).toMatchObject({
      made: { subnetId: 'subnet-1' },
    });
  });

  it('has a bandwidth in the call that is sufficient for the expected peak', async () => {
    const { lb, draft } = created();
    expect(lb.internet).toEqual({ chargeType: 'TRAFFIC_POSTPAID_BY_HOUR', bandwidthMbps: 200 });
    const { plan } = await buildPreview({ estate, draft, keepAliveS: 75 });
    expect(plan.state === 'ready' ? plan.plan.steps[0] : null).toMatchObject({
      call: {
        action: 'CreateLoadBalancer',
        params: {
          InternetAccessible: {
            InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
            InternetMaxBandwidthOut: 200,
          },
        },
      },
    });
    expect(newForm({ region: 'r', vpcId: 'v', address: 'domain' }, 3000).bandwidthMbps).toBe(1000);
    expect(toLoadBalancerForm(lb)).toEqual({ ...balancer, name: 'lb-sale' });
  });

  it('has a bandwidth that its kind accepts, and none without a limit', () => {
    expect(getErrors({ bandwidthMbps: Number.NaN })).toEqual({
      errors: { bandwidthMbps: 'created.bandwidth' },
    });
    expect(getErrors({ bandwidthMbps: 2049 })).toEqual({
      errors: { bandwidthMbps: 'created.bandwidthShared' },
    });
    expect(getErrors({ bandwidthMbps: 2049, slaType: 'clb.c3.small' })).toHaveProperty('made');
    const internal = { network: 'INTERNAL', subnetId: 'subnet-1' };
    expect(getErrors(internal)).toMatchObject({ made: { internet: null } });
    expect(getErrors({ ...internal, slaType: 'clb.c2.medium' })).toMatchObject({
      made: { internet: { bandwidthMbps: 200 } },
    });
  });

  it('gets the bandwidth of a fix, which counts only used load balancers', () => {
    const { lb, draft } = created();
    const unused = { ...lb, id: '@lb/unused', name: 'unused' };
    const creates = { ...draft.creates, loadBalancers: [unused, lb] };
    const patch = { field: 'creates.loadBalancers.0.bandwidthMbps', value: '900' } as const;
    const { creates: fixed } = applyFix(estate, { ...draft, creates }, patch);
    expect(fixed.loadBalancers.map(({ internet }) => internet?.bandwidthMbps)).toEqual([200, 900]);
  });

  it('is offered the VPCs, subnets and zones of its region by name, even in an empty region', () => {
    const vpc = (id: string, name: string, change: object = {}) => ({
      id,
      name,
      region: 'ap-tokyo',
      cidr: '10.0.0.0/16',
      isDefault: false,
      ...change,
    });
    const known = testEstate({
      vpcs: [
        vpc('vpc-1', 'shop'),
        vpc('vpc-2', 'Default', { isDefault: true }),
        vpc('vpc-3', 'x', { region: 'r' }),
      ],
      subnets: [
        {
          id: 'subnet-1',
          name: 'web',
          region: 'ap-tokyo',
          vpcId: 'vpc-1',
          zone: 'ap-tokyo-1',
          cidr: '10.0.1.0/24',
        },
        {
          id: 'subnet-2',
          name: 'web',
          region: 'ap-tokyo',
          vpcId: 'vpc-2',
          zone: 'ap-tokyo-1',
          cidr: '10.0.1.0/24',
        },
      ],
      availabilityZones: [
        { id: 'ap-tokyo-1', name: 'Tokyo Zone 1', region: 'ap-tokyo', isAvailable: true },
        { id: 'ap-tokyo-2', name: 'Tokyo Zone 2', region: 'ap-tokyo', isAvailable: false },
      ],
    });
    expect(vpcOptions(known, 'ap-tokyo').map(({ value, label }) => [value, label])).toEqual([
      ['vpc-2', 'Default'],
      ['vpc-1', 'shop'],
    ]);
    expect([usualVpc(known, 'ap-tokyo'), usualVpc(known, 'r'), usualVpc(known, 'elsewhere')]).toEqual([
      ...['vpc-2', 'vpc-3', ''],
    ]);
    expect(subnetOptions(known, 'vpc-1')).toEqual([
      { value: 'subnet-1', label: 'web', hint: 'ap-tokyo-1, 10.0.1.0/24' },
    ]);
    expect(zoneOptions(known, 'ap-tokyo')).toMatchObject([{ value: 'ap-tokyo-1', label: 'Tokyo Zone 1' }]);
  });

  it('is in the chosen zone if it is public', () => {
    expect(getErrors({ masterZone: 'ap-tokyo-1' })).toMatchObject({ made: { masterZone: 'ap-tokyo-1' } });
    const internal = { network: 'INTERNAL', subnetId: 'subnet-1', masterZone: 'ap-tokyo-1' };
    expect(getErrors(internal)).toMatchObject({ made: { masterZone: null } });
  });
});

describe('a new listener', () => {
  const listenerErrors = (change: object) => newListener(estate, 'lb-scf', { ...listener, ...change });

  it('has a port that is free and not reserved by the cloud', () => {
    expect(listenerErrors({ port: 80 })).toEqual({ errors: { port: 'created.portTaken' } });
    expect(listenerErrors({ port: 36000 })).toEqual({ errors: { port: 'created.portReserved' } });
    expect(listenerErrors({ port: Number.NaN })).toEqual({ errors: { port: 'created.port' } });
    expect(listenerErrors({ port: 8080 })).toMatchObject({ made: { id: '@lbl/lb-scf:8080' } });
  });

  it('may share a port with a UDP listener', () => {
    const udp = testEstate({ listeners: [testListener('lb-scf', { protocol: 'UDP' })] });
    expect(newListener(udp, 'lb-scf', listener)).toMatchObject({ made: { port: 80 } });
  });

  it('has a certificate for HTTPS, and none for HTTP', () => {
    const tls = { protocol: 'HTTPS', port: 443 };
    expect(listenerErrors(tls)).toEqual({ errors: { certificateId: 'created.certificate' } });
    expect(listenerErrors({ ...tls, certificateId: 'cert-1' })).toMatchObject({
      made: { certificateId: 'cert-1' },
    });
    expect(listenerErrors({ port: 8080, certificateId: 'cert-1' })).toMatchObject({
      made: { certificateId: null },
    });
  });
});
