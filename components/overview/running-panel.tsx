'use client';

import { useTranslations } from 'next-intl';
import { usePhaseShare } from '@/components/run/clock/use-phase-share';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { phaseLook } from '@/components/steps/phase-look';
import { StepTitle } from '@/components/steps/step-title';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { formatCountdown } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { NextEventView, OverviewView, RunningView } from '@/lib/contract/overview';
import { formatNames } from '@/lib/diversion/format-names';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import type { RunPhase } from '@/lib/run/model/run-phases';
import { Part } from './part';

/** The intended shares of both sides: CVM solid from the left, SCF hatched from the right. */
function ShareBar({ functionShare }: { readonly functionShare: number | null }) {
  const t = useTranslations('overview.running');
  if (functionShare === null) return <p className="text-12 text-ink-3">{t('shareUnknown')}</p>;
  const cvm = 100 - functionShare;
  return (
    <div role="img" aria-label={t('share', { cvm, function: functionShare })} className="grid gap-1">
      <div aria-hidden className="flex h-3 overflow-hidden rounded-sm border border-control bg-sunken">
        <i className="bg-cvm" style={{ width: `${cvm}%` }} />
        <i className="ml-auto bg-hatch-scf" style={{ width: `${functionShare}%` }} />
      </div>
      <div aria-hidden className="flex justify-between text-12 text-ink-2 tabular-nums">
        <span className="inline-flex items-center gap-1">
          <KindMark kind="cvm" /> {cvm} %
        </span>
        <span className="inline-flex items-center gap-1">
          {functionShare} % <KindMark kind="scf" />
        </span>
      </div>
    </div>
  );
}

/** The runs in progress: phase, share, and the next event. */
export function RunningPanel({ running }: Pick<OverviewView, 'running'>) {
  const t = useTranslations('overview.running');
  return (
    <Part title={t('title')} part={running}>
      {(runs) =>
        runs.length === 0 ? <p className="px-4 py-3 text-ink-2">{t('none')}</p> : <RunningRows runs={runs} />
      }
    </Part>
  );
}

/** The runs in progress, with their text: most of the time there are none. */
function RunningRows({ runs }: { readonly runs: readonly RunningView[] }) {
  return (
    <ul className="divide-y divide-line">
      {runs.map((each) => (
        <RunningRow key={each.runId} run={each} />
      ))}
    </ul>
  );
}

function RunningRow({ run }: { readonly run: RunningView }) {
  const t = useTranslations('overview.running');
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <TextLink href={routes.run(run.runId)} className="text-16 font-semibold">
          {run.name}
        </TextLink>
        <RunStateMark state={run.state} hasOutage={run.hasOutage} />
        <span className="ml-auto text-12 text-ink-3">{run.connectionName}</span>
      </div>
      <div className="grid gap-x-6 gap-y-2 md:grid-cols-2">
        <div className="grid content-start gap-1">
          {run.phase === null ? null : <PhaseBar phase={run.phase} />}
          <p className="flex justify-between gap-2 text-12 text-ink-2 tabular-nums">
            <span>{formatNames(run.domains, 2)}</span>
            <span>{t('steps', { done: run.done, all: run.all })}</span>
          </p>
        </div>
        <ShareBar functionShare={run.functionShare} />
      </div>
      {run.next === null ? null : (
        <p className="text-14 font-semibold tabular-nums">
          <NextEvent next={run.next} zone={run.zone ?? undefined} />
        </p>
      )}
    </li>
  );
}

/** The current phase of a run, which fills as its steps end; the diverted phase fills by time. */
function PhaseBar({ phase }: { readonly phase: RunPhase }) {
  const t = useTranslations('overview.running');
  const name = useTranslations('plan.phase')(phase.phase);
  const percent = Math.round(usePhaseShare(phase) * 100);
  return (
    <div role="img" aria-label={t('progress', { phase: name, percent })} className="grid gap-1">
      <p aria-hidden className="text-14 font-semibold">
        {name}
      </p>
      <div
        aria-hidden
        className="h-3 overflow-hidden rounded-sm bg-sunken ring-1 ring-line-strong ring-inset"
      >
        <div className={classes('h-full', phaseLook[phase.phase])} style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

type NextEventProps = { readonly next: NextEventView; readonly zone: string | undefined };

function NextEvent({ next, zone }: NextEventProps) {
  const t = useTranslations('overview.running.next');
  const now = useNow(1000);
  switch (next.kind) {
    case 'prewarm':
    case 'T0':
    case 'T1':
    case 'wait': {
      const time = () => <Time at={next.at} zone={zone} />;
      const leftMs = now === null ? 0 : Date.parse(next.at) - now;
      const line =
        leftMs <= 0 ? t.rich('due', { time }) : t.rich(next.kind, { time, left: formatCountdown(leftMs) });
      if (next.kind !== 'wait') return line;
      return (
        <>
          {line}{' '}
          <span className="block text-12 font-normal text-ink-2">
            {t.rich('waitsIn', { step: () => <StepTitle step={next.step} /> })}
          </span>
        </>
      );
    }
    case 'step':
      return t.rich('step', { step: () => <StepTitle step={next.step} /> });
    case 'retry':
      return (
        <>
          {t.rich('retry', { time: () => <Time at={next.since} zone={zone} /> })}
          {next.step === null ? null : (
            <span className="block text-12 font-normal text-ink-2">
              <StepTitle step={next.step} />
            </span>
          )}
        </>
      );
    case 'worker':
    case 'decision':
    case 'resume':
      return t(next.kind);
    default:
      return unreachable(next);
  }
}
