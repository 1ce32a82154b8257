import { describe, expect, it } from 'vitest';
import {
  testAccount,
  testClbQuota,
  testCustomConfig,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testScfAccount,
  testSplit,
} from '@/testing/plan/test-estate';
import { testedConditions } from '@/testing/preflight/build-test-invocation';
import type { Finding } from './model/model';
import { stops } from './model/stops';
import { preflight } from './preflight';

/*
 * What the cloud's guide on binding functions to load balancers allows and refuses, as it lists it
 * (https://www.tencentcloud.com/document/product/214/39790). What newer pages say differently is noted at its place.
 * `lib/sandbox/preflight-agreement.test.ts` compares the refusals with those of the sandbox.
 */

type Given = {
  readonly region?: string;
  readonly loadBalancer?: object;
  readonly listener?: object;
  readonly account?: object;
  readonly functionRegion?: string;
  readonly qualifier?: string;
};

/** Returns the findings of a Split whose function side has these properties, and is otherwise as it should be. */
function findings({
  region = 'ap-singapore',
  loadBalancer = {},
  listener = {},
  account = {},
  functionRegion = region,
  qualifier = '1',
}: Given): readonly Finding[] {
  const alias = { name: 'live', version: '1', additional: null };
  const estate = testEstate({
    account: testAccount(account),
    regions: [region],
    records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1', { ttlS: 600 })],
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { region, vips: ['127.77.1.2'], ...loadBalancer }),
    ],
    listeners: [testListener('lb-cvm'), testListener('lb-scf', listener)],
    functions: [testFunction({ region: functionRegion, aliases: [alias] })],
    customConfigs: [testCustomConfig({ region })],
    clbQuotas: [testClbQuota(), testClbQuota({ region })],
    scfAccounts: [testScfAccount({ region })],
  });
  const diversion = testSplit({
    function: { region: functionRegion, namespace: 'flash', name: 'storefront', qualifier },
  });
  return preflight({ estate, diversion, conditions: testedConditions(estate) });
}

const blocks = (given: Given) => findings(given).filter(stops);

/** The guide's nine regions. Newer pages name two finance regions, too, and no longer name Mumbai, which is a warning. */
const regions = [
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
  'ap-singapore',
  'ap-mumbai',
  'ap-tokyo',
  'na-siliconvalley',
];

describe('the guide allows', () => {
  it.each(regions)('binding in %s', (region) => {
    expect(blocks({ region })).toEqual([]);
    const own = findings({ region }).filter(({ check }) => check === 'region');
    expect(own).toMatchObject([{ status: region === 'ap-mumbai' ? 'warn' : 'pass' }]);
  });

  it('load balancers of IPv4 and of IPv6 NAT64', () => {
    expect(blocks({})).toEqual([]);
    const nat64 = { addressFamily: 'ipv6-nat64', ipv6: '2001:db8::2' };
    expect(findings({ loadBalancer: nat64 }).filter(({ check }) => check === 'ip-version')).toMatchObject([
      { status: 'pass' },
    ]);
  });

  it('functions across VPCs', () => {
    expect(blocks({ loadBalancer: { vpcId: 'vpc-2' } })).toEqual([]);
  });

  it.each(['HTTP', 'HTTPS'])('%s listeners', (protocol) => {
    const certificate = protocol === 'HTTPS' ? { certificateId: 'cert-1', certificateIds: ['cert-1'] } : {};
    expect(
      findings({ listener: { protocol, ...certificate } }).filter(
        ({ check }) => check === 'listener-protocol',
      ),
    ).toMatchObject([{ status: 'pass' }]);
  });

  it.each(['1', 'live', '$LATEST'])('the version or alias %s of a function', (qualifier) => {
    expect(blocks({ qualifier })).toEqual([]);
  });
});

describe('the guide refuses', () => {
  it.each([
    ['a region that it does not list', { region: 'ap-jakarta' }, 'region.unsupported'],
    ['accounts billed by CVM', { account: { networkAccountType: 'LEGACY' } }, 'account-type.legacy'],
    ['classic load balancers', { loadBalancer: { generation: 'classic' } }, 'generation.classic'],
    ['the classic network', { loadBalancer: { vpcId: null } }, 'network.classicNetwork'],
    ['functions of another region', { functionRegion: 'ap-guangzhou' }, 'same-region.differs'],
    ['IPv6', { loadBalancer: { addressFamily: 'ipv6-full-chain' } }, 'ip-version.fullChain'],
    ...['TCP', 'UDP', 'TCP_SSL', 'QUIC'].map(
      (protocol) =>
        [`${protocol} listeners`, { listener: { protocol } }, 'listener-protocol.protocol'] as const,
    ),
  ] as const)('%s', (_, given, why) => {
    expect(blocks(given).map((finding) => finding.why)).toContain(why);
  });
});
