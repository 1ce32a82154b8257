import type { HookKind } from '@/lib/alerts/channel';
import type { ChannelFormat } from './channel-format';
import { dingtalkFormat } from './dingtalk';
import { feishuFormat } from './feishu';
import { slackFormat } from './slack';
import { teamsFormat } from './teams';
import { webhookFormat } from './webhook';
import { wecomFormat } from './wecom';

/** The form of messages of each kind of channel. */
export const formats: Readonly<Record<HookKind, ChannelFormat>> = {
  webhook: webhookFormat,
  wecom: wecomFormat,
  dingtalk: dingtalkFormat,
  feishu: feishuFormat,
  slack: slackFormat,
  teams: teamsFormat,
};
