// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { DnsRecord, IgtmInstance, LoadBalancer } from '@/lib/estate/model';
import { renderPage } from '@/testing/components/test-page';
import { testConnectionView } from '@/testing/components/test-plan-view';
import { testEstate, testLoadBalancer, testRecord } from '@/testing/plan/test-estate';
import { BalancerDetail } from './detail-balancer';
import { HostDetail } from './detail-host';

afterEach(cleanup);

/** Returns the values of the rows with a name. */
function values(name: string): readonly (string | null | undefined)[] {
  const rows = screen.queryAllByRole('term').filter(({ textContent }) => textContent === name);
  for (const { nextElementSibling } of rows)
    expect(screen.getAllByRole('definition')).toContain(nextElementSibling);
  return rows.map(({ nextElementSibling }) => nextElementSibling?.textContent);
}

const context = { connection: testConnectionView, onSelect: () => {} };

function showBalancer(change: object) {
  const subject = LoadBalancer.parse(testLoadBalancer('lb-cvm', change));
  renderPage(<BalancerDetail subject={subject} estate={testEstate()} {...context} />);
}

const cluster = { 'tke-clusterId': 'cls-1' };
const guarded = (operatorUin: string | null) => ({ operationProtection: { operatorUin, note: '' } });

it.each([
  ['Kubernetes', { tags: { ...cluster, 'tke-createdBy-flag': 'yes' } }, 'Other owner', 'Kubernetes cls-1'],
  ['a re-used one', { tags: cluster }, 'Other owner', 'Kubernetes cls-1, maybe no longer'],
  ['protection', guarded('100001'), 'Operation protection', 'Changes are refused; set by 100001'],
  ['protection by an unknown actor', guarded(null), 'Operation protection', 'Changes are refused'],
  ['Terraform', { tags: { 'managed-by': 'terraform' } }, 'Tags', 'managed-by=terraform'],
])('shows of a load balancer: %s', (_, change, name, value) => {
  showBalancer(change);
  expect(values(name)).toEqual([value]);
});

it('shows no owner and no protection of a load balancer without marks', () => {
  showBalancer({});
  expect([...values('Other owner'), ...values('Operation protection'), ...values('Tags')]).toEqual([]);
});

const host = 'flash.example.co.id';

function showName(monitored: boolean, igtm: readonly IgtmInstance[] = []) {
  const record = DnsRecord.parse(testRecord(2, 'flash', '127.77.1.1', { monitored }));
  const node = { id: `host:${host}`, kind: 'host', host, records: [{ record, leads: true }] } as const;
  renderPage(<HostDetail subject={node} estate={testEstate({ igtm })} {...context} />);
}

it('shows of a name that D-monitoring and IGTM change it', () => {
  const instance = { id: 'gtm-1', name: 'sale', domain: host, accessName: 'sale.gtm.example', enabled: true };
  showName(true, [IgtmInstance.parse(instance)]);
  expect(screen.getByRole('heading', { name: 'IGTM' })).toBeTruthy();
  expect(values('Other owner')).toEqual(['D-monitoring', 'sale']);
  expect(values('Access name')[0]).toContain('sale.gtm.example');
});

it('shows no owner of a name that neither changes', () => {
  showName(false);
  expect(screen.queryByRole('heading', { name: 'IGTM' })).toBeNull();
  expect(values('Other owner')).toEqual([]);
});
