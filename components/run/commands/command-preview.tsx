import { useTranslations } from 'next-intl';
import { StepTitle } from '@/components/steps/step-title';
import type { RunPageView } from '@/lib/contract/run';
import type { RunView, StepView } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';

/** The writes that a rollback undoes, newest first. */
export function UndoPreview({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run.confirm.rollback');
  const undone = undoList(run);
  if (undone.length === 0) return null;
  const left = run.replaces?.left ?? [];
  return (
    <>
      <CommandStepList
        title={t('undone')}
        views={undone}
        unsure={runEffects(run).unsure}
        unsureNote={t('unsure')}
      />
      {left.length === 0 ? null : (
        <p className="text-12 text-warn-ink">
          {t('left', { runs: left.map(({ runId }) => runId).join(', ') })}
        </p>
      )}
    </>
  );
}

/** The writes that stay in effect if the run ends now. */
export function StayPreview({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.confirm.leaveAsIs');
  const { applied, unsure } = runEffects(run);
  const staying = [...applied, ...unsure];
  if (staying.length === 0) return <p className="text-12 text-ink-2">{t('nothing')}</p>;
  return <CommandStepList title={t('stays')} views={staying} unsure={unsure} unsureNote={t('unsure')} />;
}

type StepListProps = {
  readonly title: string;
  readonly views: readonly StepView[];
  /** The steps among them whose effect is unknown, and the note about them. */
  readonly unsure: readonly StepView[];
  readonly unsureNote: string;
};

/** The steps that a command affects, listed in its dialog before it is sent. */
function CommandStepList({ title, views, unsure, unsureNote }: StepListProps) {
  return (
    <div className="text-12">
      <h3 className="text-12">{title}</h3>
      <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-2">
        {views.map((view) => (
          <li key={view.step.id}>
            <StepTitle step={view.step} />
            {unsure.includes(view) ? <span className="text-warn-ink"> ({unsureNote})</span> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
