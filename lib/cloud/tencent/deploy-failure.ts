import { CloudError, type CloudErrorData } from '../errors';
import type { FunctionSpec } from '../port';

/**
 * Creates the error of a deployment or change of a function that ends without an error of the cloud: `Refused.*` before
 * anything was sent, otherwise what we observed.
 */
export function deployFailure(
  spec: Pick<FunctionSpec, 'region'>,
  data: Pick<CloudErrorData, 'code' | 'message' | 'action'>,
): CloudError {
  const sent = !data.code.startsWith('Refused.');
  return new CloudError({
    ...data,
    requestId: null,
    region: spec.region,
    mayHaveHappened: sent,
    advice: sent ? 'readBack' : 'giveUp',
  });
}
