'use client';

import { FailedPage } from '@/components/settings/failed-page';

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
      <FailedPage digest={getDigest(error)} retry={retry} />
    </main>
  );
}
