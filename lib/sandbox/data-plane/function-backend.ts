import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type InvocationFailure, invocationFailure } from '../functions/invocation';
import type { InvocationOutcome, Invoker } from '../functions/invoker';
import type { WorldFunctionTarget } from '../world/clb';
import type { AccountWorld } from '../world/world';
import {
  FUNCTION_PAYLOAD_MAX,
  MALFORMED_ANSWER_BODY,
  STATUS_BACKEND_TIMEOUT,
  STATUS_MALFORMED_ANSWER,
} from './assumptions';
import { sendErrorPage, sendText } from './error-page';
import { clbEvent } from './event';
import type { HeaderList } from './forwarding-headers';
import { functionResponse } from './response';

export type FunctionCall = {
  readonly account: AccountWorld;
  readonly region: string;
  readonly target: WorldFunctionTarget;
  readonly headers: HeaderList;
  readonly requestId: string;
  readonly readTimeoutMs: number;
};

/**
 * Answers a request by running the function. The request is read whole before the call and the answer is sent whole:
 * no document speaks of streaming through the trigger.
 */
export async function answerByFunction(
  request: IncomingMessage,
  response: ServerResponse,
  call: FunctionCall,
  { invoker, log }: { invoker: Invoker; log: Logger },
): Promise<void> {
  const { target, requestId } = call;
  const label = `${target.namespace}/${target.name}:${target.qualifier}`;
  const fail = (failure: InvocationFailure) => {
    log.warn({ function: label, status: failure.status, requestId }, failure.message);
    sendFailure(response, failure, requestId);
  };

  const body = await readBody(request, FUNCTION_PAYLOAD_MAX);
  if (body === 'tooLarge') return fail(invocationFailure({ kind: 'eventTooLarge' }, label));
  if (body === 'broken') return;

  const event = clbEvent(call.headers, body);
  const { account, region } = call;
  const { namespace, name, qualifier } = target;
  const invoked = invoker.invoke({ account, region, namespace, name, qualifier, event, requestId });
  const outcome = await within(invoked, call.readTimeoutMs);
  if (outcome === 'late') return sendErrorPage(response, STATUS_BACKEND_TIMEOUT);
  const { result, status, errorMessage } = outcome;
  if (result.kind !== 'answer') return fail({ status, message: errorMessage });
  const answer = functionResponse(result.value);
  if (answer === null) {
    log.warn(
      { function: label, requestId },
      'the answer of the function is not in the integrated response format',
    );
    return sendText(response, STATUS_MALFORMED_ANSWER, 'application/json', MALFORMED_ANSWER_BODY);
  }
  response.writeHead(
    answer.status,
    [...answer.headers, ['Content-Length', String(answer.body.length)]].flat(),
  );
  response.end(answer.body);
}

/** SCF's status as the HTTP status, its error as JSON (an assumption, see the reference of the status list). */
function sendFailure(response: ServerResponse, failure: InvocationFailure, requestId: string): void {
  const body = {
    errorCode: 1,
    errorMessage: failure.message,
    requestId,
    statusCode: failure.status,
  };
  sendText(response, failure.status, 'application/json', JSON.stringify(body));
}

async function readBody(request: IncomingMessage, max: number): Promise<Buffer | 'tooLarge' | 'broken'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      // Read to the end all the same: a client that is still sending doesn't read an answer.
      if (size <= max) chunks.push(chunk);
    }
  } catch {
    return 'broken';
  }
  return size > max ? 'tooLarge' : Buffer.concat(chunks);
}

async function within(result: Promise<InvocationOutcome>, ms: number): Promise<InvocationOutcome | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
