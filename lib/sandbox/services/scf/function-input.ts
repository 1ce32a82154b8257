import type { CreateFunctionRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';

/** The rules of this file: https://www.tencentcloud.com/document/api/583/18586. */
const nameForm = /^[A-Za-z]([A-Za-z0-9_-]{0,58}[A-Za-z0-9])$/;
const handlerForm = /^[A-Za-z]([\w-]*[A-Za-z0-9])?(\.[A-Za-z]([\w-]*[A-Za-z0-9])?)+$/;
const runtimes: ReadonlySet<string> = new Set([
  'Python2.7',
  'Python3.6',
  'Python3.7',
  'Python3.9',
  'Python3.10',
  'Nodejs6.10',
  'Nodejs8.9',
  'Nodejs10.15',
  'Nodejs12.16',
  'Nodejs14.18',
  'Nodejs16.13',
  'Nodejs18.15',
  'Php5.6',
  'Php7',
  'Php7.4',
  'Php8.0',
  'Go1',
  'Java8',
  'CustomRuntime',
]);

function requireThat(holds: boolean, field: string, rule: string): void {
  if (!holds) throw new ApiError(`InvalidParameterValue.${field}`, `The parameter \`${field}\` ${rule}.`);
}

/** @throws ApiError InvalidParameterValue.Handler */
export function checkHandler(handler: string): string {
  requireThat(
    handlerForm.test(handler),
    'Handler',
    'must have the form file.function, such as index.main_handler',
  );
  return handler;
}

export type FunctionInput = {
  readonly type: 'Event' | 'HTTP';
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly environment: Record<string, string>;
};

/**
 * Checks the settings of CreateFunction and fills in the defaults of its API page.
 * @throws ApiError InvalidParameterValue.FunctionName, .Type, .Runtime, .Handler, .MemorySize, .Timeout
 */
export function functionInput(request: CreateFunctionRequest): FunctionInput {
  const { Type: type = 'Event', Runtime: runtime = 'Python2.7', MemorySize: memoryMb = 128 } = request;
  const { Timeout: timeoutS = 3, Handler: handler = '' } = request;
  requireThat(
    nameForm.test(request.FunctionName),
    'FunctionName',
    'must have 2 to 60 letters, digits, - and _, begin with a letter and not end with - or _',
  );
  requireThat(runtimes.has(runtime), 'Runtime', `does not know ${runtime}`);
  const steps = memoryMb === 64 || (memoryMb >= 128 && memoryMb <= 3072 && memoryMb % 128 === 0);
  requireThat(steps, 'MemorySize', 'must be 64, or a multiple of 128 up to 3072');
  requireThat(timeoutS >= 1 && timeoutS <= 900, 'Timeout', 'must be between 1 and 900 seconds');
  if (type !== 'Event' && type !== 'HTTP') {
    throw new ApiError('InvalidParameterValue.Type', 'The parameter `Type` must be Event or HTTP.');
  }
  // HTTP functions are started by their bootstrap file and need no handler.
  if (type === 'Event') checkHandler(handler);
  const variables = request.Environment?.Variables ?? [];
  const environment = Object.fromEntries(variables.map(({ Key, Value }) => [Key, Value]));
  return { type, runtime, handler, memoryMb, timeoutS, environment };
}
