import { expect } from 'vitest';
import { createTelemetry, type Telemetry } from '@/lib/sandbox/telemetry/telemetry';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { catchRefusal, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

/** A cloud with the small seed whose tasks the test ends. */
export type ClbTestCloud = {
  readonly cloud: TestCloud;
  readonly clb: TestClients['clb'];
  readonly account: AccountWorld;
  /** Runs a write's task to a successful end. @returns the write's response */
  done<Answer extends { RequestId?: string }>(write: Promise<Answer>): Promise<Answer>;
  /** Returns the code of a refused call that changes nothing and has no counted effect. */
  refused(call: () => Promise<unknown>): Promise<string>;
  listeners(loadBalancerId: string): ReturnType<typeof describeListeners>;
};

async function describeListeners(clb: TestClients['clb'], loadBalancerId: string) {
  const { Listeners: listeners = [] } = await clb.DescribeListeners({ LoadBalancerId: loadBalancerId });
  return listeners;
}

export async function startClbTestCloud(telemetry: Telemetry = createTelemetry()): Promise<ClbTestCloud> {
  const cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16', telemetry });
  const { clb } = cloud.clients();
  const state = async () => {
    const { auditEvents: _, ...rest } = cloud.account('small-standard');
    return structuredClone([rest, await (await cloud.control('GET', '/effects')).json()]);
  };
  return {
    cloud,
    clb,
    get account() {
      return cloud.account('small-standard');
    },
    async done(write) {
      const answer = await write;
      cloud.clock.advance(1000);
      const { Status: status, Message: message } = await clb.DescribeTaskStatus({
        TaskId: answer.RequestId ?? '',
      });
      expect({ status, message }).toEqual({ status: 0, message: null });
      return answer;
    },
    async refused(call) {
      const before = await state();
      const { code, message } = await catchRefusal(call());
      expect(message).not.toBe('');
      cloud.clock.advance(1000);
      expect(await state()).toEqual(before);
      return code;
    },
    listeners: (loadBalancerId) => describeListeners(clb, loadBalancerId),
  };
}
