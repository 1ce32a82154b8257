import { SplitDiversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';

/*
 * The examples of the documentation name objects of the seed `flash-sale`, which a new installation has: they can be sent
 * as they are.
 */

const toFunction = (listenerId: string, certificateId: string | null) => ({
  to: 'function',
  domain: 'flash.example.co.id',
  loadBalancerId: 'lb-q7w2m5rc',
  listenerId,
  rule: { kind: 'new', url: '/', certificateId },
  function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
  expectedBody: 'Flash sale',
});
const toServers = (listenerId: string, ruleId: string) => ({
  to: 'cvm',
  domain: 'flash.example.co.id',
  loadBalancerId: 'lb-3n9x0v2k',
  listenerId,
  rule: { kind: 'existing', ruleId },
  addTargets: [],
});
const functionRoutes = [toFunction('lbl-n05q7r3t', null), toFunction('lbl-n06q7r3t', 'cert8Kq2x')];

/** A Split as the documentation shows it: the shop stays with its servers, the flash sale moves to a function. */
export const exampleSplit: SplitDiversion = SplitDiversion.parse({
  kind: 'split',
  name: '12.12 flash split',
  routes: [{ ...toServers('lbl-n01q7r3t', 'loc-n01w4e8k'), domain: 'shop.example.co.id' }, ...functionRoutes],
});

/** A Switch of the flash sale between its servers and the function, as the documentation shows it. */
export const exampleSwitch: SwitchDiversion = SwitchDiversion.parse({
  kind: 'switch',
  name: 'Flash sale',
  routes: [
    toServers('lbl-n01q7r3t', 'loc-n03w4e8k'),
    toServers('lbl-n02q7r3t', 'loc-n06w4e8k'),
    ...functionRoutes,
  ],
  toward: 'function',
  ramp: [{ percent: 100, bakeS: 300 }],
});
