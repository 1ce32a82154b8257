import { z } from 'zod';

export const channelKinds = [
  'webhook',
  'wecom',
  'dingtalk',
  'feishu',
  'slack',
  'slackBot',
  'teams',
  'email',
] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** The kinds that get their messages by a POST request to an address of their own. */
export type HookKind = Exclude<ChannelKind, 'slackBot' | 'email'>;

/** The kinds with a secret that the other side shows or sets. A webhook's secret is made by Spillway. */
export const kindsWithSecret: readonly ChannelKind[] = ['dingtalk', 'feishu', 'slackBot', 'email'];

/** The address of Slack's Web API. GovSlack has another: https://docs.slack.dev/govslack */
export const slackApiUrl = 'https://slack.com/api/';

/** An address without a display name, quotes or comments: nothing in it can begin another header or recipient. */
const isMailAddress = (text: string) => z.email().max(254).safeParse(text).success;

/** The people who get e-mail, and the account that sends it. */
export const Mail = z.object({
  /** null = the server needs no sign-in; the secret is the password. */
  user: z.string().trim().min(1).max(254, 'alertChannel.user').nullable(),
  from: z.string().trim().refine(isMailAddress, 'alertChannel.from'),
  to: z
    .array(z.string().trim())
    .min(1, 'alertChannel.to')
    .max(50, 'alertChannel.to')
    .refine((list) => list.every(isMailAddress), 'alertChannel.to'),
});
export type Mail = Readonly<z.infer<typeof Mail>>;

/** The destination of a channel. All of it is a credential. */
export const ChannelTarget = z.object({
  /** For e-mail, `smtps://host:port` or `smtp://host:port`. */
  url: z.string(),
  /** The signing secret, the token of a bot, or a password. null = messages are not signed. */
  secret: z.string().nullable(),
  /** The id of the conversation that a Slack bot posts to. */
  conversation: z.string().nullable().default(null),
  mail: Mail.nullable().default(null),
});
export type ChannelTarget = Readonly<z.infer<typeof ChannelTarget>>;

/** The states of a delivery: `waiting` is also one that is retried. */
export const deliveryStates = ['waiting', 'sent', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
