import { LockKeyholeOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useNow } from '@/components/ui/use-now';
import { armedMs } from './use-armed';

const tickMs = 250;

/** Replaces the Arm button and shows the time running out. With reduced motion, it shows only the seconds. */
export function ArmedBadge({ until }: { readonly until: number }) {
  const t = useTranslations('switch.lever');
  const now = useNow(tickMs) ?? until - armedMs;
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return (
    <span className="relative inline-flex h-10 items-center gap-1.5 overflow-hidden rounded-md border border-warn-line px-4 font-semibold text-warn-ink tabular-nums">
      <span
        aria-hidden
        className="absolute inset-0 origin-left scale-x-0 bg-warn-soft transition-transform duration-[10s] ease-linear starting:scale-x-100 motion-reduce:scale-x-100 motion-reduce:transition-none"
      />
      <LockKeyholeOpen aria-hidden className="relative size-4" />
      <span className="relative">{t('armed', { seconds })}</span>
    </span>
  );
}
