import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { PartMissing } from '@/components/run/charts/part-missing';
import { RunCharts } from '@/components/run/charts/run-charts';
import { ChoicesPanel } from '@/components/run/commands/choices-panel';
import { ConvergencePanel } from '@/components/run/convergence/convergence-panel';
import { EarlierChangesPanel } from '@/components/steps/earlier-changes-panel';
import { signed } from '@/components/ui/base/signed';
import { Panel } from '@/components/ui/panel';
import { loadPart } from '@/lib/client/load-part';
import type { ConnectionView } from '@/lib/contract/connection';
import type { RunPageView } from '@/lib/contract/run';
import type { RunView } from '@/lib/run/model/model';
import { FailoverPanel } from './failover-panel';
import { MeasurePanels } from './measure-panels';
import { ProbesPanel } from './probes-panel';

/** Few runs publish an address. To read it from an estate takes much code. */
const RunAccess = dynamic(() =>
  loadPart(
    import('./run-access').then((module) => module.RunAccess),
    PartMissing,
  ),
);

type RunAsideProps = {
  readonly run: RunPageView;
  /** The run's connection; null if no worker has keys for it. */
  readonly connection: ConnectionView | null;
};

/** The options of an operator, and all measurements of a run. */
export function RunAside({ run, connection }: RunAsideProps) {
  const isPublished = run.plan.diversion.kind === 'access' && run.state === 'done';
  return (
    <>
      <ChoicesPanel run={run} />
      {connection !== null && isPublished ? <RunAccess run={run} connection={connection} /> : null}
      {run.replaces === null ? null : <EarlierChangesPanel replaces={run.replaces} of="run" />}
      <FailoverPanel run={run} />
      <RefusedPanel run={run} />
      <RunCharts run={run} />
      <ConvergencePanel run={run} />
      <MeasurePanels run={run} />
      <ProbesPanel run={run} />
    </>
  );
}

/** Commands that arrived too late to be executed; renders nothing without one. */
function RefusedPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run');
  if (run.refused.length === 0) return null;
  return (
    <Panel title={t('refused.title')}>
      <ul className="grid gap-1 text-12 text-ink-2">
        {run.refused.map(({ at, command, actor, state }) => (
          <li key={`${at} ${command}`}>
            {t.rich('refused.line', {
              command: t(`command.${command}`),
              state: t(`state.${state}`),
              ...signed(actor, at),
            })}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
