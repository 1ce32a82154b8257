import { ChevronRight, LockKeyhole, LockKeyholeOpen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain } from '@/components/confirm/domain-confirm';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { ActionFailure } from '@/components/shell/action-failure';
import { signed } from '@/components/ui/base/signed';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import { useMay } from '@/lib/client/session/rights';
import type { MoveSwitchAction, RemoveSwitchAction, SwitchView } from '@/lib/contract/switch';
import type { RampStep } from '@/lib/diversion/switch';
import { routes } from '@/lib/routes';
import { ArmedPanel } from './armed-panel';
import { type ControlChoice, type ControlOff, findControlOff, getTowardSide } from './control';
import { ControlChoices } from './control-choices';
import { ControlTrack } from './control-track';
import { type FailoverActions, FailoverChip, FailoverLine } from './failover-line';
import { SideCard } from './side-card';
import { SwitchFoot } from './switch-foot';
import { SwitchNotes } from './switch-notes';
import { armedMs, useArmed } from './use-armed';
import { useSwitchAction } from './use-switch-action';

const tickMs = 250;

/** Replaces the Arm button and shows the countdown. With reduced motion, it shows only the seconds. */
function ArmedBadge({ until }: { readonly until: number }) {
  const t = useTranslations('switch.control');
  const now = useNow(tickMs) ?? until - armedMs;
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return (
    <span className="relative inline-flex h-10 items-center gap-1.5 overflow-hidden rounded-md border border-warn-line px-4 font-semibold text-warn-ink tabular-nums">
      <span
        aria-hidden
        className="absolute inset-0 origin-left scale-x-0 bg-warn-soft transition-transform duration-[10s] ease-linear starting:scale-x-100 motion-reduce:scale-x-100 motion-reduce:transition-none"
      />
      <LockKeyholeOpen aria-hidden className="relative size-4" />
      <span className="relative">{t('armed', { seconds })}</span>
    </span>
  );
}

export type SwitchActions = FailoverActions & {
  readonly moveSwitch: MoveSwitchAction;
  readonly removeSwitch: RemoveSwitchAction;
};

type SwitchRowProps = SwitchActions & {
  readonly view: SwitchView;
  /** Announces text in the page's live region. */
  readonly onAnnounce: (text: string) => void;
};

type Chosen = Omit<ControlChoice, 'toward'> & { readonly toward: ControlChoice['toward'] | null };
const firstChoice: Chosen = { toward: null, shape: 'flip', bake: '5', typed: '' };

/** One Switch: its two sides, the guarded switch control between them, and its failover. */
export function SwitchRow({ view, onAnnounce, ...actions }: SwitchRowProps) {
  const t = useTranslations('switch');
  const router = useRouter();
  const [chosen, setChosen] = useState<Chosen>(firstChoice);
  const choice: ControlChoice = { ...chosen, toward: getTowardSide(view, chosen.toward) };
  const off = findControlOff(view, choice);
  const offText = useControlOffText(off);
  const mayMove = useMay('operate');
  const mayMoveOthers = useMay('operate', 'somewhere');
  const side = t(`side.${choice.toward}`);
  const cover = useArmed({ onExpire: () => onAnnounce(t('control.expired')) });
  const moving = useSwitchAction(actions.moveSwitch, ({ planId, runId }, isHere) => {
    if (isHere) router.push(runId === null ? routes.plan(planId) : routes.run(runId));
  });
  // The page changes once the run is stored; until then the control must not be confirmed again.
  const isBusy = moving.isBusy || moving.isDone;
  const isOpen = (cover.until !== null && off === null) || isBusy;
  const whyId = `control-why-${view.id}`;

  function arm() {
    moving.forget();
    cover.arm();
    onAnnounce(t('control.armedAnnouncement', { domain: view.domain, side }));
  }
  function confirmSwitch(ramp: readonly RampStep[]) {
    cover.disarm();
    const typedDomain = view.connectionKind === 'tencent' ? asDomain(choice.typed) : null;
    moving.send({ switchId: view.id, toward: choice.toward, ramp, typedDomain });
  }

  return (
    <article
      id={view.id}
      data-keeps-focus
      aria-label={view.domain}
      className={classes(
        'min-w-0 scroll-mt-16 rounded-lg target:outline-2 target:outline-offset-2 target:outline-accent border bg-surface',
        isOpen
          ? 'border-accent ring-1 ring-accent'
          : view.state === 'failedOver'
            ? 'border-bad-line'
            : 'border-line',
      )}
    >
      <div className="grid items-center gap-x-4 gap-y-2 px-4 pt-2 pb-3.5 lg:grid-cols-[minmax(0,1fr)_minmax(200px,248px)_minmax(0,1fr)]">
        <header className="flex min-h-10 min-w-0 flex-wrap items-center gap-x-3 gap-y-1 lg:col-span-3">
          <h2 className="text-16 tracking-tight">{view.domain}</h2>
          <FailoverChip view={view} />
          <span className="text-11 text-ink-3">{view.connectionName}</span>
          <MovedText view={view} />
          {mayMove ? (
            <div className="flex items-center gap-2 max-md:hidden">
              <span id={whyId} className="text-right text-12 text-ink-2">
                {isOpen ? '' : offText}
              </span>
              {isOpen && cover.until !== null ? (
                <ArmedBadge until={cover.until} />
              ) : (
                <Button
                  ref={cover.armButton}
                  size="lg"
                  disabled={off !== null}
                  busy={isBusy}
                  icon={off === null ? null : <LockKeyhole aria-hidden />}
                  aria-describedby={whyId}
                  onClick={arm}
                >
                  {t('control.arm')}
                  {off === null ? <ChevronRight aria-hidden /> : null}
                </Button>
              )}
            </div>
          ) : mayMoveOthers ? (
            <span className="text-12 text-ink-2">{t('notCovered')}</span>
          ) : null}
        </header>
        <SideCard view={view} side="cvm" />
        <ControlTrack
          cvm={view.sides?.cvm.share ?? null}
          function={view.sides?.function.share ?? null}
          isOff={off !== null || !mayMove}
        />
        <SideCard view={view} side="function" />
        {isOpen || !mayMove ? null : (
          <div className="lg:col-span-3">
            <ControlChoices
              view={view}
              choice={choice}
              onChange={(change) => setChosen((before) => ({ ...before, ...change }))}
            />
          </div>
        )}
      </div>
      <div className="empty:hidden px-4 pb-3">
        <ActionFailure
          action={moving}
          unknownNote={t.rich('control.unknownNote', {
            diversions: (text) => <TextLink href={routes.diversions()}>{text}</TextLink>,
          })}
        />
      </div>
      {isOpen && view.sides !== null ? (
        <ArmedPanel
          view={view}
          choice={choice}
          isBusy={isBusy}
          switchButton={cover.switchButton}
          onSwitch={confirmSwitch}
          onDisarm={cover.disarm}
        />
      ) : (
        <>
          <SwitchNotes view={view} toward={choice.toward} />
          <FailoverLine
            view={view}
            enableFailover={actions.enableFailover}
            disableFailover={actions.disableFailover}
          />
          <SwitchFoot view={view} removeSwitch={actions.removeSwitch} />
        </>
      )}
    </article>
  );
}

/** Returns the reason why the control is disabled, as text; empty if it is not. */
function useControlOffText(off: ControlOff | null): string {
  const t = useTranslations('switch');
  if (off === null) return '';
  switch (off.why) {
    case 'blocked':
      return t('control.off.blocked', { count: off.count });
    case 'unbound':
    case 'nothing':
      return t(`control.off.${off.why}`, { side: t(`side.${off.side}`) });
    case 'gone':
    case 'bake':
    case 'typed':
      return t(`control.off.${off.why}`);
  }
}

/** The time, actor and run of the last move. */
function MovedText({ view }: { readonly view: SwitchView }) {
  const t = useTranslations('switch');
  const { movedAt, lastRun } = view;
  return (
    <span className="flex flex-wrap items-center gap-2 text-11 text-ink-3 md:ml-auto">
      {movedAt === null ? (
        t('never')
      ) : (
        <span>
          {lastRun === null
            ? t.rich('moved', { time: () => <Time at={movedAt} /> })
            : t.rich('movedBy', signed(lastRun.actor, movedAt))}
        </span>
      )}
      {lastRun === null ? null : (
        <>
          <TextLink href={routes.run(lastRun.id)}>{t('run', { run: lastRun.id })}</TextLink>
          <RunStateMark state={lastRun.state} hasOutage={lastRun.hasOutage} />
        </>
      )}
    </span>
  );
}
