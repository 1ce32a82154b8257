import { ShieldOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { signed } from '@/components/ui/base/signed';
import { Chip } from '@/components/ui/chip';
import type { BreakGlass } from '@/lib/policy/approval';

/** The one-word mark of a plan that was applied without the approvals it needs; renders nothing for other plans. */
export function BreakGlassChip({ mark }: { readonly mark: BreakGlass | undefined }) {
  const t = useTranslations('shell.breakGlass');
  if (mark === undefined) return null;
  return (
    <Chip tone="bad" icon={<ShieldOff aria-hidden />}>
      {t('chip')}
    </Chip>
  );
}

/** The same mark with who, when and why. */
export function BreakGlassNote({ mark }: { readonly mark: BreakGlass | undefined }) {
  const t = useTranslations('shell.breakGlass');
  if (mark === undefined) return null;
  const { actor, at, reason } = mark;
  return (
    <p className="mt-1 flex items-start gap-1.5 text-12 break-words text-bad-ink">
      <ShieldOff aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0">{t.rich('note', { reason, ...signed(actor, at) })}</span>
    </p>
  );
}
