'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { FunctionRouteDraft } from '@/lib/draft/draft';

type TestDialogProps = {
  readonly open: boolean;
  readonly account: string;
  readonly route: Pick<FunctionRouteDraft, 'function' | 'domain'>;
  readonly onOpenChange: (open: boolean) => void;
  readonly onStart: () => void;
};

/** Asks for confirmation before a test invocation, because the function's code really runs. */
export function TestDialog({ open, account, route, onOpenChange, onStart }: TestDialogProps) {
  const t = useTranslations('diversion.testInvocation');
  const { namespace, name, qualifier } = route.function;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title', { function: `${namespace}/${name}:${qualifier}` })}
      description={t('description', { account })}
      icon={<Play aria-hidden />}
      action={
        <Button variant="primary" onClick={onStart}>
          {t('start')}
        </Button>
      }
    >
      <p className="text-12 text-ink-2">{t('event', { host: route.domain || t('noDomain') })}</p>
    </Dialog>
  );
}
