import type { DeployFunctionAction, StartTestInvocationAction } from '@/lib/client/actions';
import type { ChangeFunctionActions } from '@/lib/client/function-actions';
import type { FunctionView } from '@/lib/client/function-views';
import type { ConnectionView } from '@/lib/client/views';

type FunctionActions = ChangeFunctionActions & {
  readonly deployFunction: DeployFunctionAction;
  readonly startTestInvocation: StartTestInvocationAction;
};

/** The props of each part of a function's page. */
export type FunctionPageProps = {
  readonly connection: ConnectionView;
  readonly view: FunctionView;
  readonly actions: FunctionActions;
};
