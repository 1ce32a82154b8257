import { useTranslations } from 'next-intl';
import type { RunPageView } from '@/lib/client/views';
import type { RunView } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import { CommandStepList } from './step-list';

/** The writes that a rollback undoes, newest first. */
export function UndoPreview({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run.ask.revert');
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
  const t = useTranslations('run.ask.abort');
  const { applied, unsure } = runEffects(run);
  const staying = [...applied, ...unsure];
  if (staying.length === 0) return <p className="text-12 text-ink-2">{t('nothing')}</p>;
  return <CommandStepList title={t('stays')} views={staying} unsure={unsure} unsureNote={t('unsure')} />;
}
