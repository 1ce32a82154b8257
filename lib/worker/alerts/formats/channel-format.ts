import type { LinkAction } from '@/lib/action-link';
import type { Alert } from '@/lib/alerts/alert';
import type { ChannelTarget } from '@/lib/alerts/channel';

/** An alert with what a message adds to it. */
export type AlertMessage = Alert & {
  /** Identifies the delivery: the same for each attempt. */
  readonly deliveryId: string;
  /** The absolute address of the page where the alert is resolved. */
  readonly link: string;
  /** Links to act on it, after a sign-in. */
  readonly actions: readonly MessageAction[];
};

export type MessageAction = { readonly action: LinkAction; readonly label: string; readonly url: string };

/** Returns the links of a message: to its page, then those to act on it. */
export function listMessageLinks({ link, actions }: Pick<AlertMessage, 'link' | 'actions'>) {
  return [{ label: 'Open in Spillway', url: link }, ...actions];
}

/** Returns the links of a message as Markdown, in one line. */
export const linksInMarkdown = (message: Pick<AlertMessage, 'link' | 'actions'>) =>
  listMessageLinks(message)
    .map(({ label, url }) => `[${label}](${url})`)
    .join(' · ');

/** A POST request. */
export type ChannelRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type ChannelAnswer = { readonly status: number; readonly body: string };

/** The form of messages of one kind of channel. */
export type ChannelFormat = {
  /** @param at the time of this attempt, for signatures */
  build(message: AlertMessage, target: ChannelTarget, at: Date): ChannelRequest;
  /** Returns why an answer means that the message was not accepted; null = it was. */
  findFailure(answer: ChannelAnswer): string | null;
};

const charsMax = 200;

/** Returns the request of a JSON message. */
export function jsonRequest(url: string, message: unknown): ChannelRequest {
  return {
    url,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(message),
  };
}

/** Returns why the status of an answer means a failure; null for 2xx. Redirects are not followed. */
export function findStatusFailure({ status, body }: ChannelAnswer): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `status ${status}: redirects are not followed`;
  const said = body.trim().slice(0, charsMax);
  return said === '' ? `status ${status}` : `status ${status}: ${said}`;
}

/**
 * Returns why an answer means a failure for services that answer 200 with a code in the body; null if the code is 0.
 * @param names the fields of the code and of its message
 */
export function findCodeFailure(
  answer: ChannelAnswer,
  names: { readonly code: string; readonly message: string },
): string | null {
  const failure = findStatusFailure(answer);
  if (failure !== null) return failure;
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.body);
  } catch {
    return `the answer is no JSON: ${answer.body.slice(0, charsMax)}`;
  }
  const fields = new Map<string, unknown>(
    typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [],
  );
  const code = fields.get(names.code);
  if (code === 0) return null;
  if (typeof code !== 'number') return `the answer has no ${names.code}`;
  const said = fields.get(names.message);
  return `${names.code} ${code}: ${typeof said === 'string' ? said.slice(0, charsMax) : 'no message'}`;
}

/** Cuts a text to a number of UTF-8 bytes, at a character. */
export function cutToBytes(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const ellipsis = '…';
  let bytes = Buffer.byteLength(ellipsis);
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept + ellipsis;
}

/**
 * Keeps programs from making links or mentions of a text that people have chosen: a zero-width space separates what they
 * recognize them by. Marks that change the direction of text are left out.
 */
export function breakLinks(text: string): string {
  return text
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll('://', ':\u200b//')
    .replaceAll(/(?<=\bwww)\.|(?<=\p{L})\.(?=\p{L}{2,}[/?#])/giu, '\u200b.')
    .replaceAll(/(?<=\])(?=\()|(?<=<)(?=[!@])/g, '\u200b');
}

/** Takes the meaning of Markdown, and its links, from a text that people have chosen. */
export function escapeMarkdown(text: string): string {
  return breakLinks(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`)
    .replaceAll(/\s+/g, ' ');
}
