import { useTranslations } from 'next-intl';
import { DomainConfirm } from '@/components/confirm/domain-confirm';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { SwitchView } from '@/lib/contract/switch';
import { rampShapeNames } from '@/lib/diversion/ramp';
import { type ControlChoice, getBake, isMixed } from './control';

type ControlChoicesProps = {
  readonly view: SwitchView;
  readonly choice: ControlChoice;
  readonly onChange: (change: Partial<ControlChoice>) => void;
};

/** The choices made before the 10 s countdown: the direction, the ramp, and on a real account the domain. */
export function ControlChoices({ view, choice, onChange }: ControlChoicesProps) {
  const t = useTranslations('switch.control');
  const sides = useTranslations('switch.side');
  const isWrong = getBake(choice) === null;
  return (
    <div className="flex flex-wrap items-center gap-2 text-12 text-ink-2 max-md:hidden">
      {isMixed(view) ? (
        <Segmented
          label={t('toward')}
          value={choice.toward}
          onChange={(toward) => onChange({ toward })}
          options={(['cvm', 'function'] as const).map((value) => ({ value, label: sides(value) }))}
        />
      ) : null}
      <div className="w-40">
        <Select
          size="sm"
          aria-label={t('ramp', { domain: view.domain })}
          options={rampShapeNames.map((value) => ({ value, label: t(`shape.${value}`) }))}
          value={choice.shape}
          onChange={(shape) => onChange({ shape })}
        />
      </div>
      {choice.shape === 'flip' ? null : (
        <>
          <span>{t('bake')}</span>
          <Input
            size="sm"
            className="w-20"
            unit={t('minutes')}
            aria-label={t('bakeName')}
            inputMode="numeric"
            aria-invalid={isWrong || undefined}
            value={choice.bake}
            onChange={(event) => onChange({ bake: event.target.value })}
          />
          {isWrong ? <span className="text-bad-ink">{t('bakeError')}</span> : null}
        </>
      )}
      {view.connectionKind === 'tencent' ? (
        <div className="w-72">
          <DomainConfirm
            names={[view.domain]}
            typed={choice.typed}
            onType={(typed) => onChange({ typed })}
            error={undefined}
          />
        </div>
      ) : null}
    </div>
  );
}
