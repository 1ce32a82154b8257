import { z } from 'zod';
import { Acknowledgement } from '@/lib/diversion/acknowledgement';
import { EditedListener, EditedLoadBalancer, EditedRule } from '@/lib/diversion/draft';
import { waveNamesMax, wavesMax } from '@/lib/diversion/wave-limits';
import { ListenerId } from '@/lib/estate/ids';

/** The lengths of texts and lists in one change: far above what a page sends. */
const textMax = 4000;
const pathsMax = 200;
const fixesMax = 100;

const index = z.number().int().min(0);
const text = z.string().max(textMax);
const name = z.string().max(80);

const choices = [
  ...(['domain', 'loadBalancerId', 'listenerId', 'rule', 'addTargets'] as const),
  ...(['function', 'expectedBody', 'provisioned'] as const),
] as const;

const DraftPatch = z.union([
  z.object({
    field: z.union([
      z.enum(['lowerTtlS', 'ramp']),
      z.templateLiteral(['routes.', z.number(), '.', z.enum(choices)]),
      z.templateLiteral(['routes.', z.number(), '.rule.certificateId']),
      z.templateLiteral(['creates.loadBalancers.', z.number(), '.', z.enum(['bandwidthMbps', 'address'])]),
      z.templateLiteral(['creates.listeners.', z.number(), '.certificateId']),
    ]),
    value: text,
  }),
  z.object({
    like: index,
    listener: z.union([
      z.object({ id: ListenerId }),
      z.object({
        protocol: z.enum(['HTTP', 'HTTPS']),
        port: z.number(),
        certificateId: z.string().nullable(),
      }),
    ]),
    urls: z.array(text).max(pathsMax).readonly(),
  }),
  z.object({ field: z.literal('acknowledged'), outage: Acknowledgement, isAcknowledged: z.boolean() }),
]);

/** A change of a draft whose consequences depend on the estate: the server applies it. */
export const DraftChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('domain'), index, domain: text }),
  z.object({ kind: z.literal('loadBalancer'), index, id: text }),
  z.object({ kind: z.literal('listener'), index, id: text }),
  z.object({ kind: z.literal('rule'), index, rule: EditedRule }),
  z.object({ kind: z.literal('function'), index, key: text }),
  /** Adds a target: the first server that can serve and that the route has not. */
  z.object({ kind: z.literal('addTarget'), index }),
  /** The other routes of a Switch follow this one. */
  z.object({ kind: z.literal('settle'), index }),
  z.object({ kind: z.literal('fix'), patch: DraftPatch }),
  /** The first fix of each blocked field, each only if its block is still there. */
  z.object({
    kind: z.literal('fixAll'),
    fixes: z
      .array(z.object({ field: text, why: text, patch: DraftPatch }))
      .max(fixesMax)
      .readonly(),
  }),
  z.object({ kind: z.literal('createLoadBalancer'), index, made: EditedLoadBalancer }),
  z.object({ kind: z.literal('createListener'), index, made: EditedListener }),
  z.object({
    kind: z.literal('addNames'),
    lists: z.array(z.array(name).max(waveNamesMax).readonly()).max(wavesMax).readonly(),
  }),
  z.object({ kind: z.literal('moveName'), name, wave: index }),
  z.object({ kind: z.literal('removeName'), name }),
]);
export type DraftChange = z.infer<typeof DraftChange>;
