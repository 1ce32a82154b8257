import { expect, it } from 'vitest';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';

const flash = 'flash.example.co.id';
const https = { protocol: 'HTTPS', port: 443 };
const certificate = (id: string, domain: string) => ({
  id,
  kind: 'SVR',
  domains: [domain],
  status: 'issued',
  notAfter: '2028-01-01T00:00:00Z',
});

/** Returns the load balancer suggested in place of a classic one, for a name that HTTP and HTTPS serve now. */
function suggested(
  candidates: readonly (readonly [id: string, change: object, listeners: readonly object[]])[],
) {
  const estate = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], generation: 'classic' }),
      ...candidates.map(([id, change], nth) =>
        testLoadBalancer(id, { vips: [`127.77.1.${nth + 5}`], ...change }),
      ),
    ],
    listeners: [
      testListener('lb-cvm'),
      testListener('lb-cvm', { ...https, id: 'lbl-s' }),
      testListener('lb-scf'),
      ...candidates.flatMap(([id, , listeners]) =>
        listeners.map((change, nth) => testListener(id, { id: `lbl-${id}-${nth}`, ...change })),
      ),
    ],
    rules: ['lbl-lb-cvm', 'lbl-s'].map((listenerId) =>
      testRule(`loc-${listenerId}`, 'lb-cvm', flash, { listenerId, targets: [testTarget()] }),
    ),
    certificates: [certificate('cert-own', '*.example.co.id'), certificate('cert-other', 'example.net')],
  });
  const finding = preflight({ estate, diversion: testSplit() }).find(
    ({ why }) => why === 'generation.classic',
  );
  return finding?.fix?.values.name;
}

const own = { ...https, certificateId: 'cert-own' };
const other = { ...https, certificateId: 'cert-other' };

it.each([
  [
    'with the ports that serve the name now',
    [
      ['lb-a', {}, [{}]],
      ['lb-b', {}, [{}, own]],
    ],
  ],
  [
    'whose certificate is for the name',
    [
      ['lb-a', {}, [{}, other]],
      ['lb-b', {}, [{}, own]],
    ],
  ],
  [
    'in the region of the function, before one with all ports elsewhere',
    [
      ['lb-a', { region: 'ap-jakarta' }, [{}, own]],
      ['lb-b', {}, [{}]],
    ],
  ],
] as const)('suggests the load balancer %s at any position in the list', (_, candidates) => {
  expect(suggested(candidates)).toBe('lb-b');
  expect(suggested(candidates.toReversed())).toBe('lb-b');
});
