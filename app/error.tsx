'use client';

import { Bug } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { ComponentType } from 'react';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { loadPart } from '@/lib/client/load-part';

const Nothing: ComponentType = () => null;

/** Every page has this one with it, so what it shows besides is loaded when a page has failed. */
const HealthPart = dynamic(
  () =>
    loadPart<ComponentType>(
      import('@/components/settings/health-part').then((module) => module.HealthPart),
      Nothing,
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

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations('shell.failed');
  const digest = getDigest(error);
  return (
    <main role="alert" className="p-4">
      <EmptyState
        heading="h1"
        icon={<Bug aria-hidden />}
        title={t('title')}
        actions={
          <Button variant="primary" onClick={retry}>
            {t('action')}
          </Button>
        }
      >
        <p>{digest ? t('text') : t('noCode')}</p>
        {digest ? <Copyable value={digest} /> : null}
      </EmptyState>
      {/* Often it is the database, or its disk. */}
      <div className="mt-4 max-w-120">
        <HealthPart />
      </div>
    </main>
  );
}
