import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useOptions } from '@/components/diversion/draft/use-options';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Picker } from '@/components/ui/pickers/picker';
import type { CvmRouteDraft, TargetDraft } from '@/lib/draft/draft';
import { findChosen } from '@/lib/draft/options/find-chosen';
import type { RouteForm, RouteProps } from './route-form';

type TargetRowProps = {
  readonly form: RouteForm;
  readonly index: number;
  readonly route: CvmRouteDraft;
  readonly number: number;
  readonly target: TargetDraft;
  readonly onChange: (target: TargetDraft) => void;
  readonly onRemove: () => void;
};

/** No instance has this id. */
const byAddress = 'address';

/** A target to add: which instance or address, on which port, with which weight. */
function TargetRow({ form, index, route, number, target, onChange, onRemove }: TargetRowProps) {
  const t = useTranslations('diversion.addedTarget');
  const { loadBalancerId, rule } = route;
  const source = useOptions(form.place, form.draft, { kind: 'instance', loadBalancerId, rule });
  const common = { port: target.port, weight: target.weight };
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_4.5rem_4rem_auto] items-center gap-2">
      <legend className="sr-only">{t('target', { number })}</legend>
      {target.eniIp === undefined ? (
        <Picker
          aria-label={t('instance')}
          size="sm"
          options={[
            ...findChosen(form.chosen, 'instance', { index, value: target.instanceId }),
            { value: byAddress, label: t('byAddress'), hint: t('byAddressHint'), isAlways: true },
          ]}
          source={source}
          value={target.instanceId}
          placeholder={t('instance')}
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

type AddedTargetsProps = RouteProps<CvmRouteDraft> & {
  readonly onChange: (targets: readonly TargetDraft[]) => void;
  readonly onAdd: () => void;
};

/** The targets that a route adds. */
export function AddedTargets({ form, index, route, onChange, onAdd }: AddedTargetsProps) {
  const t = useTranslations('diversion.addedTarget');
  const { addTargets } = route;
  const rows = addTargets.map((target, nth) => ({ number: nth + 1, target }));
  return (
    <>
      {rows.map(({ number, target }) => (
        <TargetRow
          key={number}
          number={number}
          target={target}
          {...{ form, index, route }}
          onChange={(next) => onChange(rows.map((row) => (row.number === number ? next : row.target)))}
          onRemove={() => onChange(addTargets.filter((other) => other !== target))}
        />
      ))}
      <div>
        <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={onAdd}>
          {t('addOne')}
        </Button>
      </div>
    </>
  );
}
