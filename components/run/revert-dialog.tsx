import { Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { totalsOf } from '@/components/plan/step-groups';
import { StepTitle } from '@/components/plan/step-title';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RunView } from '@/lib/run/model';
import { undoList } from './run-commands';
import { runEffects } from './run-effects';

type RevertDialogProps = {
  readonly run: RunView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRevert: () => void;
};

/** Says what a revert undoes before it begins. */
export function RevertDialog({ run, open, onOpenChange, onRevert }: RevertDialogProps) {
  const t = useTranslations('run.revert');
  const undone = undoList(run);
  const unsure = new Set(runEffects(run).unsure.map((view) => view.step.id));
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={
        undone.length === 0
          ? t('nothing')
          : t('description', {
              domain: run.plan.diversion.laneB.domain,
              wait: totalsOf(run.plan.revert).waitS,
            })
      }
      icon={<Undo2 aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button variant="dangerSolid" onClick={onRevert}>
          {t('now')}
        </Button>
      }
    >
      {undone.length === 0 ? null : (
        <div className="text-12">
          <h3 className="text-12">{t('undone')}</h3>
          <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-2">
            {undone.map((view) => (
              <li key={view.step.id}>
                <StepTitle step={view.step} />
                {unsure.has(view.step.id) ? <span className="text-warn-ink"> ({t('unsure')})</span> : null}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Dialog>
  );
}
