// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { AccessDiversion } from '@/lib/diversion/diversion';
import { joinEstates } from '@/lib/estate/join-estates';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { parseRead } from '@/testing/components/parse-read';
import { renderPage } from '@/testing/components/test-page';
import { testRun } from '@/testing/components/test-run';
import { testEstate, testFunctionRoute, testLoadBalancer, testRecord } from '@/testing/plan/test-estate';
import { RunAccess } from './run-access';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('shows the address of a load balancer in another account of the plan', async () => {
  const own = testEstate({ loadBalancers: [testLoadBalancer('lb-cvm')], functions: [] });
  const loadBalancers = [testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] })];
  const other = testEstate({ connectionId: 'other', loadBalancers, rules: [] });
  const diversion = AccessDiversion.parse({
    kind: 'access',
    name: 'Sale page',
    connections: ['other'],
    routes: [testFunctionRoute()],
  });
  const planned = planDiversion({ estate: joinEstates(own, [other]), diversion, keepAliveS: 75 });
  invariant(planned.ok, 'both accounts have what the Access names');

  const records = [testRecord(12, 'flash', '127.77.1.2')];
  vi.stubGlobal('fetch', async (address: string) => {
    const { input } = parseRead<'estate.get'>(address);
    const estate = input === 'other' ? other : { ...own, records: testEstate({ records }).records };
    return Response.json({ estate, sync: { state: 'done' } });
  });
  const connection = { id: 'test', name: 'test', uin: null, portOffset: 20_000, isolation: null };
  renderPage(
    <RunAccess
      run={testRun({ plan: planned.value, state: 'done' })}
      connection={{ ...connection, kind: 'sandbox' }}
    />,
  );
  const line = "curl --connect-to flash.example.co.id:80:127.77.1.2:20080 'http://flash.example.co.id/'";
  expect(await screen.findByText(line)).toBeTruthy();
});
