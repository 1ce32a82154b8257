'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { otherBuild } from '@/lib/client/other-build';
import { liveQuery } from '@/lib/client/queries';

/** Tells a page that was left open across an upgrade. Nothing reloads by itself: what was entered is the person's. */
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
