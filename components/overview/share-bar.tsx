import { useTranslations } from 'next-intl';
import { KindMark } from '@/components/ui/chip';

/** The intended shares of both sides: CVM solid from the left, SCF hatched from the right. */
export function ShareBar({ functionShare }: { readonly functionShare: number | null }) {
  const t = useTranslations('overview.running');
  if (functionShare === null) return <p className="text-12 text-ink-3">{t('shareUnknown')}</p>;
  const cvm = 100 - functionShare;
  return (
    <div role="img" aria-label={t('share', { cvm, function: functionShare })} className="grid gap-1">
      <div aria-hidden className="flex h-3 overflow-hidden rounded-sm border border-control bg-sunken">
        <i className="bg-cvm" style={{ width: `${cvm}%` }} />
        <i className="ml-auto bg-hatch-scf" style={{ width: `${functionShare}%` }} />
      </div>
      <div aria-hidden className="flex justify-between text-12 text-ink-2 tabular-nums">
        <span className="inline-flex items-center gap-1">
          <KindMark kind="cvm" /> {cvm} %
        </span>
        <span className="inline-flex items-center gap-1">
          {functionShare} % <KindMark kind="scf" />
        </span>
      </div>
    </div>
  );
}
