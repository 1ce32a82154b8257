import { and, asc, eq, lte } from 'drizzle-orm';
import { ChannelTarget } from '@/lib/alerts/channel';
import { fullJitterMs } from '@/lib/backoff';
import type { Database } from '@/lib/db/database';
import { type alertChannels, alertDeliveries } from '@/lib/db/schema';
import { storableText } from '@/lib/input/outside-text';
import { openSealed, SealedTextError } from '@/lib/sealed-box';
import { shorten } from '@/lib/shorten';
import { formats } from './formats/formats';
import { postMessage, RefusedTargetError } from './post-message';

/** About two hours in all: 5 s, 10 s, … up to 30 min. */
const backoff = { baseMs: 5000, capMs: 1_800_000 };
const attemptsMax = 14;
/** A channel gets this many messages in a round, which starts every two seconds: robots accept 20 a minute. */
const atOnceMax = 5;
const errorMax = 300;

export type DeliveryDeps = {
  readonly db: Database;
  /** Opens the targets of channels; undefined = this worker was started without it. */
  readonly key: string | undefined;
  readonly privateHosts: readonly string[];
  /** The address of the dashboard, without a slash at its end. */
  readonly baseUrl: string;
  readonly now: () => Date;
};

type Channel = typeof alertChannels.$inferSelect;
type Delivery = typeof alertDeliveries.$inferSelect;

/** The reason of a failed attempt, in words that may be shown. `isFinal`: trying again does not help. */
type Failure = { readonly error: string; readonly isFinal: boolean };

const needsTarget = 'Enter the target of this channel again: remove the channel and add it.';

function openTarget({ id, sealed }: Channel, key: string | undefined): ChannelTarget {
  if (key === undefined)
    throw new SealedTextError('This worker has no SPILLWAY_ALERT_KEY: start it with the launcher.');
  return ChannelTarget.parse(JSON.parse(openSealed(key, sealed, id)));
}

/** Describes why nothing was sent, or no answer came. Messages of Node name hosts, addresses and ports, never paths. */
function describeError(error: unknown): Failure {
  if (error instanceof RefusedTargetError) return { error: error.message, isFinal: true };
  if (error instanceof SealedTextError) return { error: `${error.message} ${needsTarget}`, isFinal: true };
  if (!(error instanceof Error)) return { error: String(error), isFinal: false };
  const isLate = error.name === 'TimeoutError' || error.name === 'AbortError';
  return { error: isLate ? 'no answer within 15 s' : error.message, isFinal: false };
}

/** Removes the parts of a target from a text: a receiver may return the address that it was called with. */
function withoutTarget(text: string, { url, secret }: ChannelTarget): string {
  const { pathname, search, searchParams, hash } = new URL(url);
  const parts = [url, pathname, search, hash, secret ?? '', ...searchParams.values(), ...pathname.split('/')];
  return parts
    .filter((part) => part.length >= 8)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, part) => rest.replaceAll(part, '…'), text);
}

/** Sends one message; returns why it was not accepted, or null. */
async function send(delivery: Delivery, channel: Channel, deps: DeliveryDeps): Promise<Failure | null> {
  let target: ChannelTarget | null = null;
  try {
    target = openTarget(channel, deps.key);
    const format = formats[channel.kind];
    const { alert, id } = delivery;
    const message = { ...alert, deliveryId: `alert_${id}`, link: deps.baseUrl + alert.path };
    const answer = await postMessage(format.build(message, target, deps.now()), deps.privateHosts);
    const error = format.findFailure(answer);
    return error === null ? null : { error: withoutTarget(error, target), isFinal: false };
  } catch (error) {
    const failure = describeError(error);
    return target === null ? failure : { ...failure, error: withoutTarget(failure.error, target) };
  }
}

/** Attempts one delivery, and stores its outcome; returns whether the channel accepted it. */
async function attempt(delivery: Delivery, channel: Channel, deps: DeliveryDeps): Promise<boolean> {
  const failure = await send(delivery, channel, deps);
  const at = deps.now();
  const attempts = delivery.attempts + 1;
  const isOver = failure === null || failure.isFinal || attempts >= attemptsMax;
  // At least half of the ceiling, so that a failing channel is not called at once.
  const pauseMs = fullJitterMs(attempts, backoff, () => 0.5 + Math.random() / 2);
  await deps.db
    .update(alertDeliveries)
    .set({
      attempts,
      delivery: failure === null ? 'sent' : isOver ? 'failed' : 'waiting',
      error: failure === null ? null : shorten(storableText(failure.error), errorMax),
      nextAt: new Date(at.getTime() + pauseMs),
      endedAt: isOver ? at : null,
    })
    .where(eq(alertDeliveries.id, delivery.id));
  return failure === null;
}

/**
 * Sends what is due to one channel, the oldest first. After a failure the channel waits for its next round. The outcome is stored
 * after the answer, so that a worker that crashes in between sends a message twice rather than never.
 * @returns whether anything was due
 */
export async function deliverAlerts(channel: Channel, deps: DeliveryDeps): Promise<boolean> {
  const due = await deps.db
    .select()
    .from(alertDeliveries)
    .where(
      and(
        eq(alertDeliveries.channelId, channel.id),
        eq(alertDeliveries.delivery, 'waiting'),
        lte(alertDeliveries.nextAt, deps.now()),
      ),
    )
    .orderBy(asc(alertDeliveries.id))
    .limit(atOnceMax);
  for (const delivery of due) if (!(await attempt(delivery, channel, deps))) break;
  return due.length > 0;
}
