// @vitest-environment happy-dom

import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chooseInEditor, never, openEditor, press, type } from '@/testing/components/test-editor';
import {
  testAccount,
  testFunction,
  testListener,
  testLoadBalancer,
  testRule,
} from '@/testing/plan/test-estate';

afterEach(cleanup);
beforeEach(() => sessionStorage.clear());

const binding = {
  namespace: 'flash',
  name: 'checkout',
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
};

/*
 * The objects that a function can't be bound to, by their names in the seed `flash-sale`:
 * lib/sandbox/preflight-agreement.test.ts proves that the sandbox refuses each of these choices in that seed.
 */
const objects = {
  loadBalancers: [
    testLoadBalancer('lb-sin-flash', { vips: ['127.77.1.2'] }),
    testLoadBalancer('lb-jkt-shop', { region: 'ap-jakarta' }),
    testLoadBalancer('lb-sin-classic', { generation: 'classic' }),
    testLoadBalancer('lb-gz-old', { region: 'ap-guangzhou', vpcId: null }),
    testLoadBalancer('lb-gz-partner', { region: 'ap-guangzhou', vpcId: 'vpc-gz' }),
    testLoadBalancer('lb-sin-mobile', { addressFamily: 'ipv6-full-chain', ipv6: '2001:db8::1' }),
    testLoadBalancer('lb-sin-checkout'),
  ],
  listeners: [
    ...['sin-flash', 'jkt-shop', 'sin-classic', 'gz-old', 'gz-partner', 'sin-mobile', 'sin-checkout'].map(
      (name) => testListener(`lb-${name}`),
    ),
    testListener('lb-sin-flash', { id: 'lbl-tcp', protocol: 'TCP', port: 9000 }),
    testListener('lb-sin-flash', { id: 'lbl-quic', protocol: 'QUIC', port: 443 }),
  ],
  rules: [testRule('loc-sale', 'lb-sin-checkout', 'flash.example.co.id', { functions: [binding] })],
  functions: [testFunction(), testFunction({ name: 'storefront-web', type: 'HTTP' })],
  regions: ['ap-singapore', 'ap-jakarta', 'ap-guangzhou'],
};

/** Chooses in an Access of flash.example.co.id; a backend is chosen last. */
async function choose(
  { loadBalancer = /^lb-sin-flash/, listener = /HTTP:80/, backend = /storefront:1/ },
  account = {},
) {
  await openEditor(never, {
    asked: { kind: 'access', domain: 'flash.example.co.id' },
    change: { ...objects, account: testAccount(account) },
  });
  const sheet = within(screen.getByRole('region', { name: 'Published name' }));
  await chooseInEditor(sheet, 'Load balancer', loadBalancer);
  if (sheet.getByRole('combobox', { name: 'Listener' }).textContent?.match(listener) == null)
    await chooseInEditor(sheet, 'Listener', listener);
  await chooseInEditor(sheet, 'Backend', backend);
  return sheet;
}

/**
 * The guide's seven restrictions (https://www.tencentcloud.com/document/product/214/39790), Event type, one function
 * per rule; the second half of the last one is QUIC as a listener has it.
 */
it.each([
  [
    'Region',
    'Load balancer',
    { loadBalancer: /lb-jkt-shop/ },
    "Functions can't be bound in ap-jakarta, the region of lb-jkt-shop.",
  ],
  [
    'Load balancer type',
    'Load balancer',
    { loadBalancer: /lb-sin-classic/ },
    'lb-sin-classic is a classic load balancer.',
  ],
  ['VPC network', 'Load balancer', { loadBalancer: /lb-gz-old/ }, 'lb-gz-old is on the classic network.'],
  [
    'Same region',
    'Backend',
    { loadBalancer: /lb-gz-partner/ },
    /is in ap-singapore, lb-gz-partner in ap-guangzhou\./,
  ],
  [
    'IP version',
    'Load balancer',
    { loadBalancer: /lb-sin-mobile/ },
    'lb-sin-mobile is a full-chain IPv6 load balancer.',
  ],
  ['Listener protocol', 'Listener', { listener: /TCP:9000/ }, 'TCP:9000 is not an HTTP or HTTPS listener.'],
  ['Listener protocol', 'Listener', { listener: /QUIC:443/ }, 'QUIC:443 is not an HTTP or HTTPS listener.'],
  ['Event function', 'Backend', { backend: /storefront-web:1/ }, 'flash/storefront-web is an HTTP function.'],
  [
    'One function per rule',
    'Forwarding rule',
    { loadBalancer: /lb-sin-checkout/ },
    'flash.example.co.id/ is already bound to flash/checkout:1.',
  ],
  ['Account billing', 'Load balancer', {}, /is billed by CVM\./, { networkAccountType: 'LEGACY' }],
] as const)(
  '%s: is shown at %s and in the list of blocks',
  async (name, field, choice, says, account: object = {}) => {
    const sheet = await choose(choice, account);
    const control = sheet.getByRole('combobox', { name: field });
    expect(control.getAttribute('aria-invalid')).toBe('true');
    // Screen readers announce it: the text describes the control.
    const words = document.getElementById(control.getAttribute('aria-describedby') ?? '');
    expect(within(words as HTMLElement).getByText(says)).toBeTruthy();
    const blocks = within(screen.getByRole('region', { name: 'Checks' }));
    const entry = blocks.getAllByRole('listitem').find((item) => within(item).queryByText(name) !== null);
    await press(within(entry as HTMLElement).getByRole('button', { name: `flash.example.co.id: ${field}` }));
    expect(document.activeElement).toBe(control);
    expect(screen.getByRole('button', { name: 'Review plan' }).hasAttribute('disabled')).toBe(true);
  },
);

it('does not block the usual choice', async () => {
  const sheet = await choose({});
  await type(sheet, 'Expected answer text', 'Flash sale');
  expect(screen.getByRole('button', { name: 'Review plan' }).hasAttribute('disabled')).toBe(false);
});
