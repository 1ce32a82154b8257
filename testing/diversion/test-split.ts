import { SplitDiversion } from '@/lib/diversion/diversion';

/** A Split for the sandbox's small seed: one name stays with its servers, the other one moves to its function. */
export const testSplitDiversion: SplitDiversion = SplitDiversion.parse({
  kind: 'split',
  name: 'Test split',
  routes: [
    {
      to: 'cvm',
      domain: 'shop.example.com',
      loadBalancerId: 'lb-cvm00001',
      listenerId: 'lbl-cvm00001',
      rule: { kind: 'existing', ruleId: 'loc-shop0001' },
      addTargets: [],
    },
    {
      to: 'function',
      domain: 'sale.example.com',
      loadBalancerId: 'lb-scf00001',
      listenerId: 'lbl-scf00001',
      rule: { kind: 'new', url: '/' },
      function: { region: 'ap-singapore', namespace: 'default', name: 'hello', qualifier: '$LATEST' },
      expectedBody: 'Hello CLB',
    },
  ],
});
