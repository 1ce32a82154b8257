import { describe, expect, it } from 'vitest';
import { testSaleSwitch } from '@/testing/diversion/test-sale-switch';
import { DiversionDraft } from './draft';
import { toDraft } from './to-draft';

const draft = toDraft(testSaleSwitch);
const balancer = { id: 'n', name: '', region: '', network: 'OPEN', vpcId: '', subnetId: null };
const listener = { id: 'n', loadBalancerId: '', name: '', protocol: 'HTTP', port: 80, certificateId: null };
const acknowledgement = { finding: 'still-served.port', domain: 'sale.example.com', loss: 'port 80' };
const creates = { loadBalancers: [], listeners: [] };

describe('a draft', () => {
  it.each([
    [50, 'created.tooMany', (all: object[]) => ({ creates: { ...creates, loadBalancers: all } }), balancer],
    [100, 'created.tooMany', (all: object[]) => ({ creates: { ...creates, listeners: all } }), listener],
    [200, 'acknowledged.tooMany', (all: object[]) => ({ acknowledged: all }), acknowledgement],
  ] as const)('has at most %i of a list, otherwise %s', (max, message, place, item) => {
    const read = (count: number) =>
      DiversionDraft.safeParse({ ...draft, ...place(Array.from({ length: count }, () => item)) });
    expect(read(max).error).toBeUndefined();
    expect(read(max + 1).error?.issues).toMatchObject([{ code: 'too_big', message }]);
  });
});
