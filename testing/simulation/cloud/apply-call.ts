import type { WriteCall } from '@/lib/estate/call';
import { placeEffect } from './place-effect';
import { provisionedEffect } from './provisioned-effect';
import { recordEffect } from './record-effect';
import type { Refuse } from './refusal';
import { ruleEffect } from './rule-effect';
import type { NewId, Stock } from './stock';

/**
 * Returns the stock after a write has taken effect.
 * @throws Refusal when the cloud would refuse the call
 */
export function applyCall(stock: Stock, call: WriteCall, newId: NewId, refuse: Refuse): Stock {
  switch (call.service) {
    case 'dnspod':
      return recordEffect(stock, call, newId, refuse);
    case 'scf':
      return provisionedEffect(stock, call, refuse);
    case 'clb':
      return /(LoadBalancer|Listener)$/.test(call.action)
        ? placeEffect(stock, call, newId, refuse)
        : ruleEffect(stock, call, newId, refuse);
  }
}
