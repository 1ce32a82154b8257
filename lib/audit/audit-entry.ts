import { z } from 'zod';
import { canonicalJson } from '@/lib/canonical-json';
import { storable } from '@/lib/input/outside-text';
import { queryNames, verbNames } from '@/lib/policy/verbs';

/** The audited decisions of workers. */
export const workerEventNames = [
  'failover.start',
  'occurrence.schedule',
  'run.cancel',
  'run.missT0',
  'run.rollBack',
  'run.stop',
] as const;
export type WorkerEventName = (typeof workerEventNames)[number];

/** Everything that can be audited. */
export const auditOperations = [...verbNames, ...queryNames, ...workerEventNames] as const;

/**
 * Queries that take data out of Spillway. Successful ones are recorded; other queries only if they are refused, because
 * open pages read every few seconds. Calendar programs read their feed every few minutes; the feed has its own time of the
 * last read.
 */
export const exportNames: ReadonlySet<string> = new Set([
  'audit.export',
  'binding.export',
  'plan.export',
  'run.exportRecord',
  'sandbox.export',
  'switch.exportScript',
]);

/** `begun`: recorded before it runs; its end is another entry. An operation without one was interrupted. */
export const auditOutcomes = ['begun', 'done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

const Fact = z.union([z.string(), z.number(), z.boolean()]);
/** Chosen values of the input or the result, such as the role that a person gets. Never a secret. */
export type AuditFacts = Readonly<Record<string, z.infer<typeof Fact>>>;

/** An object that an operation is about: its kind, such as `plan`, and its id. */
const AuditObject = z.object({ kind: z.string(), id: z.string() });
export type AuditObject = Readonly<z.infer<typeof AuditObject>>;

/**
 * The content of an entry of the audit log: who did what to which objects, from where, by which session or token, and how it
 * ended. Of the input it has the names of fields, ids, and chosen facts: no text that may be a secret.
 */
export const AuditContent = z.object({
  /** The version of this format. */
  format: z.literal(1),
  actor: z.string(),
  /** The id of the actor's account, which no other one ever has; null without one. */
  account: z.string().nullable().default(null),
  role: z.string().nullable(),
  via: z.enum(['local', 'none', 'session', 'token', 'worker']),
  /** The id of the session, the token or the worker; null without one. */
  credential: z.string().nullable(),
  /** The client's address; null = unknown, or no client. */
  address: z.string().nullable(),
  /** The id of the request to the dashboard: what one request did has one id. */
  request: z.string().nullable(),
  operation: z.string(),
  outcome: z.enum(auditOutcomes),
  /** Of an end: the number of the entry that was recorded before it ran; null = none was. */
  begun: z.number().int().nullable(),
  objects: z.array(AuditObject),
  /** The plans among the objects, and those of the runs among them, with their hashes. */
  plans: z.array(z.object({ id: z.string(), hash: z.string() })),
  /** The names of the input's fields. */
  fields: z.array(z.string()),
  facts: z.record(z.string(), Fact),
  /** The rule, or the fields, by which it was refused. */
  refusal: z.array(z.string()).nullable(),
  /** The error code that the browser got; the log has the cause under it. */
  code: z.string().nullable(),
  durationMs: z.number().nullable(),
});
export type AuditContent = Readonly<z.infer<typeof AuditContent>>;

/** The limits of what input can add to an entry: long enough for any cloud id and for all accounts of a plan. */
const textMax = 200;
const listMax = 20;

const shorten = (text: string) => text.slice(0, textMax);

/**
 * Returns the content as it is stored and hashed: canonical JSON, with every text and list cut to its limit, and without
 * text that the database can't store.
 */
export function writeAuditContent(content: AuditContent): string {
  const facts = Object.entries(content.facts).slice(0, listMax);
  return canonicalJson(
    storable({
      ...content,
      actor: shorten(content.actor),
      objects: content.objects
        .slice(0, listMax)
        .map(({ kind, id }) => ({ kind: shorten(kind), id: shorten(id) })),
      plans: content.plans.slice(0, listMax),
      fields: content.fields.slice(0, listMax).map(shorten),
      refusal: content.refusal?.slice(0, listMax).map(shorten) ?? null,
      facts: Object.fromEntries(
        facts.map(([name, fact]) => [shorten(name), typeof fact === 'string' ? shorten(fact) : fact]),
      ),
    }),
  );
}

/** Results of verbs that name what they have made, with the kind of the object. */
const resultIds = {
  planId: 'plan',
  runId: 'run',
  diversionId: 'diversion',
  switchId: 'switch',
  deploymentId: 'deployment',
  testInvocationId: 'testInvocation',
  rehearsalId: 'rehearsal',
} as const;

/** Lists the objects that a verb's result names. Nothing else of a result is recorded: it may be a token. */
export function listResultObjects(value: unknown): readonly AuditObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map(Object.entries(value));
  return Object.entries(resultIds).flatMap(([field, kind]) => {
    const id: unknown = fields.get(field);
    return typeof id === 'string' ? [{ kind, id }] : [];
  });
}

/** Lists the names of an input's fields. */
export function listFieldNames(input: unknown): readonly string[] {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.keys(input).slice(0, listMax)
    : [];
}
