import type { LinkAction } from '@/lib/action-link';
import type { Alert, AlertEventKind, AlertSeverity } from '@/lib/alerts/alert';
import type { ChannelKind, DeliveryState } from '@/lib/alerts/channel';
import type { GuardMeasure } from '@/lib/diversion/cutover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { FailoverProgress, StuckFailover } from '@/lib/run/model/failover';
import type { RunId } from '@/lib/run/model/run-id';
import type { BreachState } from '@/lib/run/model/run-watch';
import type { Answer } from './answer';

/** The reason why a run or a Switch needs attention, with the values of its one-line text. */
export type AlertReason =
  /** The run was started without the approvals that its plan needs. */
  | { readonly kind: 'breakGlass'; readonly actor: string; readonly reason: string }
  /** The run is stopped. */
  | { readonly kind: 'drift' | 'notEffective'; readonly object: string }
  | { readonly kind: 'cloudError'; readonly action: string; readonly code: string }
  | { readonly kind: 'probeFailed'; readonly address: string }
  | { readonly kind: 'internal' | 'invalid' }
  /** A guard stopped the run, or rolled it back. */
  | {
      readonly kind: 'guardStopped' | 'guardRolledBack';
      readonly measure: GuardMeasure;
      readonly value: number;
      readonly limit: number;
    }
  /** A guard was breached after the run had ended, which rolls nothing back; `failed`: probes that failed then. */
  | {
      readonly kind: 'guardBreached';
      readonly measure: GuardMeasure;
      readonly value: number;
      readonly limit: number;
      readonly failed: readonly string[];
      readonly state: BreachState;
    }
  /** T0 was missed: a person decides, or the run has stopped. */
  | { readonly kind: 'missedT0' }
  | { readonly kind: 'stoppedAfterT0'; readonly lateMs: number }
  /** A Switch has failed over, as far as its run has come; null = its run does not say to which side. */
  | { readonly kind: 'failedOver'; readonly toward: SwitchSide | null; readonly progress: FailoverProgress }
  /** The side that serves fails, and failover can't move traffic away; null = it is unknown which side serves. */
  | {
      readonly kind: 'failoverStuck';
      readonly serving: SwitchSide | null;
      readonly why: StuckFailover['kind'];
    };

export type AlertSubject =
  | { readonly kind: 'run'; readonly id: RunId }
  | { readonly kind: 'switch'; readonly id: string };

/** A run or a Switch that needs a person, until that is resolved or acknowledged. */
export type AlertView = {
  readonly subject: AlertSubject;
  readonly name: string;
  /** Identifies one of the subject's alerts: an acknowledgement concerns this one, and the next one shows again. */
  readonly occurrence: string;
  /** ISO instant. */
  readonly since: string;
  readonly reason: AlertReason;
};

/** `acknowledged`: neither open nor resolved. */
export type AlertCount = { readonly open: number; readonly acknowledged: number };

export type AlertsView = {
  /** The newest open ones. */
  readonly open: readonly AlertView[];
  readonly runs: AlertCount;
  readonly switches: AlertCount;
};

/** An alert as one person sees it. */
export type OwnAlertView = AlertView & {
  /** Their roles permit that they acknowledge it. */
  readonly mayAcknowledge: boolean;
};

export type OwnAlertsView = Omit<AlertsView, 'open'> & { readonly open: readonly OwnAlertView[] };

/** The states of a link: `used`, `expired`, or `changed`: the run has gone on, or the plan is another one. */
export type AlertLinkState = 'ready' | 'used' | 'expired' | 'changed';

/** A link of an alert: what it does, and whether it still can. */
export type AlertLinkView = {
  readonly action: LinkAction;
  /** The id of the plan or the run, with its page. */
  readonly subject: string;
  readonly path: string;
  /** The name of its diversion, and that of the account. */
  readonly name: string;
  readonly connection: string;
  readonly hash: string;
  /** ISO instant. */
  readonly expiresAt: string;
  readonly state: AlertLinkState;
};

/** A channel that alerts are sent to. Its target can't be read again. */
export type AlertChannelView = {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** The host of its target. */
  readonly host: string;
  readonly events: readonly AlertEventKind[];
  readonly minSeverity: AlertSeverity;
  /** null = all. */
  readonly connectionId: string | null;
  /** Empty = all. */
  readonly regions: readonly string[];
  readonly domains: readonly string[];
  /** The minutes before T0 and T1 at which it is told that a run moves traffic, or rolls back. */
  readonly leadMinutes: readonly number[];
};

export type AlertDeliveryView = {
  readonly id: number;
  readonly channelName: string;
  readonly event: Alert['event'];
  readonly title: string;
  readonly text: string;
  /** The page where the alert is resolved. */
  readonly path: string;
  readonly delivery: DeliveryState;
  readonly attempts: number;
  /** The reason why the last attempt failed. */
  readonly error: string | null;
  /** ISO instants: when it ended or was queued, and of the next attempt while it waits. */
  readonly at: string;
  readonly nextAt: string | null;
};

/** `alertChannel.list`. The newest deliveries first. */
export type AlertChannelsView = {
  readonly channels: readonly AlertChannelView[];
  readonly deliveries: readonly AlertDeliveryView[];
};

/** Acknowledges an alert: it leaves the banner and the title, for everyone. */
export type AcknowledgeAlertAction = (input: {
  subject: AlertSubject;
  occurrence: string;
  reason: string;
}) => Answer<null>;

/** Withdraws an acknowledgement: the alert is open again. */
export type ReopenAlertAction = (input: { subject: AlertSubject; occurrence: string }) => Answer<null>;

type AlertRouteInput = {
  name: string;
  events: readonly AlertEventKind[];
  minSeverity?: AlertSeverity;
  /** null = all. */
  connectionId: string | null;
  /** Empty = all. */
  regions?: readonly string[];
  domains?: readonly string[];
  leadMinutes?: readonly number[];
};

/** The target of a channel. A field that its kind doesn't have is null. */
export type AlertTargetInput = {
  url: string;
  secret: string | null;
  conversation: string | null;
  mail: { user: string | null; from: string; to: readonly string[] } | null;
};

/** Adds a channel of alerts. Only this answer has the signing secret that Spillway makes for a webhook. */
export type AddAlertChannelAction = (
  input: AlertRouteInput & AlertTargetInput & { kind: ChannelKind },
) => Answer<{ id: string; secret: string | null }>;

/** Changes a channel; without a target, it keeps its own. Only this answer has the new signing secret of a webhook. */
export type ChangeAlertChannelAction = (
  input: AlertRouteInput & { id: string; target: AlertTargetInput | null },
) => Answer<{ secret: string | null }>;

/** Does what a link of an alert says, once, with the rights of the person who asks. */
export type UseAlertLinkAction = (input: { token: string; reason: string }) => Answer<null>;

export type RemoveAlertChannelAction = (input: { id: string }) => Answer<null>;

export type TestAlertChannelAction = (input: { id: string }) => Answer<null>;
