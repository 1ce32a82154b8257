import type { RewriteLocationMap } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { place, startBackendsTestCloud } from '@/testing/sandbox/services/clb/backends-test-cloud';

const backends = await startBackendsTestCloud();
const { clb } = backends;
beforeEach(() => backends.reset());
afterAll(() => backends.cloud.plane.stop());

const { LoadBalancerId: id } = place.http;
const listeners = { LoadBalancerId: id, SourceListenerId: 'lbl-cvm00001', TargetListenerId: 'lbl-tls00001' };
const pair = (
  SourceLocationId: string,
  TargetLocationId: string,
  more: Partial<RewriteLocationMap> = {},
) => ({
  SourceLocationId,
  TargetLocationId,
  ...more,
});
const toApp = pair('loc-shop0001', 'loc-app00001');
const redirect = (...infos: RewriteLocationMap[]) => clb.ManualRewrite({ ...listeners, RewriteInfos: infos });
const refusalCode = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;

async function redirects(given: object = {}) {
  const { RewriteSet: set } = await clb.DescribeRewrite({ LoadBalancerId: id, ...given });
  return set?.map(({ ListenerId: listener, Domain: domain, Url: url, RewriteTarget: to }) => [
    `${listener} ${domain}${url}`,
    `${to?.TargetListenerId} ${to?.TargetLocationId} ${to?.RewriteCode} ${to?.TakeUrl} ${to?.RewriteType}`,
  ]);
}

describe('ManualRewrite', () => {
  test('allows several sources for one target; codes and the URL as requested, or as assumed', async () => {
    const asked = { RewriteCode: 307, TakeUrl: false, SourceDomain: 'sale.example.com' };
    expect(await backends.settle(redirect(toApp, pair('loc-sale0001', 'loc-app00001', asked)))).toBe(0);
    expect(await redirects()).toEqual([
      ['lbl-cvm00001 shop.example.com/', 'lbl-tls00001 loc-app00001 302 true Manual'],
      ['lbl-cvm00001 sale.example.com/', 'lbl-tls00001 loc-app00001 307 false Manual'],
    ]);
    expect((await redirects({ SourceLocationIds: ['loc-sale0001'] }))?.length).toBe(1);
    expect(await redirects({ SourceListenerIds: ['lbl-tls00001'] })).toEqual([]);
  });

  test('uses the assumed status code that is set', async () => {
    backends.assume('rewrite.defaultCode', '301');
    await backends.settle(redirect(toApp));
    expect((await redirects())?.[0]?.[1]).toBe('lbl-tls00001 loc-app00001 301 true Manual');
  });

  test('allows one target per source, and no redirect from a target', async () => {
    await backends.settle(redirect(toApp));
    expect(await refusalCode(() => redirect(pair('loc-shop0001', 'loc-api00001')))).toBe(
      'InvalidParameter.RewriteAlreadyExist',
    );
    const back = { LoadBalancerId: id, SourceListenerId: 'lbl-tls00001', TargetListenerId: 'lbl-cvm00001' };
    const infos = (source: string, target: string) => ({ RewriteInfos: [pair(source, target)] });
    const exists = 'InvalidParameter.RewriteAlreadyExist';
    expect(
      await refusalCode(() => clb.ManualRewrite({ ...back, ...infos('loc-app00001', 'loc-sale0001') })),
    ).toBe(exists);
    expect(
      await refusalCode(() => clb.ManualRewrite({ ...back, ...infos('loc-api00001', 'loc-shop0001') })),
    ).toBe(exists);
    const here = { ...listeners, TargetListenerId: 'lbl-cvm00001' };
    expect(
      await refusalCode(() => clb.ManualRewrite({ ...here, ...infos('loc-sale0001', 'loc-sale0001') })),
    ).toBe(exists);
    expect(
      await refusalCode(() =>
        redirect(pair('loc-sale0001', 'loc-api00001'), pair('loc-sale0001', 'loc-app00001')),
      ),
    ).toBe(exists);
  });

  test.each<[string, object, string]>([
    ['no pairs', { RewriteInfos: [] }, 'InvalidParameterValue.Length'],
    [
      'a code without its URL',
      { RewriteInfos: [{ ...toApp, RewriteCode: 301, SourceDomain: 'shop.example.com' }] },
      'MissingParameter',
    ],
    [
      'a code without its domain',
      { RewriteInfos: [{ ...toApp, RewriteCode: 301, TakeUrl: true }] },
      'MissingParameter',
    ],
    [
      'another domain',
      { RewriteInfos: [{ ...toApp, SourceDomain: 'sale.example.com' }] },
      'InvalidParameterValue',
    ],
    [
      'a code that is none',
      { RewriteInfos: [{ ...toApp, RewriteCode: 308, TakeUrl: true, SourceDomain: 'shop.example.com' }] },
      'InvalidParameterValue',
    ],
    [
      'an unknown rule',
      { RewriteInfos: [pair('loc-none', 'loc-app00001')] },
      'InvalidParameter.LocationNotFound',
    ],
    [
      'layer 4',
      { SourceListenerId: 'lbl-tcp00001', RewriteInfos: [toApp] },
      'InvalidParameter.ProtocolCheckFailed',
    ],
  ])('refuses %s', async (_, given, code) => {
    expect(await refusalCode(() => clb.ManualRewrite({ ...listeners, RewriteInfos: [], ...given }))).toBe(
      code,
    );
  });
});
