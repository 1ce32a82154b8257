import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage, FunctionSpec } from '@/lib/cloud/port';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import type { ListedFunction } from '@/lib/estate/functions/function-query';
import type { FunctionUse } from '@/lib/estate/functions/function-use';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { ScfFunction } from '@/lib/estate/model';
import type { ClbBody, ClbMethod } from '@/lib/function-contract/clb-event';
import type { TestInvocationPlace } from '@/lib/preflight/function/test-invocation-request';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';
import type { ListView } from './estate';

/** `deployment.get` */
export type DeploymentView = {
  readonly id: string;
  readonly function: { readonly region: string; readonly namespace: string; readonly name: string };
} & (
  | { readonly state: 'running'; readonly stage: DeployStage | null }
  | { readonly state: 'done'; readonly version: string }
  | { readonly state: 'failed'; readonly error: CloudErrorData }
);

/** A test invocation of a function version or alias, with the event of a request to a load balancer. */
export type TestInvocationView = {
  readonly id: string;
  readonly function: FunctionChoice;
  readonly method: ClbMethod;
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

/** `function.listTestInvocations` */
export type TestInvocationsView = {
  /** The newest test invocation of each version and alias. */
  readonly newest: readonly TestInvocationView[];
  /** The newest test invocation of each that has a verdict: the checks use these. */
  readonly judged: readonly TestInvocation[];
};

/** A rolled-back run that had bound a function which no rule uses now. `at` is an ISO instant. */
export type LeftByRun = { readonly runId: RunId; readonly at: string };

/** `function.list`: one page of the functions that a filter finds, in its order. */
export type FunctionsView = ListView<ListedFunction<RunId>> & {
  /** The namespaces of all functions. */
  readonly namespaces: readonly string[];
  /** The reading of their calls; the error of the last one, if it has failed. */
  readonly counts: Pick<FunctionPartView<unknown>, 'state' | 'error'>;
};

/** Something that Spillway did to a function outside of plans: a deployment or a change. Times are ISO instants. */
export type FunctionEventView = {
  readonly id: string;
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
  readonly what: { readonly kind: 'deploy'; readonly alias: string | null } | FunctionChange;
} & (
  | { readonly state: 'running'; readonly stage: DeployStage | null }
  | { readonly state: 'done'; readonly version: string | null }
  | { readonly state: 'failed'; readonly error: CloudErrorData }
);

/** The memory that warm instances of a function may use, in MB; null = unknown. */
export type ProvisionedRoom = {
  /** `reserved` = the function's own reservation, `region` = what its region has left for all functions. */
  readonly within: 'reserved' | 'region';
  readonly freeMb: number | null;
};

/** `function.get` */
export type FunctionView = {
  readonly takenAt: string;
  readonly function: ScfFunction;
  readonly uses: readonly FunctionUse[];
  readonly leftBy: LeftByRun | null;
  readonly room: ProvisionedRoom;
  /** The newest deployments and changes, newest first. */
  readonly history: readonly FunctionEventView[];
  /** The newest test invocations, newest first. */
  readonly tests: readonly TestInvocationView[];
};

/**
 * `function.read`: `content` null = there is no such version, or it was not read yet
 * (`readAt`).
 */
export type FunctionPartView<Content> = {
  readonly state: 'running' | 'done' | 'failed';
  readonly content: Content | null;
  readonly readAt: string | null;
  readonly error: CloudErrorData | null;
};

/** `isNew`: no function may have the name yet; absent = an existing one gets the code. */
export type DeployFunctionInput = FunctionSpec & {
  readonly connectionId: string;
  readonly isNew?: boolean;
};

export type DeployFunctionAction = (input: DeployFunctionInput) => Answer<{ deploymentId: string }>;

/** Invokes a function once, on the live account, as the load balancer of a route would for a GET or a POST. */
export type StartTestInvocationAction = (input: {
  connectionId: string;
  function: FunctionChoice;
  place: TestInvocationPlace;
  /** Defaults to a GET. */
  request?: { method: 'GET' } | ({ method: 'POST' } & ClbBody);
}) => Answer<{ testInvocationId: string }>;

/** Every change of a function names the function and a reason. */
export type ChangeAbout = FunctionId & { readonly connectionId: string; readonly reason: string };

type Changed = Answer<{ changeId: string }>;

type Kind<K extends FunctionChange['kind']> = { readonly change: FunctionChange & { readonly kind: K } };

/** The name of what is deleted, typed by the person. */
type Typed = { readonly typedName: string };

/** The changes of functions. Each is carried out by the worker; the function's page shows how it ends. */
export type ChangeFunctionActions = {
  readonly publishVersion: (input: ChangeAbout & Kind<'publish'>) => Changed;
  readonly setAlias: (input: ChangeAbout & Kind<'setAlias'>) => Changed;
  readonly deleteAlias: (input: ChangeAbout & Kind<'deleteAlias'> & Typed) => Changed;
  readonly setProvisioned: (input: ChangeAbout & Kind<'setProvisioned'>) => Changed;
  readonly deleteVersion: (input: ChangeAbout & Kind<'deleteVersion'> & Typed) => Changed;
  readonly deleteFunction: (input: ChangeAbout & Typed) => Changed;
};
