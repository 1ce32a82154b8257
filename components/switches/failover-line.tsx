import { ShieldAlert, ShieldCheck, ShieldOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { signed } from '@/components/ui/base/signed';
import { Button } from '@/components/ui/button';
import { Chip, type ChipTone, Status, type StatusTone } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type { DisableFailoverAction, EnableFailoverAction, SwitchView } from '@/lib/contract/switch';
import { routes } from '@/lib/routes';
import {
  type FailoverDecision,
  type FailoverProgress,
  failoverProgress,
  stuckKinds,
} from '@/lib/run/model/failover';
import { BlockedDecision } from './blocked-decision';
import { oppositeSide } from './control';
import { EnableFailover } from './enable-failover';
import { useSwitchAction } from './use-switch-action';

const looks: Readonly<Record<SwitchView['state'], { tone: ChipTone; icon: typeof ShieldOff }>> = {
  disabled: { tone: 'neutral', icon: ShieldOff },
  enabled: { tone: 'ok', icon: ShieldCheck },
  failedOver: { tone: 'bad', icon: ShieldAlert },
};

/** The state of failover and its progress. The text carries the meaning; colour and shield repeat it. */
export function FailoverChip({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch.failover');
  const look = looks[view.state];
  return (
    <Chip tone={look.tone} icon={<look.icon aria-hidden />}>
      {view.state === 'failedOver' ? t(`failedOver.${findProgress(view)}`) : t(view.state)}
    </Chip>
  );
}

/** Returns the progress of a Switch's failover. While it has failed over, its last run is that of the failover. */
export function findProgress({ lastRun }: Pick<SwitchView, 'lastRun'>): FailoverProgress {
  return lastRun === null ? 'moved' : failoverProgress(lastRun.state);
}

export type FailoverActions = {
  readonly enableFailover: EnableFailoverAction;
  readonly disableFailover: DisableFailoverAction;
};

type FailoverLineProps = FailoverActions & { readonly view: SwitchView };

/**
 * The action that failover would take or has taken, its current decision, and the buttons that enable and disable it.
 */
export function FailoverLine({ view, enableFailover, disableFailover }: FailoverLineProps) {
  const t = useTranslations('switch');
  const policyWords = usePolicyWords();
  const mayOperate = useMay('operate');
  const [isEnabling, setIsEnabling] = useState(false);
  const disabling = useSwitchAction(disableFailover);
  const isBound = view.sides !== null && view.sides.cvm.bound > 0 && view.sides.function.bound > 0;
  const { decision, state } = view;
  const tone = decision === null ? 'warn' : toTone(decision.kind);
  const whyId = `failover-why-${view.id}`;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-line px-4 py-2.5 text-12">
      <div className="grid min-w-0 flex-1 basis-80 gap-1 text-ink-2">
        {state === 'failedOver' ? <FailedOver view={view} /> : null}
        {state === 'enabled' ? (
          <>
            <p>{policyWords(view)}</p>
            {decision === null ? null : (
              <Status tone={tone}>
                <span className="whitespace-normal">
                  <DecisionText view={view} />
                </span>
              </Status>
            )}
            <p className="text-11 text-ink-3">{t.rich('failover.setBy', signed(view.setBy, view.setAt))}</p>
          </>
        ) : null}
        {state === 'disabled' && isBound ? <p>{t('failover.manual')}</p> : null}
        {state === 'enabled' || isBound ? null : <p id={whyId}>{t('failover.needsBound')}</p>}
        <ActionFailure action={disabling} />
      </div>
      <div className="max-md:hidden">
        {!mayOperate ? null : state === 'enabled' ? (
          <Button busy={disabling.isBusy} onClick={() => disabling.send(view.id)}>
            {t('failover.disable')}
          </Button>
        ) : (
          <Button disabled={!isBound} aria-describedby={whyId} onClick={() => setIsEnabling(true)}>
            {t('failover.enable')}
          </Button>
        )}
      </div>
      {isEnabling ? (
        <EnableFailover view={view} enableFailover={enableFailover} onClose={() => setIsEnabling(false)} />
      ) : null}
    </div>
  );
}

function toTone(kind: FailoverDecision['kind']): StatusTone {
  if (kind === 'healthy') return 'ok';
  return stuckKinds.includes(kind) ? 'bad' : 'warn';
}

function FailedOver({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  // The run has its target before the estate is synced again.
  const left = t(`side.${oppositeSide(view.lastRun?.toward ?? view.serving ?? 'function')}`);
  const progress = findProgress(view);
  return (
    <>
      <p className="font-medium text-bad-ink">
        {t(`failover.outcome.${progress}`, { side: left })}{' '}
        {view.lastRun ? (
          <TextLink href={routes.run(view.lastRun.id)}>{t('run', { run: view.lastRun.id })}</TextLink>
        ) : null}
      </p>
      {progress === 'stopped' || progress === 'rollingBack' ? null : (
        <p>
          {t(progress === 'moved' || progress === 'moving' ? 'failover.stays' : 'failover.again', {
            side: left,
          })}
        </p>
      )}
    </>
  );
}

/** The worker's decision after the last round of a Switch with failover enabled, as text. */
function DecisionText({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  const { decision, policy, serving } = view;
  if (decision === null || serving === null) return null;
  const side = t(`side.${serving}`);
  const other = t(`side.${oppositeSide(serving)}`);
  switch (decision.kind) {
    case 'healthy':
      return t('decision.healthy', { side });
    case 'unsure': {
      const { failing } = decision;
      const { quorum, vantages } = policy;
      return t('decision.unsure', { side, failing, quorum, vantages: vantages.length });
    }
    case 'holdDown':
      return t.rich('decision.holdDown', { side, time: () => <Time at={decision.until} /> });
    case 'receiverFails':
      return t('decision.receiverFails', { side, other });
    case 'noRoom': {
      const { value, measure } = decision;
      return t('decision.noRoom', {
        side,
        other,
        measure: t(`measure.${measure}`),
        value: value === null ? t('decision.unread') : t('decision.value', { value }),
      });
    }
    case 'blocked':
      return <BlockedDecision decision={decision} side={side} />;
    case 'failOver':
      return t('decision.failOver', { side });
  }
}

/** Formats a failover's policy in one or two sentences. */
function usePolicyWords(): (view: SwitchView) => string {
  const t = useTranslations('switch');
  return ({ policy, serving }) => {
    const { holdDownS } = policy;
    const hold =
      holdDownS >= 60 && holdDownS % 60 === 0
        ? t('failover.holdMinutes', { minutes: holdDownS / 60 })
        : t('failover.holdSeconds', { seconds: holdDownS });
    const rule = t('failover.policy', {
      side: t(`side.${oppositeSide(serving ?? 'cvm')}`),
      quorum: policy.quorum,
      vantages: policy.vantages.length,
      failures: policy.failures,
      of: policy.of,
      every: policy.everyS,
      proof: policy.proof,
      hold,
    });
    if (policy.capacity.length === 0) return rule;
    const limits = policy.capacity.map(({ measure, limit }) =>
      t('failover.limit', { measure: t(`measure.${measure}`), limit }),
    );
    return `${rule} ${t('failover.limits', { limits: limits.join(', ') })}`;
  };
}
