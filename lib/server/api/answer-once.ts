import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import { apiRequests } from '@/lib/db/schema';
import { serverContext } from '@/lib/store/context';
import { describeRefusal } from './describe-refusal';
import { problemResponse } from './problem-response';

/** For how long an answer is kept. */
const keptMs = 24 * 3_600_000;

/** A request with an `Idempotency-Key` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). */
export type KeyedRequest = {
  readonly caller: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Its answer must not be stored. */
  readonly isSecret: boolean;
};

function refused(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return problemResponse(describeRefusal({ fields: {}, form: { message } }, status), headers);
}

/**
 * Answers a request once: a repeated one gets the stored answer, and does nothing. A key that was used for another
 * request is refused, and one whose first request has no outcome yet. Failures of the server are not stored, so that the
 * request can be repeated with its key.
 */
export async function answerOnce(request: KeyedRequest, answer: () => Promise<Response>): Promise<Response> {
  const { caller, key, method, path, body, isSecret } = request;
  if (key.length === 0 || key.length > 255) return refused(400, 'request.keyLength');
  const fingerprint = createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
  const { db } = (await serverContext()).database;
  const isThis = and(eq(apiRequests.caller, caller), eq(apiRequests.key, key));
  await db.delete(apiRequests).where(lt(apiRequests.createdAt, new Date(Date.now() - keptMs)));
  const first = await db
    .insert(apiRequests)
    .values({ caller, key, fingerprint })
    .onConflictDoNothing()
    .returning({ key: apiRequests.key });
  if (first.length === 0) {
    const [stored] = await db.select().from(apiRequests).where(isThis);
    if (stored === undefined || (stored.fingerprint === fingerprint && stored.status === null))
      return refused(409, 'request.keyInUse', { 'Retry-After': '1' });
    if (stored.fingerprint !== fingerprint) return refused(422, 'request.keyReused');
    if (isSecret && stored.body === null && stored.status === 200) return refused(409, 'request.keySecret');
    const headers = {
      'Idempotency-Replayed': 'true',
      ...(stored.contentType !== null && { 'Content-Type': stored.contentType }),
    };
    return new Response(stored.body, { status: stored.status ?? 200, headers });
  }
  let response: Response;
  try {
    response = await answer();
  } catch (error) {
    await db.delete(apiRequests).where(isThis);
    throw error;
  }
  if (response.status >= 500) {
    await db.delete(apiRequests).where(isThis);
    return response;
  }
  const text = response.status === 204 || (isSecret && response.ok) ? null : await response.clone().text();
  await db
    .update(apiRequests)
    .set({ status: response.status, contentType: response.headers.get('Content-Type'), body: text })
    .where(isThis);
  return response;
}
