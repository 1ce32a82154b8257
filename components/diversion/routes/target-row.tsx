import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { TargetDraft } from '@/components/diversion/draft/draft';
import type { RouteOption } from '@/components/diversion/draft/route-options';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';

type TargetRowProps = {
  readonly number: number;
  readonly target: TargetDraft;
  readonly instances: readonly RouteOption[];
  readonly onChange: (target: TargetDraft) => void;
  readonly onRemove: () => void;
};

/** No instance has this id. */
const byAddress = 'address';

/** A target to add: which instance or address, on which port, with which weight. */
export function TargetRow({ number, target, instances, onChange, onRemove }: TargetRowProps) {
  const t = useTranslations('diversion.backend');
  const common = { port: target.port, weight: target.weight };
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_4.5rem_4rem_auto] items-center gap-2">
      <legend className="sr-only">{t('target', { number })}</legend>
      {target.eniIp === undefined ? (
        <Select
          aria-label={t('instance')}
          size="sm"
          options={[...instances, { value: byAddress, label: t('byAddress'), hint: t('byAddressHint') }]}
          value={target.instanceId}
          onChange={(value) =>
            onChange({ ...common, ...(value === byAddress ? { eniIp: '' } : { instanceId: value }) })
          }
        />
      ) : (
        <Input
          aria-label={t('address')}
          size="sm"
          className="mono"
          placeholder="10.0.1.7"
          value={target.eniIp}
          onChange={(event) => onChange({ ...common, eniIp: event.target.value })}
        />
      )}
      <Input
        aria-label={t('port')}
        size="sm"
        inputMode="numeric"
        value={wholeText(target.port)}
        onChange={(event) => onChange({ ...target, port: wholeNumber(event.target.value) })}
      />
      <Input
        aria-label={t('weight')}
        size="sm"
        inputMode="numeric"
        value={wholeText(target.weight)}
        onChange={(event) => onChange({ ...target, weight: wholeNumber(event.target.value) })}
      />
      <IconButton size="sm" label={t('remove', { number })} icon={<X aria-hidden />} onClick={onRemove} />
    </fieldset>
  );
}
