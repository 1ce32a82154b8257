import 'server-only';
import { randomUUID } from 'node:crypto';
import type { ActionError } from '@/lib/contract/answer';
import { isDatabaseAway } from '@/lib/database-away';
import { parseBoundedJson } from '@/lib/input/bounded-json';
import { err, isResult, ok, type Result } from '@/lib/result';
import { localIdentity, requestCaller } from '@/lib/server/request-actor';
import { type BodyRefusal, readText } from '@/lib/server/route';
import { RefusedError, UnexpectedError } from '@/lib/server/verb';
import { webProcess } from '@/lib/store/web-process';
import { answerOnce } from './answer-once';
import { describeRefusal } from './describe-refusal';
import { writeDocsPage } from './docs-page';
import { countRequest, rateLimit } from './limit-rate';
import { buildOpenApi } from './openapi';
import { operations } from './operations';
import type { Operation, RequestParts } from './operations/operation';
import { type ListPage, readPage, toRowQuery, writePage } from './paging';
import { problemResponse } from './problem-response';
import { readInput } from './read-input';

/** Returns the path parameters of a path; null = the template is that of another one. */
function matchPath(
  template: readonly string[],
  path: readonly string[],
): Readonly<Record<string, string>> | null {
  if (template.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const value = path[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== value) return null;
    } else if (value === '') return null;
    else params[part.slice(1, -1)] = value;
  }
  return params;
}

/** Decodes the segments of a path; null = one is not valid. */
function decodePath(path: string): readonly string[] | null {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Templates without parameters first: `/plans/schema` is no plan. */
const ordered = operations
  .map((operation) => ({ operation, template: operation.path.split('/') }))
  .sort((a, b) => countParams(a.operation) - countParams(b.operation));

function countParams({ path }: Operation): number {
  return path.split('{').length - 1;
}

type FoundOperation = {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
};

/**
 * Finds the operation of a request.
 * @param path below `/api/v1`
 * @returns the operation, or the methods that the path accepts; empty = there is no such path
 */
export function findOperation(method: string, path: string): FoundOperation | readonly string[] {
  const segments = decodePath(path);
  if (segments === null) return [];
  const found = ordered.flatMap(({ operation, template }) => {
    const params = matchPath(template, segments);
    return params === null ? [] : [{ operation, path: params }];
  });
  const match = found.find(({ operation }) => operation.method === method);
  return match ?? found.map(({ operation }) => operation.method);
}

const base = '/api/v1';
/** The size of a body that is no file, as the web server takes it. */
const bodyMax = 1_048_576;
const bodyLimits = { length: bodyMax, depth: 32, values: 100_000, members: 10_000 };

type Values = Readonly<Record<string, string | number>>;

function refused(status: number, message: string, values: Values = {}): Response {
  return problemResponse(describeRefusal({ fields: {}, form: { message, values } }, status));
}

const isRefusal = (error: unknown): error is ActionError =>
  typeof error === 'object' && error !== null && 'fields' in error && 'form' in error;

/** Runs an operation; a refusal is a value. */
async function runOperation(operation: Operation, input: unknown): Promise<Result<unknown, Response>> {
  try {
    const value = await operation.run(input);
    if (!isResult(value)) return ok(value);
    if (value.ok) return value;
    const { error } = value;
    return err(
      isRefusal(error) ? problemResponse(describeRefusal(error)) : refused(503, 'request.unavailable'),
    );
  } catch (error) {
    if (error instanceof RefusedError) {
      const isInput = error.status === 400;
      return err(problemResponse(describeRefusal(error.refusal, isInput ? 422 : undefined)));
    }
    if (error instanceof UnexpectedError) return err(refused(500, 'request.failed', { code: error.digest }));
    throw error;
  }
}

/** Writes the value of an operation as its answer. */
function writeAnswer(operation: Operation, value: unknown, page: ListPage | null): Response {
  if (value === null || value === undefined)
    return operation.method === 'GET'
      ? refused(404, 'request.notFound')
      : new Response(null, { status: 204 });
  if (operation.text !== undefined) {
    const { text, type, fileName } = operation.text(value);
    const disposition = fileName && { 'Content-Disposition': `attachment; filename="${fileName}"` };
    return new Response(text, { headers: { 'Content-Type': type, ...disposition } });
  }
  if (operation.list === undefined || page === null) return Response.json(value);
  const written = writePage(operation.list, value, page);
  return written.ok ? Response.json(written.value) : problemResponse(describeRefusal(written.error));
}

async function answerOperation(operation: Operation, parts: RequestParts): Promise<Response> {
  const page = operation.list === undefined ? null : readPage(parts.query);
  if (page?.ok === false) return problemResponse(describeRefusal(page.error));
  const input = readInput(operation, parts);
  if (!input.ok) return problemResponse(describeRefusal(input.error));
  const getInput = () => {
    if (page === null) return input.value;
    if (operation.list === 'keyset') return page.value;
    if (operation.list !== 'rows') return input.value;
    return operation.toInput?.({ ...parts, query: toRowQuery(parts.query, page.value) });
  };
  const done = await runOperation(operation, getInput());
  return done.ok ? writeAnswer(operation, done.value, page?.value ?? null) : done.error;
}

/** Reads the body of a request as text; empty = there is none. */
async function readBody(operation: Operation, request: Request): Promise<Result<string, BodyRefusal>> {
  // A request with a body has one of them: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
  const { headers } = request;
  const isEmpty = Number(headers.get('content-length') ?? 0) === 0 && !headers.has('transfer-encoding');
  if (operation.method === 'GET' || isEmpty) return ok('');
  return readText(request, operation.file?.bytesMax ?? bodyMax);
}

function parseBody(operation: Operation, text: string): Result<unknown, Response> {
  if (text === '') return ok(undefined);
  if (operation.file !== undefined) return ok(text);
  const parsed = parseBoundedJson(text, bodyLimits);
  if (parsed.ok) return parsed;
  const problem = parsed.error;
  return err(
    problem.kind === 'notJson'
      ? refused(400, 'request.notJson', { reason: problem.reason })
      : refused(422, 'input.tooLarge'),
  );
}

async function serveOperation(request: Request, caller: string): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname.slice(base.length);
  const found = findOperation(request.method, path);
  if (!('operation' in found)) {
    if (found.length === 0)
      return refused(404, 'request.noOperation', { method: request.method, path: pathname });
    const allowed = found.join(', ');
    const answer = refused(405, 'request.otherMethod', { method: request.method, path: pathname, allowed });
    answer.headers.set('Allow', allowed);
    return answer;
  }
  const { operation } = found;
  const text = await readBody(operation, request);
  if (!text.ok)
    return problemResponse(describeRefusal(text.error.error, text.error.status), { Connection: 'close' });
  const body = parseBody(operation, text.value);
  if (!body.ok) return body.error;
  const answer = () =>
    answerOperation(operation, { path: found.path, query: searchParams, body: body.value });
  const key = request.headers.get('idempotency-key');
  if (key === null || operation.method === 'GET') return answer();
  return answerOnce(
    {
      caller,
      key,
      method: request.method,
      path: pathname,
      body: text.value,
      isSecret: operation.isSecret === true,
    },
    answer,
  );
}

/** Serves the description of the API; null = the path is none of it. */
function serveDescription(request: Request): Response | null {
  if (request.method !== 'GET') return null;
  const { pathname } = new URL(request.url);
  switch (pathname.slice(base.length)) {
    case '':
    case '/':
      return Response.json({ docs: `${base}/docs`, openapi: `${base}/openapi.json` });
    case '/openapi.json':
      return Response.json(buildOpenApi());
    case '/docs': {
      const [, nonce = ''] =
        /'nonce-([\w+/=]+)'/.exec(request.headers.get('content-security-policy') ?? '') ?? [];
      return new Response(writeDocsPage(nonce), { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    }
    default:
      return null;
  }
}

/**
 * Serves a request below `/api/v1`: the description of the API, or an operation on behalf of the request's caller. Every
 * answer has the state of the caller's rate limit, and every refusal is a problem (RFC 9457).
 */
export async function serveApi(request: Request): Promise<Response> {
  const { actor, credential } = requestCaller() ?? localIdentity;
  const name = credential.via === 'token' ? credential.id : actor.name;
  const { headers, waitS } = await countRequest(name);
  const limits = { max: rateLimit.requests, seconds: rateLimit.seconds };
  let answer: Response;
  try {
    answer =
      waitS === null
        ? (serveDescription(request) ?? (await serveOperation(request, name)))
        : refused(429, 'request.tooMany', { ...limits, waitS });
  } catch (error) {
    const code = randomUUID().slice(0, 8);
    webProcess().log.error({ err: error, code }, 'a request of the API failed');
    answer = isDatabaseAway(error)
      ? refused(503, 'request.unavailable')
      : refused(500, 'request.failed', { code });
  }
  if (waitS !== null) answer.headers.set('Retry-After', String(waitS));
  for (const [header, value] of Object.entries(headers)) answer.headers.set(header, value);
  return answer;
}
