import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { countSteps } from '@/components/steps/step-groups';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { formatNames } from '@/lib/diversion/format-names';
import { listMovedNames } from '@/lib/diversion/routes';
import { canCommand, type RunState, type RunView } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import { goesBackAtT1 } from './run-commands';

const deciding: readonly RunState[] = ['stopped', 'missed', 'paused'];

/** The options for a stopped run, each with its consequences. */
export function ChoicesPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run');
  if (!deciding.includes(run.state)) return null;
  const { applied, unsure } = runEffects(run);
  const { plan, direction, state } = run;
  const sentences = {
    continue: t('choice.continue', { state, direction, domain: formatNames(listMovedNames(plan.diversion)) }),
    rollback: t('choice.rollback', { count: undoList(run).length, wait: countSteps(plan.rollback).waitS }),
    replan: t('choice.replan'),
    leaveAsIs: t('choice.leaveAsIs', { count: applied.length + unsure.length }),
  };
  const commands = (['continue', 'rollback', 'replan', 'leaveAsIs'] as const).filter((command) =>
    canCommand(run, command),
  );
  return (
    <Panel title={t('choice.title')}>
      <dl className="grid gap-3">
        {commands.map((command) => (
          <Choice key={command} name={t(`command.${command}`)}>
            {sentences[command]}
          </Choice>
        ))}
        {goesBackAtT1(run) ? (
          <Choice name={t('choice.wait')}>
            {t.rich('choice.waitT1', { time: () => <Time at={run.cutover.t1} zone={run.cutover.zone} /> })}
          </Choice>
        ) : null}
      </dl>
    </Panel>
  );
}

function Choice({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="border-l-2 border-line-strong pl-3">
      <dt className="font-semibold">{name}</dt>
      <dd className="text-12 text-ink-2">{children}</dd>
    </div>
  );
}
