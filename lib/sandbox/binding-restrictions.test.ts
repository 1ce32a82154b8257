import { afterAll, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ seed: 'flash-sale' });
afterAll(() => cloud.plane.stop());

type Binding = {
  readonly loadBalancer: string;
  readonly protocol?: string;
  readonly domain: string;
  readonly functions?: readonly string[];
  readonly qualifier?: string;
};

/** Binds by names, as an operator selects them. */
async function bind({ functions = ['storefront'], protocol = 'HTTP', qualifier = '1', ...at }: Binding) {
  const lb = Object.values(cloud.account('niaga').loadBalancers).find(({ name }) => name === at.loadBalancer);
  const listener = lb?.listeners.find((each) => each.protocol === protocol);
  return catchCode(
    cloud.clients().clb.RegisterFunctionTargets({
      LoadBalancerId: lb?.id ?? '',
      ListenerId: listener?.id ?? '',
      Domain: at.domain,
      Url: '/',
      FunctionTargets: functions.map((name) => ({
        Function: { FunctionNamespace: 'flash', FunctionName: name, FunctionQualifier: qualifier },
      })),
    }),
  );
}

const flash = 'lb-sin-flash';
const teaser = { loadBalancer: flash, domain: 'teaser.example.co.id' };

/** The restrictions that no check of the preflight states; `preflight-agreement.test.ts` has the others. */
test.each<[string, Binding, string]>([
  [
    'R8 QUIC domain',
    { loadBalancer: flash, protocol: 'HTTPS', domain: 'app.example.co.id' },
    'InvalidParameter.ProtocolCheckFailed',
  ],
  ['R10 in the call', { ...teaser, functions: ['storefront', 'checkout'] }, 'LimitExceeded'],
  ['R13 qualifier', { ...teaser, qualifier: '7' }, 'ResourceNotFound'],
  ['R17 servers', { loadBalancer: flash, domain: 'event.example.co.id' }, 'InvalidParameterValue'],
])('%s', async (_, binding, code) => {
  expect(await bind(binding)).toBe(code);
});

test('rejects servers on the rule of a function', async () => {
  const call = cloud.clients().clb.RegisterTargets({
    LoadBalancerId: 'lb-d0k8y3pn',
    ListenerId: cloud.account('niaga').loadBalancers['lb-d0k8y3pn']?.listeners[0]?.id ?? '',
    Domain: 'checkout.example.co.id',
    Url: '/',
    Targets: [{ InstanceId: 'ins-apiweb1k', Port: 8080 }],
  });
  expect(await catchCode(call)).toBe('InvalidParameterValue');
});

test('shows the only binding of the seed as a trigger of its function', async () => {
  const { scf } = cloud.clients();
  const triggers = await scf.ListTriggers({ FunctionName: 'checkout', Namespace: 'flash' });
  expect(triggers.Triggers).toMatchObject([{ Type: 'clb', Qualifier: '1' }]);
  expect(JSON.parse(triggers.Triggers?.[0]?.TriggerDesc ?? '')).toEqual({
    loadBalanceId: 'lb-d0k8y3pn',
    domain: 'checkout.example.co.id',
    port: 80,
    protocol: 'HTTP',
    url: '/',
    weight: 10,
  });
});
