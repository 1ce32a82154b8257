import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, it } from 'vitest';
import { judgeIngress } from '@/lib/preflight/servers/target-access';
import type { IngressRule } from './network-model';

const accept = (source: string | null, ports = 'ALL', protocol: string | null = 'TCP'): IngressRule => ({
  action: 'ACCEPT',
  source,
  ports,
  protocol,
});
const drop = (...given: Parameters<typeof accept>): IngressRule => ({ ...accept(...given), action: 'DROP' });
const judge = (...ingress: IngressRule[]) =>
  judgeIngress([{ id: 'sg-1', region: 'ap-singapore', ingress }], 8080);
const all = '0.0.0.0/0';

it.each([
  ['no rule', [], 'closed'],
  ['everyone', [accept(all)], 'open'],
  ['everyone on the port', [accept(all, '8080')], 'open'],
  ['everyone on a span', [accept(all, '8000-9000')], 'open'],
  ['everyone on one of several', [accept(all, '80, 8080')], 'open'],
  ['everyone by any protocol', [accept(all, 'ALL', 'ALL')], 'open'],
  ['another port', [accept(all, '80,443'), accept(all, '8081-9000')], 'closed'],
  ['another protocol', [accept(all, 'ALL', 'UDP')], 'closed'],
  ['an inner network', [accept('10.0.0.0/8')], 'partly'],
  ['everyone but a network', [drop('10.0.0.0/8'), accept(all)], 'partly'],
  ['no clients, above all clients', [drop(all), accept(all)], 'closed'],
  ['all clients, above no clients', [accept(all), drop(all)], 'open'],
  ['IPv6 only', [accept('::/0')], 'closed'],
  ['a template', [accept(null)], 'unknown'],
  ['ports of a template', [accept(all, '', null)], 'unknown'],
  ['a template, then everyone', [accept(null), accept(all)], 'open'],
  ['all but a template', [drop(null), accept(all)], 'unknown'],
  ['no clients, above a template', [drop(all), accept(null)], 'closed'],
] as const)('of %s', (_, rules, expected) => {
  expect(judge(...rules)).toBe(expected);
});

it('applies groups in the order of their binding', () => {
  const group = (...ingress: IngressRule[]) => ({ id: 'sg', region: 'ap-singapore', ingress });
  expect(judgeIngress([group(drop(all)), group(accept(all))], 80)).toBe('closed');
  expect(judgeIngress([group(accept(all)), group(drop(all))], 80)).toBe('open');
  expect(judgeIngress([], 80)).toBe('closed');
});

it('reports open or closed only if every address is allowed, or none', () => {
  const blocks = [all, '10.0.0.0/8', '10.1.0.0/16', '203.0.113.7/32', '192.168.0.0/16'];
  const addresses = ['10.1.2.3', '10.200.0.1', '203.0.113.7', '192.168.3.4', '8.8.8.8'];
  const anyRule = fc.record({
    action: fc.constantFrom<IngressRule['action']>('ACCEPT', 'DROP'),
    protocol: fc.constantFrom('TCP', 'UDP', 'ALL'),
    ports: fc.constantFrom('ALL', '8080', '80', '8000-8100', '80,8080'),
    source: fc.constantFrom(...blocks),
  });
  const fits = ({ protocol, ports, source }: IngressRule, address: string) =>
    protocol !== 'UDP' &&
    ports !== '80' &&
    ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(source ?? ''));
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), (rules) => {
      const letIn = addresses.filter(
        (address) => rules.find((rule) => fits(rule, address))?.action === 'ACCEPT',
      );
      const judged = judge(...rules);
      if (judged === 'open') expect(letIn).toEqual(addresses);
      if (judged === 'closed') expect(letIn).toEqual([]);
      expect(judged).not.toBe('unknown');
    }),
  );
});
