'use client';

import { Plus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { ShareBar } from '@/components/steps/ramp';
import { StepTitle } from '@/components/steps/step-title';
import { ButtonLink } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { formatCountdown, formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import { useMay } from '@/lib/client/session/rights';
import type { NextEventView, OverviewView, RunningView, TrafficRowView } from '@/lib/contract/overview';
import type { CommandRunAction } from '@/lib/contract/run';
import { formatNames } from '@/lib/diversion/format-names';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import type { FunctionUse, TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { canCommand } from '@/lib/run/model/model';
import { CommandRuns } from './command-runs';
import { Part } from './part';

type TrafficPanelProps = Pick<OverviewView, 'running' | 'traffic'> & {
  /** The account of a new diversion; null = none. */
  readonly connectionId: string | null;
  readonly commandRun: CommandRunAction;
};

/** Each active diversion with its shares, its next event and its measured traffic. */
export function TrafficPanel({ running, traffic, connectionId, commandRun }: TrafficPanelProps) {
  const t = useTranslations('overview.traffic');
  const mayOperate = useMay('operate');
  // Without the runs, nothing can be said of where traffic is; without measurements it can.
  if (running.value === null)
    return (
      <Part title={t('title')} part={running}>
        {() => null}
      </Part>
    );
  const runs = running.value;
  const measured = traffic.value ?? [];
  const inEffect = measured.filter(({ runId }) => !runs.some((run) => run.runId === runId));
  const diverted = [
    ...runs.filter((run) => run.functionShare !== null && canCommand(run, 'rollback')),
    ...inEffect.map((row) => ({ ...row, functionShare: null })),
  ];
  return (
    <Panel
      title={t('title')}
      flush
      aside={
        mayOperate ? (
          <>
            <CommandRuns
              command="rollback"
              name={null}
              runs={diverted}
              isOffered={diverted.length > 1}
              commandRun={commandRun}
            />
            {connectionId === null ? null : (
              <ButtonLink size="sm" icon={<Plus aria-hidden />} href={routes.newDiversion(connectionId)}>
                {t('new')}
              </ButtonLink>
            )}
          </>
        ) : null
      }
    >
      {runs.length === 0 && inEffect.length === 0 && traffic.code === null ? (
        <p className="px-4 py-3">{t('none')}</p>
      ) : null}
      <ul className="divide-y divide-line">
        {runs.map((run) => {
          const row = measured.find(({ runId }) => runId === run.runId) ?? null;
          return <TrafficRow key={run.runId} row={run} run={run} measured={row} commandRun={commandRun} />;
        })}
        {inEffect.map((row) => (
          <TrafficRow key={row.diversionId} row={row} run={null} measured={row} commandRun={commandRun} />
        ))}
      </ul>
      {traffic.code === null ? null : (
        <p className="border-t border-line px-4 py-2">
          <Status tone="warn">
            <span className="whitespace-normal">{t('unread', { code: traffic.code })}</span>
          </Status>
        </p>
      )}
    </Panel>
  );
}

type TrafficRowProps = {
  readonly row: Pick<RunningView, 'runId' | 'name' | 'domains' | 'connectionName' | 'state'>;
  /** null = the run is over, and its diversion in effect. */
  readonly run: RunningView | null;
  readonly measured: TrafficRowView | null;
  readonly commandRun: CommandRunAction;
};

function TrafficRow({ row, run, measured, commandRun }: TrafficRowProps) {
  const { runId, name, domains, connectionName, state } = row;
  const mayOperate = useMay('operate');
  const commanded = [{ ...row, functionShare: run?.functionShare ?? null }];
  return (
    <li className="grid items-start gap-x-6 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(11rem,0.7fr)_auto]">
      <div className="grid gap-0.5">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <TextLink href={routes.run(runId)} className="text-14 font-semibold">
            {name}
          </TextLink>
          <RunStateMark state={state} hasOutage={run?.hasOutage === true} />
        </div>
        <p className="text-12 text-ink-2">
          {formatNames(domains, 2)} · {connectionName}
        </p>
      </div>
      <div className="grid gap-1">
        {run?.functionShare == null ? null : <ShareBar functionShare={run.functionShare} />}
        {measured === null ? null : <Measured row={measured} />}
      </div>
      <p className="text-12 text-ink-2 tabular-nums empty:max-lg:hidden">
        {run?.next == null ? null : <NextEvent next={run.next} zone={run.zone ?? undefined} />}
      </p>
      {mayOperate ? (
        <div className="flex flex-wrap gap-2 empty:hidden">
          {(['pause', 'rollback'] as const).map((command) => (
            <CommandRuns
              key={command}
              command={command}
              name={name}
              runs={commanded}
              isOffered={canCommand(run ?? { state, direction: 'apply' }, command)}
              commandRun={commandRun}
            />
          ))}
        </div>
      ) : null}
    </li>
  );
}

/** The newest measured figures in one line, and why there are none or no newer ones. */
function Measured({ row: { points, why, error } }: { readonly row: TrafficRowView }) {
  const t = useTranslations('overview.traffic');
  const format = useFormatter();
  const last = points.at(-1);
  const rate = (value: TrafficPoint['cvm']) => {
    if (value === 'none') return t('noRule');
    if (value === null) return t('noData');
    const maximumFractionDigits = value < 1 ? 2 : value < 10 ? 1 : 0;
    return t('perSecond', { value: format.number(value, { maximumFractionDigits }) });
  };
  const use = ({ name, inUse, limit }: FunctionUse) =>
    inUse === null
      ? []
      : [limit === null ? t('useUnread', { name, inUse }) : t('use', { name, inUse, limit })];
  return (
    <div className="grid gap-0.5 text-12 text-ink-2 tabular-nums empty:hidden">
      {last === undefined ? null : (
        <p>
          {t('rates', { servers: rate(last.cvm), function: rate(last.function) })},{' '}
          <span className={last.errorRate ? 'font-semibold text-bad-ink' : undefined}>
            {last.errorRate === null
              ? t('errorsUnknown')
              : t('errors', { value: format.number(last.errorRate, { maximumFractionDigits: 1 }) })}
          </span>
          {[
            ...last.functions.flatMap(use),
            ...(last.lagMs ? [t('lag', { lag: formatDuration(last.lagMs) })] : []),
          ].map((text) => `, ${text}`)}
        </p>
      )}
      {why === 'off' || why === 'notYet' ? <p>{t(`why.${why}`)}</p> : null}
      {error === null ? null : (
        <div>
          <Status tone="warn">
            <span className="whitespace-normal">
              {t('error', { code: error.code, message: error.message })}
            </span>
          </Status>{' '}
          {error.requestId === null ? null : <Copyable value={error.requestId} />}
        </div>
      )}
    </div>
  );
}

type NextEventProps = { readonly next: NextEventView; readonly zone: string | undefined };

/** The next event, with the time left until it. */
function NextEvent({ next, zone }: NextEventProps) {
  const t = useTranslations('overview.traffic.next');
  const now = useNow(1000);
  switch (next.kind) {
    case 'prewarm':
    case 'T0':
    case 'T1':
    case 'wait': {
      const leftMs = now === null ? 0 : Date.parse(next.at) - now;
      return (
        <>
          <strong className="block text-20 leading-tight font-semibold text-ink">
            {leftMs <= 0 ? t('due') : formatCountdown(leftMs)}
          </strong>
          {t.rich(next.kind, { time: () => <Time at={next.at} zone={zone} /> })}
        </>
      );
    }
    case 'step':
      return <StepTitle step={next.step} />;
    case 'retry':
      return (
        <>
          {t.rich('retry', { time: () => <Time at={next.since} zone={zone} /> })}{' '}
          {next.step === null ? null : <StepTitle step={next.step} />}
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
