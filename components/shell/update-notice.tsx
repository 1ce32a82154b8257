'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { otherBuild } from '@/lib/client/other-build';
import { liveQuery } from '@/lib/client/queries';

/** Notifies a page that was left open across an upgrade. Nothing reloads automatically, so that no input is lost. */
export function UpdateNotice() {
  const t = useTranslations('shell.updated');
  useQuery(liveQuery());
  const isOutdated = useSyncExternalStore(otherBuild.watch, otherBuild.isSeen, () => false);
  return (
    <div aria-live="polite">
      {isOutdated ? (
        <Banner
          tone="warn"
          title={t('title')}
          actions={
            <Button variant="primary" onClick={() => location.reload()}>
              {t('action')}
            </Button>
          }
        >
          {t('text')}
        </Banner>
      ) : null}
    </div>
  );
}
