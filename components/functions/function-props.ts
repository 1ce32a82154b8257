import type { ConnectionView } from '@/lib/contract/connection';
import type {
  ChangeFunctionActions,
  DeployFunctionAction,
  FunctionView,
  StartTestInvocationAction,
} from '@/lib/contract/function';

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
