import { useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import { classes } from '@/components/ui/classes';
import { controlLook } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import {
  type CapacityAssumptionName,
  CapacityAssumptions,
  capacityAssumptions,
} from '@/lib/capacity/scenario/assumptions';

type CapacityAssumptionsPanelProps = {
  readonly assumptions: CapacityAssumptions;
  readonly onChange: (assumptions: CapacityAssumptions) => void;
};

const isName = (name: string): name is CapacityAssumptionName => name in capacityAssumptions;
const names = Object.keys(capacityAssumptions).filter(isName);

/** All assumptions of the model, each with a switch that sets another value than its default. */
export const CapacityAssumptionsPanel = memo(function CapacityAssumptionsPanel({
  assumptions,
  onChange,
}: CapacityAssumptionsPanelProps) {
  const t = useTranslations('capacity.assumptions');
  const columns: readonly Column<CapacityAssumptionName>[] = [
    {
      name: t('name'),
      cell: (name) => (
        <>
          {capacityAssumptions[name].about}
          <span className="mono block text-11 text-ink-3">{name}</span>
        </>
      ),
      className: 'max-md:text-left',
    },
    {
      name: t('default'),
      cell: (name) => {
        const row = capacityAssumptions[name];
        return row.kind === 'amount' ? `${row.value} ${row.unit}` : row.value;
      },
      className: 'whitespace-nowrap',
    },
    {
      name: t('value'),
      cell: (name) => <AssumptionValue name={name} assumptions={assumptions} onChange={onChange} />,
    },
    {
      name: t('source'),
      cell: (name) => {
        const row = capacityAssumptions[name];
        if (row.kind === 'choice') return t('noneChoice');
        return t('none', { low: row.low, high: row.high, unit: row.unit });
      },
      className: 'text-ink-2',
    },
  ];
  return (
    <Panel title={t('title')} flush>
      <p className="px-4 pt-3 text-12 text-ink-2">{t('about')}</p>
      <DataTable label={t('title')} columns={columns} rows={names} rowKey={(name) => name} />
    </Panel>
  );
});

type AssumptionValueProps = CapacityAssumptionsPanelProps & { readonly name: CapacityAssumptionName };

/** The switch of an assumption, and its value if it is on. */
function AssumptionValue({ name, assumptions, onChange }: AssumptionValueProps) {
  const t = useTranslations('capacity.assumptions');
  const row = capacityAssumptions[name];
  const value = assumptions[name];
  const [isOn, setOn] = useState(value !== row.value);
  const put = (next: unknown) => {
    const parsed = CapacityAssumptions.safeParse({ ...assumptions, [name]: next });
    if (parsed.success) onChange(parsed.data);
    return parsed.success;
  };
  return (
    <span className="inline-flex min-h-8 items-center gap-2">
      <input
        type="checkbox"
        aria-label={t('on', { name: row.about })}
        className="size-6 accent-accent"
        checked={isOn}
        onChange={() => {
          setOn(!isOn);
          if (isOn) put(row.value);
        }}
      />
      {!isOn ? null : row.kind === 'amount' ? (
        <AmountInput label={t('valueOf', { name: row.about })} row={row} value={Number(value)} onPut={put} />
      ) : (
        <Select<string>
          aria-label={t('valueOf', { name: row.about })}
          size="sm"
          className="w-28"
          value={String(value)}
          onChange={put}
          options={row.choices.map((choice) => ({ value: choice, label: choice }))}
        />
      )}
    </span>
  );
}

type AmountInputProps = {
  readonly label: string;
  readonly row: { readonly unit: string; readonly min: number; readonly max: number };
  readonly value: number;
  /** Returns false if the model does not accept the value. */
  readonly onPut: (value: number) => boolean;
};

function AmountInput({ label, row, value, onPut }: AmountInputProps) {
  const t = useTranslations('capacity.inputs');
  const [typed, setTyped] = useState(String(value));
  const [isInvalid, setInvalid] = useState(false);
  return (
    <span className="inline-grid gap-0.5">
      <input
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={isInvalid || undefined}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setInvalid(target.value.trim() === '' || !onPut(Number(target.value)));
        }}
        className={classes(controlLook, 'h-7 w-28 px-2 tabular-nums')}
      />
      {isInvalid ? (
        <span className="text-bad-ink">{t('invalid', { min: String(row.min), max: String(row.max) })}</span>
      ) : null}
    </span>
  );
}
