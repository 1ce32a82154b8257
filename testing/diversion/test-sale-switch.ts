import { SwitchDiversion } from '@/lib/diversion/switch';
import { testSplitDiversion } from './test-split';

const [, toFunction] = testSplitDiversion.routes;

/** A Switch for the sandbox's small seed: `sale` moves at once from its servers to the function. */
export const testSaleSwitch: SwitchDiversion = SwitchDiversion.parse({
  kind: 'switch',
  name: 'Test switch',
  routes: [
    {
      to: 'cvm',
      domain: 'sale.example.com',
      loadBalancerId: 'lb-cvm00001',
      listenerId: 'lbl-cvm00001',
      rule: { kind: 'existing', ruleId: 'loc-sale0001' },
      addTargets: [],
    },
    toFunction,
  ],
  toward: 'function',
  ramp: [{ percent: 100, bakeS: 0 }],
});
