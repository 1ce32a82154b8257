import { z } from 'zod';

export const channelKinds = ['webhook', 'wecom', 'dingtalk', 'feishu', 'slack', 'teams'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** The kinds that sign with a secret which the other side shows. A webhook's secret is made by Spillway. */
export const kindsWithSecret: readonly ChannelKind[] = ['dingtalk', 'feishu'];

/** The destination of a channel. All of it is a credential. */
export const ChannelTarget = z.object({
  url: z.string(),
  /** null = messages are not signed. */
  secret: z.string().nullable(),
});
export type ChannelTarget = Readonly<z.infer<typeof ChannelTarget>>;

/** The states of a delivery: `waiting` is also one that is retried. */
export const deliveryStates = ['waiting', 'sent', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
