import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import type { ProvisionedRef } from '@/lib/estate/object';
import { unreachable } from '@/lib/invariant';
import type { Refuse } from './refusal';
import type { Stock } from './stock';
import { withInstances } from './with-state';

const OnVersion = z.object({ FunctionName: z.string(), Namespace: z.string(), Qualifier: z.string() });
const PutProvisioned = OnVersion.extend({ VersionProvisionedConcurrencyNum: z.number().min(1) });

export type ProvisionedAction = 'PutProvisionedConcurrencyConfig' | 'DeleteProvisionedConcurrencyConfig';

/** Returns the version of a write of provisioned concurrency. */
export function toProvisionedRef({ region, params }: WriteCall): Omit<ProvisionedRef, 'kind'> {
  const { FunctionName: name, Namespace: namespace, Qualifier: qualifier } = OnVersion.parse(params);
  return { region: region ?? '', namespace, name, qualifier };
}

/**
 * Returns the stock after instances were requested or released. The model cloud starts them gradually.
 * @throws Refusal when the cloud would refuse the call
 */
export function provisionedEffect(stock: Stock, call: WriteCall, refuse: Refuse): Stock {
  const action = call.action as ProvisionedAction;
  const ref = toProvisionedRef(call);
  if (!/^\d+$/.test(ref.qualifier))
    throw refuse('InvalidParameterValue.Qualifier', `${ref.qualifier} is no version`);
  switch (action) {
    case 'PutProvisionedConcurrencyConfig':
      return withInstances(stock, ref, PutProvisioned.parse(call.params).VersionProvisionedConcurrencyNum);
    case 'DeleteProvisionedConcurrencyConfig':
      return withInstances(stock, ref, 0);
    default:
      return unreachable(action);
  }
}
