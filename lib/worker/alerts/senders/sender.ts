import type { ChannelTarget } from '@/lib/alerts/channel';
import type { AlertMessage } from '@/lib/worker/alerts/formats/channel-format';

export type SenderDeps = {
  /** The hosts that may have any address, and may be reached without TLS. */
  readonly privateHosts: readonly string[];
  /** Certificates that are trusted instead of Node's own, in PEM. */
  readonly trusted?: string;
};

/** One attempt to send a message. */
export type Sending = {
  readonly message: AlertMessage;
  readonly target: ChannelTarget;
  /** The time of this attempt, for signatures. */
  readonly at: Date;
  /** The reference of the last message about the same incident; null = there is none. */
  readonly previous: string | null;
};

/** The outcome of an attempt. */
export type SendOutcome = {
  /** The reason why it was not accepted, or by whom not; null = it was by all. */
  readonly error: string | null;
  readonly isAccepted: boolean;
  /** Trying again does not help. */
  readonly isFinal: boolean;
  /** Names the message, so that the next one about its incident can change it; null = it can't be changed. */
  readonly reference: string | null;
};

/**
 * Sends a message to a channel of one kind.
 * @throws RefusedTargetError if the target may not be connected to; Error if there is no answer in time
 */
export type Sender = (sending: Sending, deps: SenderDeps) => Promise<SendOutcome>;

/** Returns the outcome of an answer: `error` is null if it was accepted. */
export function toOutcome(error: string | null, reference: string | null = null): SendOutcome {
  return { error, isAccepted: error === null, isFinal: false, reference: error === null ? reference : null };
}
