import { expect, it } from 'vitest';
import { testEstate } from '@/testing/plan/test-estate';
import { limitEstate } from './limit-estate';

const estate = testEstate({
  certificates: [
    {
      id: 'cert-1',
      kind: 'SVR',
      domains: ['shop.example.co.id', 'pay.example.co.id'],
      notAfter: null,
      status: 'issued',
    },
  ],
});

it('keeps everything that may be seen', () => {
  expect(limitEstate(estate, () => true)).toEqual(estate);
});

it('keeps nothing of a connection that may not be seen', () => {
  const left = limitEstate(estate, ({ connectionId }) => connectionId !== 'test');
  const lists = Object.entries(left).flatMap(([key, value]) =>
    key !== 'gaps' && Array.isArray(value) && value.length > 0 ? [key] : [],
  );
  expect(lists).toEqual([]);
});

it('limits rules, records and certificates by domain, and load balancers and functions not', () => {
  const left = limitEstate(estate, ({ domain }) => domain === undefined || domain === 'shop.example.co.id');
  expect(left.rules.map(({ domain }) => domain)).toEqual(['shop.example.co.id']);
  expect(left.records.map(({ subdomain }) => subdomain)).toEqual(['shop']);
  expect(left.certificates.map(({ domains }) => domains)).toEqual([['shop.example.co.id']]);
  // The zone of a record that may be seen.
  expect(left.zones).toEqual(estate.zones);
  expect(left.loadBalancers).toEqual(estate.loadBalancers);
  expect(left.functions).toEqual(estate.functions);
});

it('keeps of a rule with several domains those that may be seen', () => {
  const [rule] = estate.rules;
  const several = { ...estate, rules: [{ ...rule, domains: ['shop.example.co.id', 'pay.example.co.id'] }] };
  const left = limitEstate(
    several as typeof estate,
    ({ domain }) => domain === undefined || domain === 'pay.example.co.id',
  );
  expect(left.rules).toMatchObject([{ domain: 'pay.example.co.id', domains: ['pay.example.co.id'] }]);
});

it('leaves out what is in a load balancer’s region that may not be seen', () => {
  const left = limitEstate(estate, ({ region }) => region === undefined || region === 'ap-jakarta');
  expect([left.loadBalancers, left.listeners, left.rules, left.functions]).toEqual([[], [], [], []]);
  expect(left.regions).toEqual(['ap-jakarta']);
  expect(left.records).toEqual(estate.records);
});

it('leaves out the settings of triggers that name other domains', () => {
  const [fn] = estate.functions;
  const trigger = (kind: string, setting: string, description = '') => ({
    kind,
    name: kind,
    enabled: true,
    setting,
    description,
    qualifier: null,
  });
  const triggers = [
    trigger('clb', '{"domain":"shop.example.co.id","url":"/a"}'),
    trigger('clb', '{"domain":"Pay.example.co.id","url":"/"}'),
    trigger('clb', '{"domain":"*.example.co.id"}'),
    trigger('clb', '{"domain":"~^pay"}'),
    trigger('timer', '0 0 2 * * * *', 'calls pay.example.co.id'),
    trigger('cos', 'bucket-1.cos.ap-jakarta.myqcloud.com'),
  ];
  const several = { ...estate, functions: [{ ...fn, triggers }] } as typeof estate;
  const left = limitEstate(several, ({ domain }) => domain === undefined || domain === 'shop.example.co.id');
  expect(left.functions[0]?.triggers?.map(({ setting, description }) => [setting, description])).toEqual([
    ['{"domain":"shop.example.co.id","url":"/a"}', ''],
    ['', ''],
    ['', ''],
    ['', ''],
    ['0 0 2 * * * *', ''],
    ['', ''],
  ]);
  expect(limitEstate(several, () => true)).toEqual(several);
});
