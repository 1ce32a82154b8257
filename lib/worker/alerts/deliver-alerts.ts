import { and, asc, desc, eq, isNotNull, lte } from 'drizzle-orm';
import { type ChannelKind, ChannelTarget, type HookKind } from '@/lib/alerts/channel';
import type { Database } from '@/lib/db/database';
import { type alertChannels, alertDeliveries } from '@/lib/db/schema';
import { sealingContext } from '@/lib/db/sealing-keys';
import { storableText } from '@/lib/input/outside-text';
import { SealedTextError } from '@/lib/sealed-box';
import { shorten } from '@/lib/shorten';
import { fullJitterMs } from '@/lib/timing/backoff';
import type { KeyRing } from '@/lib/worker/added-connections/key-ring';
import { postMessage } from '@/lib/worker/alerts/connection/post-message';
import type { ChannelFormat } from '@/lib/worker/alerts/formats/channel-format';
import { dingtalkFormat } from '@/lib/worker/alerts/formats/dingtalk';
import { feishuFormat } from '@/lib/worker/alerts/formats/feishu';
import { slackFormat } from '@/lib/worker/alerts/formats/slack';
import { teamsFormat } from '@/lib/worker/alerts/formats/teams';
import { webhookFormat } from '@/lib/worker/alerts/formats/webhook';
import { wecomFormat } from '@/lib/worker/alerts/formats/wecom';
import { RefusedTargetError } from './connection/public-lookup';
import { makeLinks } from './make-links';
import { sendMail } from './senders/mail';
import { type Sender, type SenderDeps, type SendOutcome, toOutcome } from './senders/sender';
import { sendBySlackBot } from './senders/slack-bot';

/** The form of messages of each kind of channel. */
export const formats: Readonly<Record<HookKind, ChannelFormat>> = {
  webhook: webhookFormat,
  wecom: wecomFormat,
  dingtalk: dingtalkFormat,
  feishu: feishuFormat,
  slack: slackFormat,
  teams: teamsFormat,
};

/** Creates the sender of a kind whose messages are one POST request. None of these services can change a message later. */
function hookSender(kind: HookKind): Sender {
  const { build, findFailure } = formats[kind];
  return async ({ message, target, at }, { privateHosts }) =>
    toOutcome(findFailure(await postMessage(build(message, target, at), privateHosts)));
}

/** The sender of each kind of channel. */
const senders: Readonly<Record<ChannelKind, Sender>> = {
  webhook: hookSender('webhook'),
  wecom: hookSender('wecom'),
  dingtalk: hookSender('dingtalk'),
  feishu: hookSender('feishu'),
  slack: hookSender('slack'),
  slackBot: sendBySlackBot,
  teams: hookSender('teams'),
  email: sendMail,
};

/** About two hours in all: 5 s, 10 s, … up to 30 min. */
const backoff = { baseMs: 5000, capMs: 1_800_000 };
const attemptsMax = 14;
/** A channel gets this many messages in a round, which starts every two seconds: robots accept 20 a minute. */
const atOnceMax = 5;
const errorMax = 300;

export type DeliveryDeps = SenderDeps & {
  readonly db: Database;
  /** Opens the targets of channels. */
  readonly keys: KeyRing;
  /** The address of the dashboard, without a slash at its end. */
  readonly baseUrl: string;
  /** Signs the links with which alerts can be acted on; undefined = there are none, as without sign-in. */
  readonly linkKey: string | undefined;
  readonly now: () => Date;
};

type Channel = typeof alertChannels.$inferSelect;
type Delivery = typeof alertDeliveries.$inferSelect;

const needsTarget = 'Enter the target of this channel again.';

function openTarget({ id, sealed }: Channel, keys: KeyRing): ChannelTarget {
  return ChannelTarget.parse(JSON.parse(keys.open(sealed, sealingContext.alertChannel(id))));
}

/** Describes why nothing was sent, or no answer came. Messages of Node name hosts, addresses and ports, never paths. */
function describeError(error: unknown): Pick<SendOutcome, 'error' | 'isFinal'> & { readonly error: string } {
  if (error instanceof RefusedTargetError) return { error: error.message, isFinal: true };
  if (error instanceof SealedTextError) return { error: `${error.message} ${needsTarget}`, isFinal: true };
  if (!(error instanceof Error)) return { error: String(error), isFinal: false };
  const isLate = error.name === 'TimeoutError' || error.name === 'AbortError';
  return { error: isLate ? 'no answer within 15 s' : error.message, isFinal: false };
}

/** Removes the parts of a target from a text: a receiver may return the address that it was called with. */
function withoutTarget(text: string, { url, secret, mail }: ChannelTarget): string {
  const { pathname, search, searchParams, hash } = new URL(url);
  const parts = [url, pathname, search, hash, secret ?? '', ...searchParams.values(), ...pathname.split('/')];
  return [...parts, mail?.user ?? '']
    .filter((part) => part.length >= 8)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, part) => rest.replaceAll(part, '…'), text);
}

/** Returns the reference of the last message about an incident; null = none can be changed. */
async function findPrevious({ channelId, incident }: Delivery, db: Database): Promise<string | null> {
  const [found] = await db
    .select({ reference: alertDeliveries.reference })
    .from(alertDeliveries)
    .where(
      and(
        eq(alertDeliveries.channelId, channelId),
        eq(alertDeliveries.incident, incident),
        isNotNull(alertDeliveries.reference),
      ),
    )
    .orderBy(desc(alertDeliveries.id))
    .limit(1);
  return found?.reference ?? null;
}

/** Sends one message. */
async function send(delivery: Delivery, channel: Channel, deps: DeliveryDeps): Promise<SendOutcome> {
  let target: ChannelTarget | null = null;
  try {
    target = openTarget(channel, deps.keys);
    const { alert, id } = delivery;
    const actions = await makeLinks(alert, delivery, deps);
    const message = { ...alert, deliveryId: `alert_${id}`, link: deps.baseUrl + alert.path, actions };
    const previous = await findPrevious(delivery, deps.db);
    const sent = await senders[channel.kind]({ message, target, at: deps.now(), previous }, deps);
    return sent.error === null ? sent : { ...sent, error: withoutTarget(sent.error, target) };
  } catch (error) {
    const failure = { ...describeError(error), isAccepted: false, reference: null };
    return target === null ? failure : { ...failure, error: withoutTarget(failure.error, target) };
  }
}

/** Attempts one delivery, and stores its outcome; returns whether the channel accepted it. */
async function attempt(delivery: Delivery, channel: Channel, deps: DeliveryDeps): Promise<boolean> {
  const { error, isAccepted, isFinal, reference } = await send(delivery, channel, deps);
  const at = deps.now();
  const attempts = delivery.attempts + 1;
  const isOver = isAccepted || isFinal || attempts >= attemptsMax;
  // At least half of the ceiling, so that a failing channel is not called at once.
  const pauseMs = fullJitterMs(attempts, backoff, () => 0.5 + Math.random() / 2);
  await deps.db
    .update(alertDeliveries)
    .set({
      attempts,
      delivery: isAccepted ? 'sent' : isOver ? 'failed' : 'waiting',
      error: error === null ? null : shorten(storableText(error), errorMax),
      reference,
      nextAt: new Date(at.getTime() + pauseMs),
      endedAt: isOver ? at : null,
    })
    .where(eq(alertDeliveries.id, delivery.id));
  return isAccepted;
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
