import { useTranslations } from 'next-intl';
import { StepTitle } from '@/components/steps/step-title';
import { Status, type StatusTone } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import type { RunState, RunView, StepView } from '@/lib/run/model/model';
import { runEffects } from '@/lib/run/model/run-effects';

/** States in which the list of what is in effect does not change. */
const stoppedStates: readonly RunState[] = ['stopped', 'closed', 'paused', 'missed'];

/** The writes of a run that stopped half-way: those in effect, those that may be, and those that are not. */
export function EffectsPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.effects');
  if (!stoppedStates.includes(run.state)) return null;
  const { applied, unsure, open } = runEffects(run);
  return (
    <Panel title={t('title')}>
      <div className="grid gap-3 text-12">
        <Effects tone="ok" title={t('applied')} views={applied} />
        {unsure.length > 0 ? <Effects tone="warn" title={t('unsure')} views={unsure} /> : null}
        <Effects tone="off" title={t('open')} views={open} />
      </div>
    </Panel>
  );
}

type EffectsProps = {
  readonly tone: StatusTone;
  readonly title: string;
  readonly views: readonly StepView[];
};

function Effects({ tone, title, views }: EffectsProps) {
  const t = useTranslations('run.effects');
  return (
    <div>
      <h3 className="text-12">
        <Status tone={tone}>{title}</Status>
      </h3>
      {views.length === 0 ? (
        <p className="pl-5 text-ink-3">{t('none')}</p>
      ) : (
        <ul className="grid gap-0.5 pl-5 text-ink-2">
          {views.map((view) => (
            <li key={view.step.id}>
              <StepTitle step={view.step} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
