// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { type CostUnknown, costItems } from '@/lib/capacity/prices/event-cost';
import planMessages from '@/lib/messages/en/plan.json';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { renderPage } from '@/testing/components/test-page';
import { testPlanView } from '@/testing/components/test-plan-view';
import { testEstate, testFunction, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';
import { CostPanel } from './cost-panel';

afterEach(cleanup);

const estate = testEstate({
  functions: [testFunction({ memoryMb: 256, timeoutS: 3 })],
  loadBalancers: [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', {
      vips: ['127.77.1.2'],
      slaType: 'clb.c3.small',
      internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
    }),
  ],
});

function show(expectedPeakRps: number | null = null) {
  const diversion = { ...testSplit({ provisioned: 100 }), expectedPeakRps };
  const planned = planDiversion({ estate, diversion, keepAliveS: 75 });
  if (!planned.ok) throw new Error('the test estate has everything that the Split names');
  renderPage(<CostPanel view={testPlanView({ plan: planned.value }, estate)} estate={estate} />);
  return within(screen.getByRole('region', { name: 'Event cost' }));
}
const total = (panel: ReturnType<typeof show>) =>
  Number(/At most \$([\d,.]+)/.exec(panel.getByText(/^At most/).textContent ?? '')?.[1]?.replace(',', ''));
const type = (panel: ReturnType<typeof show>, field: string, value: string) =>
  fireEvent.change(panel.getByLabelText(field), { target: { value } });

it('begins with the expected peak for two hours, and has a line for each item with its price and its date', () => {
  const panel = show(1000);
  const rows = panel.getAllByRole('row').slice(1);
  expect(rows.map((row) => row.querySelector('td')?.textContent)).toEqual([
    'Function calls flash/storefront, ap-singapore',
    'Function run time flash/storefront, ap-singapore',
    'Warm instances flash/storefront, ap-singapore',
    'Load balancer capacity lb-scf, ap-singapore',
    'Outbound traffic lb-scf, ap-singapore',
  ]);
  expect(rows[0]?.textContent).toMatch(/[\d,]+ calls0\.002 per 10,000 as of 2022-05-20, unverified\$1\.\d\d/);
  expect(rows[4]?.textContent).toContain('0.081 per GB as of 2021-11-02, unverified');
  expect(panel.getByText(/each call counts with its timeout/)).toBeTruthy();
  expect(panel.getByText(/your own contract prices are unknown/)).toBeTruthy();
});

it('follows the input, and asks for the load if it is unknown', () => {
  const panel = show();
  expect(panel.getByText(/Enter the average load/)).toBeTruthy();
  expect(panel.queryByText('Function calls')).toBeNull();
  type(panel, 'Average load', '500');
  const before = total(panel);
  expect(before).toBeGreaterThan(0);
  type(panel, 'T0 to T1', '4 h');
  expect(total(panel)).toBeGreaterThan(1.9 * before);
  type(panel, 'Call duration', '20');
  expect(total(panel)).toBeLessThan(1.9 * before);
  type(panel, 'T0 to T1', 'long');
  expect(panel.getByText('Enter a duration, such as 2 h or 90 min.')).toBeTruthy();
  expect(panel.queryByText(/^At most/)).toBeNull();
});

it('has a text for each item and each reason', () => {
  const { items, quantities, prices, unknown } = planMessages.eventCost;
  for (const words of [items, quantities, prices])
    expect(Object.keys(words).sort()).toEqual([...costItems].sort());
  const reasons: Readonly<Record<CostUnknown['why'], true>> = {
    noLoad: true,
    byTimeout: true,
    spread: true,
    unreadFunction: true,
    unreadWork: true,
    mayBeShared: true,
    unreadTraffic: true,
    byBandwidth: true,
    byServers: true,
    noPrice: true,
    functionTraffic: true,
    discounts: true,
  };
  expect(Object.keys(unknown).sort()).toEqual(Object.keys(reasons).sort());
});
