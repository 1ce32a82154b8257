import { describe, expect, it } from 'vitest';
import { AccessDiversion } from '@/lib/diversion/diversion';
import { planDiversion } from '@/lib/plan/plan-diversion';
import {
  testEstate,
  testFunctionRoute,
  testListener,
  testRecord,
  testSplit,
} from '@/testing/plan/test-estate';
import { accessAddresses, curlLine } from './access-addresses';

const listeners = [
  testListener('lb-scf'),
  testListener('lb-scf', { id: 'lbl-tls', protocol: 'HTTPS', port: 8443, certificateId: 'cert-1' }),
];
const estate = testEstate({ listeners });
const access = AccessDiversion.parse({
  kind: 'access',
  name: 'Sale page',
  routes: [
    testFunctionRoute(),
    testFunctionRoute({ listenerId: 'lbl-tls', rule: { kind: 'new', url: '/promo' } }),
  ],
});

function addresses() {
  const plan = planDiversion({ estate, diversion: access, keepAliveS: 75 });
  return plan.ok ? accessAddresses(plan.value) : [];
}

describe('the addresses of an Access', () => {
  it('consist of name, path and non-default port, each once', () => {
    expect(addresses().map(({ url }) => url)).toEqual([
      'http://flash.example.co.id/',
      'https://flash.example.co.id:8443/promo',
    ]);
  });

  it('are empty for other kinds', () => {
    const plan = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
    expect(plan.ok && accessAddresses(plan.value)).toEqual([]);
  });

  it('are requested by name on a real account', () => {
    const lines = addresses().map((each) => curlLine(each, { kind: 'tencent', portOffset: 0 }, null));
    expect(lines[0]).toBe("curl 'http://flash.example.co.id/'");
  });

  it('are requested at the load balancer in a sandbox after the name points at it', () => {
    const sandbox = { kind: 'sandbox', portOffset: 20_000 } as const;
    const [first, second] = addresses();
    if (!first || !second) throw new Error('two addresses');
    expect(curlLine(first, sandbox, testEstate({ records: [] }))).toBeNull();
    const moved = testEstate({ records: [testRecord(12, 'flash', '127.77.1.2')] });
    expect(curlLine(first, sandbox, moved)).toBe(
      "curl --connect-to flash.example.co.id:80:127.77.1.2:20080 'http://flash.example.co.id/'",
    );
    expect(curlLine(second, sandbox, moved)).toBe(
      "curl --insecure --connect-to flash.example.co.id:8443:127.77.1.2:8443 'https://flash.example.co.id:8443/promo'",
    );
    const dial = { '127.77.1.2:80': '127.0.0.1:50124' };
    expect(curlLine(first, { ...sandbox, dial }, moved)).toContain('flash.example.co.id:80:127.0.0.1:50124');
  });
});
