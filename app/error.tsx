'use client';

import { useQuery } from '@tanstack/react-query';
import { Bug, DatabaseZap } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { type ComponentType, useEffect, useRef } from 'react';
import { isDatabaseDown } from '@/components/shell/outage-banner';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { loadPart } from '@/lib/client/load-part';
import { healthQuery } from '@/lib/client/queries';
import type { HealthView } from '@/lib/client/views';

/** Every page has this one with it, so what it shows besides is loaded when a page has failed. */
const HealthPart = dynamic(
  () =>
    loadPart<ComponentType<{ readonly health: HealthView }>>(
      import('@/components/settings/health-part').then((module) => module.HealthPart),
      () => null,
    ),
  { ssr: false },
);

type ErrorPageProps = { readonly error: unknown; readonly retry: () => void };

/** Returns the digest that identifies a server-side error in the server's log. */
function getDigest(error: unknown): string | null {
  return error instanceof Error && 'digest' in error && typeof error.digest === 'string'
    ? error.digest
    : null;
}

/** Says why a page could not be made, as far as the health of all parts tells, and opens it once they are back. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations('shell.failed');
  const digest = getDigest(error);
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
  const text = outage === null ? (digest ? t('text') : t('noCode')) : t(`${outage}.text`);
  return (
    <main role="alert" className="p-4">
      <EmptyState
        heading="h1"
        icon={outage === null ? <Bug aria-hidden /> : <DatabaseZap aria-hidden />}
        title={outage === null ? t('title') : t(`${outage}.title`)}
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
          <HealthPart health={health} />
        </div>
      )}
    </main>
  );
}
