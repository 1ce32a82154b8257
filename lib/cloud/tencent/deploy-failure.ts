import { CloudError, type CloudErrorData } from '../errors';
import type { FunctionSpec } from '../port';

/** What ends a deployment without the cloud's own error: `Refused.*` before anything was sent, else what we saw. */
export function deployFailure(
  spec: FunctionSpec,
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
