import { afterAll, beforeAll, expect, test } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { SplitDiversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import type { CheckId } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { catchRefusal, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import { SwitchableClock } from './world/clock';

/** Lane B as an operator selects it in the editor's lists. */
type Choice = {
  readonly account: 'niaga' | 'niaga-lama';
  readonly loadBalancer: string;
  readonly protocol: string;
  /** The domain of the existing rule; layer-4 listeners have none. */
  readonly domain: string;
  /** `namespace/name:qualifier` */
  readonly function: string;
};

/** The guide's seven (https://www.tencentcloud.com/document/product/214/39790), Event type, one function per rule. */
const restrictions: readonly CheckId[] = [
  'region',
  'account-type',
  'generation',
  'network',
  'same-region',
  'ip-version',
  'listener-protocol',
  'function-type',
  'one-function',
];

const usual: Choice = {
  account: 'niaga',
  loadBalancer: 'lb-sin-flash',
  protocol: 'HTTP',
  domain: 'teaser.example.co.id',
  function: 'flash/storefront:1',
};

const legacy = {
  account: 'niaga-lama',
  loadBalancer: 'lb-sin-outlet',
  protocol: 'HTTP',
  domain: 'sale.example.my.id',
  function: 'default/outlet:$LATEST',
} as const;
const flash = 'flash.example.co.id';
const ofProtocol = 'InvalidParameter.ProtocolCheckFailed';

/** The restriction, what the choice has instead of the usual, and the sandbox's response to the binding. */
const cases: readonly (readonly [CheckId, Partial<Choice>, code: string, message: string])[] = [
  ['region', { loadBalancer: 'lb-jkt-shop', domain: flash }, 'FailedOperation', 'The region ap-jakarta'],
  ['account-type', legacy, 'FailedOperation', 'bill-by-IP'],
  [
    'generation',
    { loadBalancer: 'lb-sin-classic', domain: flash },
    'InvalidParameterValue',
    'Classic CLB instance',
  ],
  ['network', { loadBalancer: 'lb-gz-old', domain: flash }, 'InvalidParameterValue', 'classic network'],
  [
    'same-region',
    { loadBalancer: 'lb-gz-partner', domain: 'promo.example.co.id' },
    'ResourceNotFound',
    'does not exist in ap-guangzhou',
  ],
  [
    'ip-version',
    { loadBalancer: 'lb-sin-mobile', domain: flash },
    'InvalidParameterValue',
    'IPv6 CLB instance',
  ],
  ['listener-protocol', { protocol: 'TCP' }, ofProtocol, 'is TCP'],
  [
    'listener-protocol',
    { loadBalancer: 'lb-sin-api', protocol: 'QUIC', domain: 'api.example.co.id' },
    ofProtocol,
    'is QUIC',
  ],
  ['function-type', { function: 'flash/storefront-web:$LATEST' }, 'InvalidParameterValue', 'of type HTTP'],
  [
    'one-function',
    { loadBalancer: 'lb-sin-checkout', domain: 'checkout.example.co.id' },
    'LimitExceeded',
    'One rule takes one function',
  ],
];

let cloud: TestCloud;
const estates = new Map<string, Estate>();
beforeAll(async () => {
  // Time passes: reading an estate takes more requests than the rate of one second allows.
  cloud = await startTestCloud({ seed: 'flash-sale', clock: new SwitchableClock() });
  for (const account of ['niaga', 'niaga-lama']) estates.set(account, await readEstate(account));
});
afterAll(() => cloud.plane.stop());

function readEstate(account: string): Promise<Estate> {
  const { secretId, secretKey } = cloud.keys(account);
  const connection = CloudConnection.parse({
    id: account,
    name: account,
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    regions: ['ap-jakarta', 'ap-singapore', 'ap-guangzhou'],
    secretId,
    secretKey,
    dns: null,
    portOffset: 0,
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  return createTencentCloud(connection, { now: () => new Date(), log }).readEstate(() => {});
}

/** Resolves the choice to ids, all of them from the estate that the app itself has read. */
function found(choice: Choice) {
  const estate = estates.get(choice.account);
  const loadBalancer = estate?.loadBalancers.find((each) => each.name === choice.loadBalancer);
  const listener = estate?.listeners.find(
    (each) => each.loadBalancerId === loadBalancer?.id && each.protocol === choice.protocol,
  );
  if (!estate || !loadBalancer || !listener)
    throw new Error(`not in the estate: ${choice.loadBalancer} ${choice.protocol}`);
  const rule = estate.rules.find(
    (each) => each.listenerId === listener.id && each.domain === choice.domain && each.url === '/',
  );
  const [namespace = '', name = '', qualifier = ''] = choice.function.split(/[/:]/);
  const fn = estate.functions.find((each) => each.namespace === namespace && each.name === name);
  if (!fn) throw new Error(`not in the estate: ${choice.function}`);
  return { estate, loadBalancer, listener, rule, fn: { region: fn.region, namespace, name, qualifier } };
}

function listBlocks(choice: Choice): readonly CheckId[] {
  const { estate, loadBalancer, listener, rule, fn } = found(choice);
  const place = { domain: choice.domain, loadBalancerId: loadBalancer.id, listenerId: listener.id };
  const fresh = { kind: 'new', url: '/' };
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'A choice',
    routes: [
      // A Split has two sides; this one only has to exist.
      { to: 'cvm', ...place, rule: { kind: 'new', url: '/cvm' }, addTargets: [] },
      {
        to: 'function',
        ...place,
        rule: rule ? { kind: 'existing', ruleId: rule.id } : fresh,
        function: fn,
        expectedBody: 'Flash sale',
      },
    ],
  });
  return preflight({ estate, diversion })
    .filter(({ status }) => status === 'block')
    .map(({ check }) => check);
}

function bind(choice: Choice) {
  const { loadBalancer, listener, fn } = found(choice);
  const { clb } = cloud.clients({ account: choice.account, region: loadBalancer.region });
  return clb.RegisterFunctionTargets({
    LoadBalancerId: loadBalancer.id,
    ListenerId: listener.id,
    Domain: choice.domain,
    Url: '/',
    FunctionTargets: [
      {
        Function: {
          FunctionNamespace: fn.namespace,
          FunctionName: fn.name,
          FunctionQualifier: fn.qualifier,
        },
      },
    ],
  });
}

test('the seed has a choice for each of the nine binding restrictions', () => {
  expect([...new Set(cases.map(([check]) => check))]).toEqual(restrictions);
});

test.each(cases)('%s: %j', async (check, instead, code, message) => {
  const choice = { ...usual, ...instead };
  expect(listBlocks(choice)).toContain(check);
  const refusal = await catchRefusal(bind(choice));
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(message);
});

test('the usual choice is allowed by preflight and by the sandbox', async () => {
  expect(listBlocks(usual).filter((check) => restrictions.includes(check))).toEqual([]);
  expect(await bind(usual)).toHaveProperty('RequestId');
});
