import { ShieldAlert, ShieldCheck, ShieldOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Button } from '@/components/ui/button';
import { Chip, type ChipTone, Status, type StatusTone } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ArmSwitchAction, DisarmSwitchAction } from '@/lib/client/actions';
import type { SwitchView } from '@/lib/client/switch-views';
import { routes } from '@/lib/routes';
import { ArmFailover } from './arm-failover';
import { oppositeSide } from './control';
import { DecisionText } from './decision-text';
import { usePolicyWords } from './failover-words';
import { useSwitchAction } from './use-switch-action';

const looks: Readonly<Record<SwitchView['state'], { tone: ChipTone; icon: typeof ShieldOff }>> = {
  off: { tone: 'neutral', icon: ShieldOff },
  armed: { tone: 'ok', icon: ShieldCheck },
  failedOver: { tone: 'bad', icon: ShieldAlert },
};

/** The state of failover. The text carries it; colour and shield repeat it. */
export function FailoverChip({ state }: { readonly state: SwitchView['state'] }) {
  const t = useTranslations('switch.failover');
  const look = looks[state];
  return (
    <Chip tone={look.tone} icon={<look.icon aria-hidden />}>
      {t(state)}
    </Chip>
  );
}

export type FailoverActions = {
  readonly armSwitch: ArmSwitchAction;
  readonly disarmSwitch: DisarmSwitchAction;
};

type FailoverLineProps = FailoverActions & { readonly view: SwitchView };

/**
 * The action that failover would take or has taken, its current decision, and the buttons that enable and disable it.
 */
export function FailoverLine({ view, armSwitch, disarmSwitch }: FailoverLineProps) {
  const t = useTranslations('switch');
  const policyWords = usePolicyWords();
  const [isArming, setIsArming] = useState(false);
  const disarming = useSwitchAction(disarmSwitch);
  const isBound = view.sides !== null && view.sides.cvm.bound > 0 && view.sides.function.bound > 0;
  const { decision, state } = view;
  const tone: StatusTone = decision?.kind === 'healthy' ? 'ok' : 'warn';
  const whyId = `failover-why-${view.id}`;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-line px-4 py-2.5 text-12">
      <div className="grid min-w-0 flex-1 basis-80 gap-1 text-ink-2">
        {state === 'failedOver' ? <FailedOver view={view} /> : null}
        {state === 'armed' ? (
          <>
            <p>{policyWords(view)}</p>
            {decision === null ? null : (
              <Status tone={tone}>
                <span className="whitespace-normal">
                  <DecisionText view={view} />
                </span>
              </Status>
            )}
            <p className="text-11 text-ink-3">
              {t.rich('failover.setBy', { actor: view.setBy, time: () => <Time at={view.setAt} /> })}
            </p>
          </>
        ) : null}
        {state === 'off' && isBound ? <p>{t('failover.byHand')}</p> : null}
        {state === 'armed' || isBound ? null : <p id={whyId}>{t('failover.needsBound')}</p>}
        <ActionFailure action={disarming} />
      </div>
      <div className="max-md:hidden">
        {state === 'armed' ? (
          <Button busy={disarming.isBusy} onClick={() => disarming.give(view.id)}>
            {t('failover.disarm')}
          </Button>
        ) : (
          <Button disabled={!isBound} aria-describedby={whyId} onClick={() => setIsArming(true)}>
            {t('failover.arm')}
          </Button>
        )}
      </div>
      {isArming ? <ArmFailover view={view} armSwitch={armSwitch} onClose={() => setIsArming(false)} /> : null}
    </div>
  );
}

function FailedOver({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  // The run knows its target before the estate is synced again.
  const left = t(`side.${oppositeSide(view.lastRun?.toward ?? view.serving ?? 'function')}`);
  return (
    <>
      <p className="font-medium text-bad-ink">
        {t('failover.stayed', { side: left })}{' '}
        {view.lastRun ? (
          <TextLink href={routes.run(view.lastRun.id)}>{t('run', { run: view.lastRun.id })}</TextLink>
        ) : null}
      </p>
      <p>{t('failover.stays', { side: left })}</p>
    </>
  );
}
