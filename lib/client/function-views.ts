import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage } from '@/lib/cloud/port';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { TestInvocation } from '@/lib/estate/test-invocation';

/** GET /api/deployments/[id] */
export type DeploymentView = {
  readonly id: string;
  readonly function: { readonly region: string; readonly namespace: string; readonly name: string };
} & (
  | { readonly state: 'running'; readonly stage: DeployStage | null }
  | { readonly state: 'done'; readonly version: string }
  | { readonly state: 'failed'; readonly error: CloudErrorData }
);

/** A test invocation of a function version or alias, with the event of a load balancer's GET. */
export type TestInvocationView = {
  readonly id: string;
  readonly function: FunctionChoice;
  readonly actor: string;
  readonly askedAt: string;
} /** `isCalled` = the call was sent. */ & (
  | { readonly state: 'running'; readonly isCalled: boolean }
  | { readonly state: 'failed'; readonly error: CloudErrorData }
  | {
      readonly state: 'judged';
      readonly testInvocation: TestInvocation;
      readonly billedMs: number;
      readonly memoryBytes: number;
      readonly requestId: string;
      /** The beginning of the function's response, or the platform's message. */
      readonly excerpt: string;
    }
);

/** GET /api/connections/[id]/test-invocations */
export type TestInvocationsView = {
  /** The newest test invocation of each version and alias. */
  readonly newest: readonly TestInvocationView[];
  /** The newest test invocation of each that has a verdict: the checks use these. */
  readonly judged: readonly TestInvocation[];
};
