import { describe, expect, it } from 'vitest';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { probeHint } from './probe-hint';

const [jakarta, singapore] = testTopologyEstate.loadBalancers;
const [web, tcp, https] = testTopologyEstate.listeners;
const [shop, , checkout] = testTopologyEstate.rules;
if (!jakarta || !singapore || !web || !tcp || !https || !shop || !checkout) {
  throw new Error('the test estate has all of these');
}

const sandbox = { kind: 'sandbox', portOffset: 0 } as const;
const tencent = { kind: 'tencent', portOffset: 0 } as const;

describe('probeHint', () => {
  it('uses the served port where privileged ports can’t be bound', () => {
    expect(probeHint(jakarta, web, shop, { kind: 'sandbox', portOffset: 20_000 })).toMatchObject({
      text: expect.stringContaining(':20080/'),
    });
  });

  it('uses the served address where this system has none for the VIP', () => {
    const dial = { '127.77.0.10:80': '127.0.0.1:50123', '127.77.0.20:443': '127.0.0.1:50124' };
    expect(probeHint(jakarta, web, shop, { ...sandbox, dial })).toEqual({
      kind: 'command',
      text: "curl -H 'Host: shop.example.co.id' 'http://127.0.0.1:50123/'",
    });
    expect(probeHint(singapore, https, checkout, { ...sandbox, dial })).toMatchObject({
      text: expect.stringContaining('--connect-to checkout.example.co.id:443:127.0.0.1:50124'),
    });
  });

  it('requests an HTTP listener at its VIP, with the domain of the rule as Host', () => {
    expect(probeHint(jakarta, web, shop, sandbox)).toEqual({
      kind: 'command',
      text: "curl -H 'Host: shop.example.co.id' 'http://127.77.0.10/'",
    });
    expect(probeHint(jakarta, { ...web, port: 8080 }, shop, sandbox)).toMatchObject({
      text: "curl -H 'Host: shop.example.co.id' 'http://127.77.0.10:8080/'",
    });
  });

  it('reports that the sandbox responds only on layer 7', () => {
    expect(probeHint(jakarta, tcp, undefined, sandbox)).toEqual({ kind: 'notInSandbox' });
  });

  it('requests an HTTPS listener by its domain, and accepts the certificate of the sandbox', () => {
    expect(probeHint(singapore, https, checkout, { ...sandbox, portOffset: 20_000 })).toEqual({
      kind: 'command',
      text: "curl --insecure --connect-to checkout.example.co.id:443:127.77.0.20:20443 'https://checkout.example.co.id/'",
    });
    expect(probeHint(singapore, https, checkout, tencent)).toEqual({
      kind: 'command',
      text: "curl --connect-to checkout.example.co.id:443:127.77.0.20:443 'https://checkout.example.co.id/'",
    });
  });

  it('returns the bare address of a layer-4 listener', () => {
    expect(probeHint(jakarta, tcp, undefined, tencent)).toEqual({
      kind: 'address',
      text: '127.77.0.10:9000',
    });
  });

  it('returns nothing for a domain that can’t be typed', () => {
    expect(probeHint(jakarta, web, { ...shop, domain: "~^x'$" }, sandbox)).toBeNull();
    expect(probeHint({ ...jakarta, vips: [] }, web, shop, sandbox)).toBeNull();
  });
});
