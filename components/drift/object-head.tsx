import { useTranslations } from 'next-intl';
import { ObjectDetail } from '@/components/steps/step-detail';
import { Chip } from '@/components/ui/chip';
import type { ObjectRef } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';

/** An object's kind, name and location. */
export function ObjectHead({ object }: { readonly object: ObjectRef }) {
  const t = useTranslations('drift.kind');
  return (
    <div className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1">
      <Chip>{t(object.kind)}</Chip>
      <h3 className="min-w-0 break-all">{refName(object)}</h3>
      <span className="text-12 text-ink-2">
        <ObjectDetail object={object} />
      </span>
    </div>
  );
}
