/**
 * The safe action after a failed call:
 * - `retry`: the cloud refused before acting; the same call may be sent again after a pause;
 * - `readBack`: the call may have taken effect; read the object before deciding anything;
 * - `giveUp`: repeating will not help; show it to a person.
 */
export type FailureAdvice = 'retry' | 'readBack' | 'giveUp';

export type CloudErrorData = {
  /** The cloud's code (`FailedOperation.ResourceInOperating`), or one of ours: `Network.*`, `Http.*` or `Task.*`. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly action: string;
  readonly region: string | null;
  /** True if a write may have taken effect although it failed. Always false for reads. */
  readonly mayHaveHappened: boolean;
  readonly advice: FailureAdvice;
};

/** The code of a write whose task has ended without effect: nothing is pending any more. */
export const taskFailedCode = 'Task.Failed';

/** The only error that `lib/cloud` throws to its callers. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly data: CloudErrorData;

  constructor(data: CloudErrorData, options?: { cause?: unknown }) {
    super(`${data.action}: ${data.code}: ${data.message}`, options);
    this.data = data;
  }
}
