'use client';

import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { Button } from '@/components/ui/button';

/** Every page has this one with it, so its content is loaded apart, before the dashboard stops answering. */
const content = onDemand(() => import('@/components/settings/failed-page'));

type ErrorPageProps = { readonly error: unknown; readonly retry: () => void };

/** Returns the digest that identifies a server-side error in the server's log. */
function getDigest(error: unknown): string | null {
  return error instanceof Error && 'digest' in error && typeof error.digest === 'string'
    ? error.digest
    : null;
}

/** Explains by the health of all parts why a page could not be rendered, and reloads it when they have recovered. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <main role="alert" className="p-4">
      <LatePart part={content} instead={<Bare retry={retry} />}>
        {({ FailedPage }) => <FailedPage digest={getDigest(error)} retry={retry} />}
      </LatePart>
    </main>
  );
}

/** The page where its content can't be loaded either. */
function Bare({ retry }: Pick<ErrorPageProps, 'retry'>) {
  const t = useTranslations('shell.failed');
  return (
    <>
      <h1>{t('title')}</h1>
      <Button variant="primary" className="mt-3" onClick={retry}>
        {t('action')}
      </Button>
    </>
  );
}
