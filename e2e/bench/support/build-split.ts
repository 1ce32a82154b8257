import { SplitDiversion } from '@/lib/diversion/diversion';

/** Returns a Split in the small sandbox data: `shop` stays with its servers, this name moves to the function. */
export function buildSplit(subdomain: string): SplitDiversion {
  return SplitDiversion.parse({
    kind: 'split',
    name: `Split ${subdomain}`,
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
        domain: `${subdomain}.example.com`,
        loadBalancerId: 'lb-scf00001',
        listenerId: 'lbl-scf00001',
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'default', name: 'hello', qualifier: '$LATEST' },
        expectedBody: 'Hello CLB',
      },
    ],
  });
}
