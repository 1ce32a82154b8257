import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { Time } from '@/components/ui/time';

/** Says how old the stale data on screen is, and keeps it visible. */
export function StaleNote({ readAt }: { readonly readAt: number }) {
  const t = useTranslations('run.live');
  const at = new Date(readAt).toISOString();
  return <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={at} /> })} />;
}
