import { expect, it } from 'vitest';
import { testEstate, testListener, testLoadBalancer, testRecord, testRule } from '@/testing/plan/test-estate';
import { servingListeners } from './serving-listeners';

const base = testEstate();
const flash = 'flash.example.co.id';
const place = { region: 'ap-singapore', loadBalancerId: 'lb-cvm', listenerId: 'lbl-lb-cvm' };
const serving = {
  ...place,
  loadBalancer: 'lb-cvm',
  listener: 'HTTP:80',
  names: [flash],
  domains: [flash],
  others: 1,
};

it('finds the listener that DNS points a name at, and counts its other domains', () => {
  expect(servingListeners(base, [flash])).toEqual([serving]);
  expect(servingListeners(base, [flash, 'shop.example.co.id'])).toEqual([
    {
      ...serving,
      names: [flash, 'shop.example.co.id'],
      domains: [flash, 'shop.example.co.id'],
      others: 0,
    },
  ]);
});

it('finds all listeners if records point at several load balancers, except those without a rule for the name', () => {
  const estate = testEstate({
    loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] })],
    listeners: [...base.listeners, testListener('lb-cvm', { id: 'lbl-tls', protocol: 'HTTPS', port: 443 })],
    records: [testRecord(12, 'flash', '127.77.1.1'), testRecord(13, 'flash', '127.77.1.2')],
    rules: [...base.rules, testRule('loc-b', 'lb-scf', flash)],
  });
  expect(servingListeners(estate, [flash]).map(({ listenerId }) => listenerId)).toEqual([
    'lbl-lb-cvm',
    'lbl-lb-scf',
  ]);
});

it('finds none if no enabled record points at a load balancer', () => {
  const off = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1', { enabled: false })] });
  expect(servingListeners(off, [flash])).toEqual([]);
  expect(servingListeners(base, ['new.example.co.id'])).toEqual([]);
});

it('lists the domains of the rules unchanged, including wildcards', () => {
  const estate = testEstate({
    rules: [...base.rules, testRule('loc-w', 'lb-cvm', '*.example.co.id')],
    records: [testRecord(12, 'sale', '127.77.1.1')],
  });
  expect(servingListeners(estate, ['sale.example.co.id'])).toMatchObject([
    { names: ['sale.example.co.id'], domains: ['*.example.co.id'], others: 2 },
  ]);
});
