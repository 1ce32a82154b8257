import { SplitDiversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';

/** A Split as the documentation shows it: the shop stays with its servers, the flash sale moves to a function. */
export const exampleSplit: SplitDiversion = SplitDiversion.parse({
  kind: 'split',
  name: '12.12 flash split',
  routes: [
    {
      to: 'cvm',
      domain: 'shop.example.co.id',
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-shop' },
      addTargets: [],
    },
    {
      to: 'function',
      domain: 'flash.example.co.id',
      loadBalancerId: 'lb-scf',
      listenerId: 'lbl-lb-scf',
      rule: { kind: 'new', url: '/' },
      function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
      expectedBody: 'Hello CLB',
    },
  ],
});

/** A Switch of the flash sale between its servers and the function, as the documentation shows it. */
export const exampleSwitch: SwitchDiversion = SwitchDiversion.parse({
  kind: 'switch',
  name: 'Flash sale',
  routes: [
    {
      to: 'cvm',
      domain: 'flash.example.co.id',
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-flash' },
      addTargets: [],
    },
    exampleSplit.routes[1],
  ],
  toward: 'function',
  ramp: [{ percent: 100, bakeS: 300 }],
});
