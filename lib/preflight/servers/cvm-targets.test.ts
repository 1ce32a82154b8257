import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testInstance, testRule, testSplit, testTarget } from '@/testing/plan/test-estate';

const bound = (eniIp: string, kind = 'ENI') => {
  const { instanceId: _, ...pod } = Object(testTarget({ kind, eniIp, privateIp: eniIp, port: 9090 }));
  return pod;
};

/** The check over a rule that has these targets, to which the plan adds others. */
function found(targets: readonly object[], added: readonly object[] = [], instance: object = {}) {
  const rules = ['shop', 'flash'].map((name) =>
    testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets }),
  );
  const estate = testEstate({ rules, instances: [testInstance(instance)] });
  return preflight({ estate, diversion: testSplit({}, { addTargets: added }) }).filter(
    ({ check }) => check === 'cvm-targets',
  );
}
const texts = (findings: ReturnType<typeof found>) =>
  findings.map(({ status, why, objects }) => `${status} ${why.split('.')[1]} ${objects.join(' ')}`);

it('does not look up the server of an address, because servers of pods and of other networks are not read', () => {
  const findings = found([bound('10.0.1.7'), bound('192.168.4.2', 'CCN')]);
  expect(texts(findings)).toEqual(['pass pass 10.0.1.7 192.168.4.2']);
  expect(findings[0]?.values.targets).toBe(2);
});

it('reports a server as unread, but not an address beside it', () => {
  const other = testTarget({ instanceId: 'ins-9' });
  expect(texts(found([bound('10.0.1.7'), other]))).toEqual(['unknown unread ins-9']);
});

it('finds a stopped server by its secondary address', () => {
  const instance = { privateIps: ['10.0.0.1', '10.0.0.5'], state: 'STOPPED' };
  expect(texts(found([bound('10.0.0.5')], [], instance))).toEqual(['warn notRunning 10.0.0.5']);
  // Another VPC may have the same address.
  const elsewhere = { ...instance, vpcId: 'vpc-2' };
  expect(texts(found([bound('10.0.0.5')], [], elsewhere))).toEqual(['pass pass 10.0.0.5']);
});

it('blocks the primary address of a server as a target, instead of the server', () => {
  const findings = found([testTarget()], [{ eniIp: '10.0.0.1', port: 9090, weight: 10 }]);
  expect(texts(findings)).toEqual(['block primaryAddress 10.0.0.1']);
  expect(findings.some(stops)).toBe(true);
  // One that is already bound this way is not part of the plan.
  expect(texts(found([bound('10.0.0.1')]))).toEqual(['pass pass 10.0.0.1']);
});
