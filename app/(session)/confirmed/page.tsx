import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SessionFrame } from '@/components/session/session-frame';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session.confirmed'))('title') };
}

/** The end of a confirmation at the provider, in a tab of its own. */
export default async function ConfirmedPage() {
  const t = await getTranslations('session.confirmed');
  return (
    <SessionFrame title={t('title')}>
      <p>{t('text')}</p>
    </SessionFrame>
  );
}
