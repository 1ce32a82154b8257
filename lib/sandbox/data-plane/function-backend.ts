import type { Logger } from 'pino';
import type { ClbEvent } from '@/lib/function-contract/clb-event';
import { readFunctionAnswer } from '@/lib/function-contract/function-answer';
import { type JsonLimits, parseBoundedJson } from '@/lib/input/bounded-json';
import type { ParsedCustomConfig } from '../model/clb/custom-config-directives';
import type { Assumptions } from '../world/assumptions';
import type { WorldFunctionTarget } from '../world/clb';
import type { Invoker } from '../world/invoker';
import type { AccountWorld } from '../world/world';
import { compressedHeaders, compressTo, isCompressible } from './http/compression';
import { sendRuleError, sendWhole } from './http/error-page';
import type { Exchange } from './http/exchange';
import { answerHeaders, endToEnd } from './http/forwarding-headers';

/** The content types that are passed without Base64: same page. */
const textTypes = new Set(['application/json', 'application/javascript', 'application/xml']);

/**
 * The event of one request. Header names (name, value, name, value) keep the client's spelling; a repeated header is
 * joined by a comma (cookies by a semicolon). Method and path are not included: the load balancer adds X-Method and
 * X-Uri only by custom configuration. JSON that doesn't parse, or nests too deep for a runtime, is passed as text.
 * @param saysEncoding whether the event contains a flag that its payload is Base64
 */
export function buildClbEvent(headers: readonly string[], body: Buffer, saysEncoding: boolean): ClbEvent {
  const joined = new Map<string, [name: string, value: string]>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    const before = joined.get(key);
    if (before) before[1] += `${key === 'cookie' ? '; ' : ', '}${value}`;
    else joined.set(key, [name, value]);
  }
  const type = (joined.get('content-type')?.[1].split(';')[0] ?? '').trim().toLowerCase();
  const encoded = body.length > 0 && !type.startsWith('text/') && !textTypes.has(type);
  return {
    headers: Object.fromEntries(joined.values()),
    payload: encoded ? body.toString('base64') : payload(type, body.toString('utf8')),
    ...(saysEncoding && { isBase64Encoded: encoded ? 'true' : 'false' }),
  };
}

const any = Number.POSITIVE_INFINITY;
const payloadLimits: JsonLimits = { length: any, depth: 500, values: any, members: any };

function payload(type: string, text: string): unknown {
  if (type !== 'application/json' || text === '') return text;
  const parsed = parseBoundedJson(text, payloadLimits);
  return parsed.ok ? parsed.value : text;
}

export type FunctionCall = {
  readonly account: AccountWorld;
  readonly region: string;
  readonly target: WorldFunctionTarget;
  /** The request's headers as a backend gets them: name, value, name, value. */
  readonly headers: readonly string[];
  readonly requestId: string;
  readonly readTimeoutMs: number;
  readonly config: ParsedCustomConfig;
  readonly compresses: boolean;
};

/**
 * The most bytes of event and of response in a synchronous call:
 * https://www.tencentcloud.com/document/product/583/11637
 */
const payloadMaxBytes = 6 * 1024 * 1024;
/** https://www.tencentcloud.com/document/product/583/39849 */
const malformedBody = Buffer.from('{"errno":403,"error":"Analyse scf response failed."}');

/**
 * Responds to a request by running the function. The request is read completely before the call and the response is
 * sent as a whole: no document mentions streaming through the trigger.
 */
export async function answerByFunction(
  exchange: Exchange,
  call: FunctionCall,
  { invoker, assumptions, log }: { invoker: Invoker; assumptions: Assumptions; log: Logger },
): Promise<void> {
  const { target, requestId } = call;
  const { namespace, name, qualifier } = target;
  const label = `${namespace}/${name}:${qualifier}`;
  const fail = (status: number, message: string) => {
    log.warn({ function: label, status, requestId }, message);
    sendFailure(exchange, { status, message, requestId }, assumptions);
  };

  const body = await readBody(exchange, call.config.bodyMaxBytes);
  if (body === 'broken') return;
  if (body === 'tooLarge') return sendRuleError(exchange, call.config, 413);
  if (body.length > payloadMaxBytes) return fail(406, `The request event of ${label} exceeds 6 MB`);

  const event = buildClbEvent(call.headers, body, assumptions.get('event.isBase64Encoded') === 'present');
  const { account, region } = call;
  const { trace } = exchange;
  trace.backend = { kind: 'function', namespace, name, qualifier };
  trace.backendStart = performance.now();
  const invocation = invoker.invoke({ account, region, namespace, name, qualifier, event, requestId });
  const outcome = await within(invocation, call.readTimeoutMs);
  trace.backendMs = performance.now() - trace.backendStart;
  if (exchange.over) return;
  if (outcome === 'late') {
    return sendRuleError(exchange, call.config, assumptions.get('http.backendTimeout'));
  }
  if (outcome.result.kind !== 'answer') return fail(outcome.status, outcome.errorMessage);
  const answer = functionResponse(outcome.result.value);
  if (answer === null) {
    log.warn(
      { function: label, requestId },
      'the answer of the function is not in the integrated response format',
    );
    trace.own = true;
    return sendWhole(
      exchange,
      assumptions.get('http.malformedAnswer'),
      ['Content-Type', 'application/json'],
      malformedBody,
    );
  }
  const headers = answerHeaders(call.config, [...answer.headers]);
  const withLength = [...headers, 'Content-Length', String(answer.body.length)];
  if (!call.compresses || !isCompressible(exchange, answer.status, withLength)) {
    return sendWhole(exchange, answer.status, headers, answer.body);
  }
  exchange.begin(answer.status, compressedHeaders(headers));
  const compressor = compressTo(exchange, () => {});
  compressor.write(answer.body);
  compressor.end();
}

/**
 * Sends SCF's status, or one status for all failures, as the HTTP status, with its error as JSON: both are assumptions.
 */
function sendFailure(
  exchange: Exchange,
  { status, message, requestId }: { status: number; message: string; requestId: string },
  assumptions: Assumptions,
): void {
  const choice = assumptions.get('function.failureStatus');
  const body = { errorCode: 1, errorMessage: message, requestId, statusCode: status };
  sendWhole(
    exchange,
    choice === 'scf' ? status : Number(choice),
    ['Content-Type', 'application/json'],
    Buffer.from(JSON.stringify(body)),
  );
}

async function readBody(exchange: Exchange, max: number): Promise<Buffer | 'tooLarge' | 'broken'> {
  if (exchange.bodyLength === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of exchange.body) {
      size += chunk.length;
      // The request is read to its end: a client that is still sending doesn't read a response.
      if (size <= max) chunks.push(chunk);
    }
  } catch {
    return 'broken';
  }
  exchange.streamedBytes = size;
  return size > max ? 'tooLarge' : Buffer.concat(chunks);
}

async function within<T>(result: Promise<T>, ms: number): Promise<T | 'late'> {
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

/** A function's response as HTTP. */
type FunctionResponse = {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer;
};

/**
 * Converts a function's return value to HTTP; null when it is not in the integrated response format. The load balancer
 * sets length and connection headers; the function's are dropped.
 */
export function functionResponse(value: unknown): FunctionResponse | null {
  const answer = readFunctionAnswer(value);
  if (!answer.ok) return null;
  const { statusCode, headers, body, isBase64Encoded } = answer.value;
  return {
    status: statusCode,
    headers: endToEnd(headers.flat(), (name) => name === 'content-length'),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
