import 'server-only';
import type { ActionError, Answer } from '@/lib/contract/answer';
import type { SessionCookies } from '@/lib/contract/session';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import { sessionBodyMax } from '@/lib/input/import-limits';
import { err, isResult, ok, type Result } from '@/lib/result';
import { callerCheck } from './request-actor';
import { RefusedError } from './verb';

type Asked<Params> = Params & {
  readonly params: URLSearchParams;
  readonly signal: AbortSignal;
};
type Context<Params> = { readonly params: Promise<Params> };

/**
 * Creates a GET handler. A value is sent as JSON, a Response unchanged, and a refused query as its status with an
 * `ActionError`.
 * @param answer gets the path parameters by name, and the query parameters as `params`
 */
export function route<Params = object>(answer: (asked: Asked<Params>) => Promise<unknown>) {
  return async (request: Request, { params }: Context<Params>): Promise<Response> => {
    const { signal, url } = request;
    try {
      const value = await answer({ ...(await params), params: new URL(url).searchParams, signal });
      return value instanceof Response ? value : Response.json(value);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return Response.json(error.refusal, { status: error.status });
    }
  };
}

/** A verb or a query. It is a method, so that it may have the type of its own input, which it checks. */
export type AnyOperation<Answered> = { run(input: unknown): Answered }['run'];

/**
 * Creates the GET handler of a table of queries: the path has the name of the query as `name`, and the parameter `input`
 * has its input as JSON; absent = none. A refusal is sent as 409, one of the input or of the permission as 400 or 403.
 */
export function readRoute(reads: Readonly<Record<string, AnyOperation<Promise<unknown>>>>) {
  return route<{ name: string }>(async ({ name, params }) => {
    const read = Object.hasOwn(reads, name) ? reads[name] : undefined;
    if (read === undefined) return problem(404, `There is no query ${name} for pages.`);
    const input = params.get('input');
    const value = await read(input === null ? undefined : parseJson(input));
    if (!isResult(value)) return value;
    return value.ok ? value.value : Response.json(value.error, { status: 409 });
  });
}

/** Parses JSON; undefined if it is invalid, which no query with an input accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns whether an error of a query means that the actor may not use it. */
export const isForbidden = (error: unknown): boolean => error instanceof RefusedError && error.status === 403;

/** Creates a response with the reason why a request is refused. */
export function problem(status: 400 | 404 | 409, error: string): Response {
  return Response.json({ error }, { status });
}

/** Creates the response for a file download. */
export function file(text: string, type: string, fileName: string): Response {
  const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${fileName}"` };
  return new Response(text, { headers });
}

/**
 * Creates the response for a file download that is read while it is sent, at the pace of the client. It breaks off if the
 * credential of the caller ends.
 * @param signal ends the reading when the client leaves
 */
export function streamFile(
  parts: AsyncIterable<string>,
  type: string,
  fileName: string,
  signal: AbortSignal,
): Response {
  const isPermitted = callerCheck();
  const iterator = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!(await isPermitted())) throw new Error(`the credential for ${fileName} has ended`);
      const part = signal.aborted ? { done: true as const } : await iterator.next();
      if (part.done) controller.close();
      else controller.enqueue(encoder.encode(part.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${fileName}"` };
  return new Response(body, { headers });
}

/**
 * The reason why a request's body is refused, with its status (https://www.rfc-editor.org/rfc/rfc9110#section-15.5).
 */
export type BodyRefusal = { readonly status: 400 | 413 | 415; readonly error: ActionError };

function refuseBody(
  status: BodyRefusal['status'],
  message: string,
  values?: Readonly<Record<string, number>>,
): Result<never, BodyRefusal> {
  return err({ status, error: { fields: {}, form: values ? { message, values } : { message } } });
}

/**
 * Reads a request's body as text. A body with a declared length above the limit is not read, and reading stops at the
 * limit.
 */
export async function readText(
  request: Request,
  bytesMax: number,
  wanted: 'application/json' | 'application/x-www-form-urlencoded' = 'application/json',
): Promise<Result<string, BodyRefusal>> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  // A form on another site can't send JSON without a preflight request: https://fetch.spec.whatwg.org/#simple-header
  if (type.trim().toLowerCase() !== wanted) return refuseBody(415, 'import.type');
  const tooLarge = refuseBody(413, 'import.tooLarge', { max: bytesMax });
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return tooLarge;
    chunks.push(chunk);
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    return refuseBody(400, 'import.notUtf8');
  }
}

/**
 * Creates the handler that imports a file as JSON text. It responds with the result of `take`, and with 4xx and an
 * `ActionError` if `take` refuses the file.
 * @param bytesMax the maximum size of the body
 */
export function importRoute<T>(
  bytesMax: number,
  take: (text: string) => Promise<Result<T, ActionError>>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const text = await readText(request, bytesMax);
    // The handler does not wait for the rest of a refused body.
    const headers = { Connection: 'close' };
    if (!text.ok) return Response.json(text.error.error, { status: text.error.status, headers });
    const taken = await take(text.value);
    return taken.ok ? Response.json(taken.value) : Response.json(taken.error, { status: 422 });
  };
}

/**
 * Creates the POST handler of a verb that starts or ends the browser's session. A server action is no way to sign in: its
 * body would be decoded before anybody is known.
 * @param headers of its answer
 */
export function sessionRoute(
  act: AnyOperation<Answer<SessionCookies>>,
  headers: Readonly<Record<string, string>> = {},
): (request: Request) => Promise<Response> {
  return postRoute(act, ({ cookies }) => {
    const response = Response.json(null, { headers: { ...headers } });
    for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
    return response;
  });
}

/** Creates the POST handler of a verb that prepares a session, and answers with its value. */
export function prepareRoute(act: AnyOperation<Answer<unknown>>): (request: Request) => Promise<Response> {
  return postRoute(act, (value) => Response.json(value));
}

function postRoute<T>(
  act: AnyOperation<Answer<T>>,
  respond: (value: T) => Response,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const text = await readText(request, sessionBodyMax);
    if (!text.ok)
      return Response.json(text.error.error, { status: text.error.status, headers: { Connection: 'close' } });
    const answer = await act(parseJson(text.value));
    return answer.ok ? respond(answer.value) : Response.json(answer.error, { status: 422 });
  };
}

/** Reads the JSON of a query about a draft; undefined if it is invalid. */
function parseQuestion(text: string): unknown {
  try {
    return readDraftJson(text);
  } catch {
    return undefined;
  }
}

/**
 * Creates the POST handler of a query about a draft, which is too long for an address. It responds with JSON, with 404
 * if the result is null, and with 4xx and an `ActionError` if the query is refused.
 * @param bytesMax the maximum size of the body
 */
export function draftRoute(
  bytesMax: number,
  read: (question: unknown) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const text = await readText(request, bytesMax);
    if (!text.ok)
      return Response.json(text.error.error, { status: text.error.status, headers: { Connection: 'close' } });
    try {
      const answer = await read(parseQuestion(text.value));
      if (answer === null) return problem(404, 'estate.never');
      return new Response(writeDraftJson(answer), { headers: { 'Content-Type': 'application/json' } });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return Response.json(error.refusal, { status: error.status });
    }
  };
}
