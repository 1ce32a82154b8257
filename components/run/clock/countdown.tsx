'use client';

import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';
import { useNow } from '@/components/ui/use-now';

/** The time left until an instant; renders nothing once it has passed. */
export function Countdown({ until }: { readonly until: string }) {
  const t = useTranslations('run.steps');
  const now = useNow(1000);
  const leftMs = now === null ? 0 : Date.parse(until) - now;
  if (leftMs <= 0) return null;
  const whole = Math.ceil(leftMs / 1000) * 1000;
  return <span className="tabular-nums">{t('left', { duration: formatDuration(whole) })}</span>;
}
