import { Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { totalsOf } from '@/components/plan/step-groups';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RunView } from '@/lib/run/model';
import { undoList } from './run-commands';
import { runEffects } from './run-effects';
import { StepList } from './step-list';

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
        <StepList
          title={t('undone')}
          views={undone}
          unsure={runEffects(run).unsure}
          unsureNote={t('unsure')}
        />
      )}
    </Dialog>
  );
}
