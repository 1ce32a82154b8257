/**
 * What is safe to do after a failed call:
 * - `retry`: the cloud refused before acting; the same call may be sent again after a pause;
 * - `readBack`: the call may have taken effect; read the object before deciding anything;
 * - `giveUp`: repeating will not help; show it to a person.
 */
export type FailureAdvice = 'retry' | 'readBack' | 'giveUp';

export type CloudErrorData = {
  /** The cloud's code (`FailedOperation.ResourceInOperating`), or `Network.*` / `Http.*` / `Task.*` for our own. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly action: string;
  readonly region: string | null;
  /** Whether a write may have taken effect although it failed. Always false for reads. */
  readonly mayHaveHappened: boolean;
  readonly advice: FailureAdvice;
};

/** The code of a write whose task has ended without effect: nothing of it is on its way any more. */
export const taskFailedCode = 'Task.Failed';

/** The only error that leaves `lib/cloud`. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly data: CloudErrorData;

  constructor(data: CloudErrorData, options?: { cause?: unknown }) {
    super(`${data.action}: ${data.code}: ${data.message}`, options);
    this.data = data;
  }
}
