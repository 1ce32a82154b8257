import { afterAll, beforeAll, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ seed: 'flash-sale' });
});
afterAll(() => cloud.plane.stop());

type Binding = {
  readonly account?: string;
  readonly region?: string;
  readonly loadBalancer: string;
  readonly protocol?: string;
  readonly domain: string;
  readonly functions?: readonly string[];
  readonly namespace?: string;
  readonly qualifier?: string;
};

/** Binds by names, as an operator selects them; a layer-4 listener has no rule to name. */
async function bind(binding: Binding): Promise<string> {
  const {
    account = 'niaga',
    region = 'ap-singapore',
    functions = ['storefront'],
    protocol = 'HTTP',
  } = binding;
  const { namespace = 'flash', qualifier = '1' } = binding;
  const { clb } = cloud.clients({ account, region });
  const lb = Object.values(cloud.account(account).loadBalancers).find(
    (each) => each.name === binding.loadBalancer,
  );
  const listener = lb?.listeners.find((each) => each.protocol === protocol);
  return catchCode(
    clb.RegisterFunctionTargets({
      LoadBalancerId: lb?.id ?? '',
      ListenerId: listener?.id ?? '',
      Domain: binding.domain,
      Url: '/',
      FunctionTargets: functions.map((name) => ({
        Function: { FunctionNamespace: namespace, FunctionName: name, FunctionQualifier: qualifier },
      })),
    }),
  );
}

const teaser = { loadBalancer: 'lb-sin-flash', domain: 'teaser.example.co.id' };
const outlet = { account: 'niaga-lama', namespace: 'default', functions: ['outlet'], qualifier: '$LATEST' };
const jakarta = { region: 'ap-jakarta', loadBalancer: 'lb-jkt-shop' };
const guangzhou = { region: 'ap-guangzhou' };

/** One object of the seed for each restriction, so that each can also be reached in the UI. */
test.each<[string, Binding, string]>([
  ['R1 region', { ...jakarta, domain: 'flash.example.co.id' }, 'FailedOperation'],
  [
    'R2 account',
    { ...outlet, loadBalancer: 'lb-sin-outlet', domain: 'sale.example.my.id' },
    'FailedOperation',
  ],
  ['R3 classic', { loadBalancer: 'lb-sin-classic', domain: 'flash.example.co.id' }, 'InvalidParameterValue'],
  [
    'R4 network',
    { ...guangzhou, loadBalancer: 'lb-gz-old', domain: 'flash.example.co.id' },
    'InvalidParameterValue',
  ],
  ['R6 IPv6', { loadBalancer: 'lb-sin-mobile', domain: 'flash.example.co.id' }, 'InvalidParameterValue'],
  ['R7 TCP', { ...teaser, protocol: 'TCP' }, 'InvalidParameter.ProtocolCheckFailed'],
  [
    'R8 QUIC listener',
    { loadBalancer: 'lb-sin-api', protocol: 'QUIC', domain: 'api.example.co.id' },
    'InvalidParameter.ProtocolCheckFailed',
  ],
  [
    'R8 QUIC domain',
    { loadBalancer: 'lb-sin-flash', protocol: 'HTTPS', domain: 'app.example.co.id' },
    'InvalidParameter.ProtocolCheckFailed',
  ],
  ['R9 type', { ...teaser, functions: ['storefront-web'], qualifier: '$LATEST' }, 'InvalidParameterValue'],
  ['R10 in the call', { ...teaser, functions: ['storefront', 'checkout'] }, 'LimitExceeded'],
  ['R10 on the rule', { loadBalancer: 'lb-sin-checkout', domain: 'checkout.example.co.id' }, 'LimitExceeded'],
  ['R13 qualifier', { ...teaser, qualifier: '7' }, 'ResourceNotFound'],
  ['R17 servers', { loadBalancer: 'lb-sin-flash', domain: 'event.example.co.id' }, 'InvalidParameterValue'],
  // R5: the function is in Singapore; NAT64 itself would be fine.
  [
    'R5 region',
    { ...guangzhou, loadBalancer: 'lb-gz-partner', domain: 'promo.example.co.id' },
    'ResourceNotFound',
  ],
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
