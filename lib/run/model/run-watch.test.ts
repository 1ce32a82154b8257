import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testListener, testSwitch } from '@/testing/plan/test-estate';
import { listAgentRequests } from './run-watch';

/** Plans the Switch of the test estate toward a listener. */
function planned(listener: object) {
  const listeners = [testListener('lb-cvm'), testListener('lb-scf', listener)];
  const made = planDiversion({ estate: testEstate({ listeners }), diversion: testSwitch(), keepAliveS: 75 });
  invariant(made.ok, 'the test estate can be planned');
  return made.value;
}
const urls = (plan: Parameters<typeof listAgentRequests>[0]) =>
  listAgentRequests(plan, 'apply').map(({ url }) => url);

it.each([
  [{ protocol: 'HTTPS', port: 8443, certificateId: 'cert-1' }, 'https://flash.example.co.id:8443/'],
  [{ protocol: 'HTTPS', port: 80, certificateId: 'cert-1' }, 'https://flash.example.co.id:80/'],
  [{ protocol: 'HTTPS', port: 443, certificateId: 'cert-1' }, 'https://flash.example.co.id/'],
  [{ port: 8080 }, 'http://flash.example.co.id:8080/'],
  [{}, 'http://flash.example.co.id/'],
])('asks agents to request the port of the listener: %j', (listener, url) => {
  expect(urls(planned(listener))).toEqual([url]);
});

it('asks agents to request each of two listeners of one scheme, and each URL once', () => {
  const [one, other] = [planned({ port: 8080 }), planned({ port: 8081 })];
  expect(urls({ steps: [...one.steps, ...other.steps, ...one.steps], revert: [] })).toEqual([
    'http://flash.example.co.id:8080/',
    'http://flash.example.co.id:8081/',
  ]);
});
