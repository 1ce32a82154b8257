'use client';

import { useQuery } from '@tanstack/react-query';
import { Bug, DatabaseZap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { isDatabaseDown } from '@/lib/client/database-down';
import { healthQuery } from '@/lib/client/queries';
import { HealthPanel } from './health-panel';

type FailedPageProps = {
  /** Identifies a server-side error in the server's log; null = the error is the browser's. */
  readonly digest: string | null;
  readonly retry: () => void;
};

/** Explains by the health of all parts why a page could not be rendered, and reloads it when they have recovered. */
export function FailedPage({ digest, retry }: FailedPageProps) {
  const t = useTranslations('shell.failed');
  const cause = useTranslations('shell.cause');
  const { data: health, isError } = useQuery(healthQuery());
  const outage = isError ? 'dashboard' : health && isDatabaseDown(health) ? 'database' : null;
  const wasOut = useRef(false);
  useEffect(() => {
    if (outage !== null) wasOut.current = true;
    else if (health !== undefined && wasOut.current) {
      wasOut.current = false;
      retry();
    }
  }, [outage, health, retry]);
  const text = outage === null ? cause(digest ? 'text' : 'noCode') : cause(`${outage}.text`);
  return (
    <>
      <EmptyState
        heading="h1"
        icon={outage === null ? <Bug aria-hidden /> : <DatabaseZap aria-hidden />}
        title={outage === null ? t('title') : cause(`${outage}.title`)}
        actions={
          <Button variant="primary" onClick={retry}>
            {t('action')}
          </Button>
        }
      >
        <p>{text}</p>
        {digest ? <Copyable value={digest} /> : null}
      </EmptyState>
      {health === undefined || isError ? null : (
        <div className="mt-4 max-w-120">
          <HealthPanel health={health} />
        </div>
      )}
    </>
  );
}
