import { expect } from 'vitest';
import { instance, listener, seedRule } from '@/lib/sandbox/seeds/parts';
import { type AssumptionName, Assumptions, type AssumptionValues } from '@/lib/sandbox/world/assumptions';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { catchRefusal, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

/** The small seed with additional listeners of `lb-cvm00001` and a server in another VPC. */
export type BackendsTestCloud = {
  readonly cloud: TestCloud;
  readonly clb: TestClients['clb'];
  readonly account: AccountWorld;
  /** Resets the cloud to its initial state. */
  reset(): Promise<void>;
  /** Sets one of the assumptions. */
  assume<Name extends AssumptionName>(name: Name, value: AssumptionValues[Name]): void;
  /** Runs a write's task to its end. @returns its status: 0 done, 1 failed */
  settle(write: Promise<{ RequestId?: string }>): Promise<number | undefined>;
  /** Returns code and message of a call that is refused and changes only the audit trail. */
  refused(call: () => Promise<unknown>): Promise<{ code: string; message: string }>;
};

export const place = {
  http: { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-cvm00001' },
  https: { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-tls00001' },
  tcp: { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-tcp00001' },
  /** Layer 4, for target groups. */
  groups: { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-grp00001' },
  /** On the other load balancer: its only rule has no targets. */
  idle: { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001', LocationId: 'loc-idle0001' },
} as const;
export const shop = { ...place.http, LocationId: 'loc-shop0001' };
export const sale = { ...place.http, LocationId: 'loc-sale0001' };
export const app = { ...place.https, LocationId: 'loc-app00001' };

export async function startBackendsTestCloud(): Promise<BackendsTestCloud> {
  const assumptions = new Assumptions();
  const cloud = await startTestCloud({ vipNetwork: '127.102.0.0/16', assumptions });
  addBackends(cloud);
  const { clb } = cloud.clients();
  const state = () => {
    const { auditEvents: _, ...rest } = cloud.account('small-standard');
    return structuredClone(rest);
  };
  return {
    cloud,
    clb,
    get account() {
      return cloud.account('small-standard');
    },
    async reset() {
      await cloud.reset();
      addBackends(cloud);
    },
    assume: (name, value) => expect(assumptions.set(name, value)).toBeNull(),
    async settle(write) {
      const { RequestId: id = '' } = await write;
      cloud.clock.advance(1000);
      return (await clb.DescribeTaskStatus({ TaskId: id })).Status;
    },
    async refused(call) {
      const before = state();
      const refusal = await catchRefusal(call());
      expect(state()).toEqual(before);
      return refusal;
    },
  };
}

function addBackends(cloud: TestCloud): void {
  const account = cloud.account('small-standard');
  const createdAt = cloud.clock.now() - 86_400_000;
  const domain = 'app.example.com';
  account.loadBalancers['lb-cvm00001']?.listeners.push(
    listener({
      id: 'lbl-tls00001',
      protocol: 'HTTPS',
      port: 443,
      createdAt,
      rules: [
        seedRule({ id: 'loc-app00001', domain, isDefault: true, createdAt }),
        seedRule({ id: 'loc-api00001', domain, url: '/api', isDefault: true, createdAt }),
      ],
    }),
    listener({ id: 'lbl-tcp00001', protocol: 'TCP', port: 7000, createdAt }),
    listener({ id: 'lbl-grp00001', protocol: 'TCP', port: 7001, targetType: 'TARGETGROUP', createdAt }),
  );
  account.instances['ins-far00001'] = instance({
    id: 'ins-far00001',
    name: 'far',
    region: 'ap-singapore',
    zone: 'ap-singapore-2',
    privateIp: '127.102.200.1',
    vpcId: 'vpc-far00001',
  });
}
