import { Archive } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RunView } from '@/lib/run/model';
import { runEffects } from './run-effects';
import { StepList } from './step-list';

type CloseDialogProps = {
  readonly run: RunView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onClose: () => void;
};

/** Says what stays applied before a held run is given up. */
export function CloseDialog({ run, open, onOpenChange, onClose }: CloseDialogProps) {
  const t = useTranslations('run.close');
  const { applied, unsure } = runEffects(run);
  const staying = [...applied, ...unsure];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description')}
      icon={<Archive aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button variant="dangerSolid" onClick={onClose}>
          {t('now')}
        </Button>
      }
    >
      {staying.length === 0 ? (
        <p className="text-12 text-ink-2">{t('nothing')}</p>
      ) : (
        <StepList title={t('stays')} views={staying} unsure={unsure} unsureNote={t('unsure')} />
      )}
    </Dialog>
  );
}
