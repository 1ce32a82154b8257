'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { type DraftFieldsProps, Field } from '@/components/ui/field';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { TimeField } from '@/components/ui/forms/wall-fields';
import { Select } from '@/components/ui/select';
import { useViewerZone } from '@/components/ui/time';
import { ZoneSelect } from '@/components/ui/zone-select';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import { bulkUnits, gateConditions } from '@/lib/safety/safety-rule';
import { newWindow, parseMinute, type SafetyRuleDraft, type WindowDraft } from './rule-draft';

type RuleFieldsProps = DraftFieldsProps<SafetyRuleDraft>;

type RuleTextFieldProps = RuleFieldsProps & {
  readonly name: 'name' | 'regions' | 'domains' | 'count' | 'max' | 'windowMinutes' | 'approvals';
  /** The path of its value in a rule. */
  readonly path: string;
  readonly label: string;
  readonly note?: string;
  readonly inputMode?: 'numeric';
};

/** A field for one line of text. */
export function RuleTextField({ name, path, draft, change, errorOf, ...input }: RuleTextFieldProps) {
  return (
    <TextField
      {...input}
      error={errorOf(path, draft[name])}
      value={draft[name]}
      onType={(text) => change({ [name]: text })}
    />
  );
}

function AssertionFields(fields: RuleFieldsProps) {
  const t = useTranslations('safety');
  const { draft, change } = fields;
  const isCounted = draft.requirement === 'atLeast' || draft.requirement === 'atMost';
  return (
    <>
      <div className="grid items-start gap-3">
        <Field label={t('requirement.label')}>
          {(control) => (
            <Select
              {...control}
              value={draft.requirement}
              options={(['atLeast', 'atMost', 'all', 'allOrNone'] as const).map((value) => ({
                value,
                label: t(`requirement.${value}`),
              }))}
              onChange={(requirement) => change({ requirement })}
            />
          )}
        </Field>
        {isCounted ? (
          <RuleTextField
            {...fields}
            name="count"
            path="requirement.count"
            label={t('count')}
            inputMode="numeric"
          />
        ) : null}
      </div>
      <div className="grid items-start gap-3">
        <Field label={t('sides.label')}>
          {(control) => (
            <Select
              {...control}
              value={draft.sides}
              options={(['either', 'cvm', 'function'] as const).map((value) => ({
                value,
                label: t(`sides.${value}`),
              }))}
              onChange={(sides) => change({ sides })}
            />
          )}
        </Field>
        <Field label={t('over.label')}>
          {(control) => (
            <Select
              {...control}
              value={draft.over}
              options={(['eachDomain', 'allDomains'] as const).map((value) => ({
                value,
                label: t(`over.${value}`),
              }))}
              onChange={(over) => change({ over })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function GatingFields({ draft, change }: RuleFieldsProps) {
  const t = useTranslations('safety');
  return (
    <>
      <Field label={t('condition.label')}>
        {(control) => (
          <Select
            {...control}
            value={draft.condition}
            options={gateConditions.map((value) => ({ value, label: t(`condition.${value}`) }))}
            onChange={(condition) => change({ condition })}
          />
        )}
      </Field>
      {draft.condition === 'gate' ? (
        <Field label={t('switchedBy.label')}>
          {(control) => (
            <Select
              {...control}
              value={draft.switchedBy}
              options={(['operator', 'administrator'] as const).map((value) => ({
                value,
                label: t(`switchedBy.${value}`),
              }))}
              onChange={(switchedBy) => change({ switchedBy })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

function BulkFields(fields: RuleFieldsProps) {
  const t = useTranslations('safety');
  const { draft, change } = fields;
  return (
    <>
      <div className="grid items-start gap-3">
        <Field label={t('unit.label')}>
          {(control) => (
            <Select
              {...control}
              value={draft.unit}
              options={bulkUnits.map((value) => ({ value, label: t(`unit.${value}`) }))}
              onChange={(unit) => change({ unit })}
            />
          )}
        </Field>
        <RuleTextField {...fields} name="max" path="max" label={t('max')} inputMode="numeric" />
      </div>
      <RuleTextField
        {...fields}
        name="windowMinutes"
        path="windowMinutes"
        label={t('windowMinutes')}
        note={t('windowHint')}
        inputMode="numeric"
      />
    </>
  );
}

type WindowFieldsProps = DraftFieldsProps<WindowDraft> & {
  readonly number: number;
  /** null = it is the only one. */
  readonly remove: (() => void) | null;
};

function WindowFields({ number, remove, draft, change, errorOf }: WindowFieldsProps) {
  const t = useTranslations('safety');
  const days = useTranslations('schedule.weekday');
  const isOverNight = parseMinute(draft.to) <= parseMinute(draft.from);
  return (
    <fieldset className="grid gap-3 rounded-sm border border-line p-3">
      <legend className="px-1 text-12 font-medium text-ink-2">{t('windowTitle', { number })}</legend>
      <div className="grid grid-cols-2 items-start gap-3">
        <TimeField
          label={t('from')}
          error={errorOf('fromMinute', draft.from)}
          value={draft.from}
          onChange={(from) => change({ from })}
        />
        <TimeField
          label={t('to')}
          error={errorOf('toMinute', draft.to)}
          note={isOverNight ? t('overNight') : null}
          value={draft.to}
          onChange={(to) => change({ to })}
        />
      </div>
      <CheckboxGroup
        label={t('weekdays')}
        options={daysOfWeek.map(({ day, name }) => ({ value: day, label: days(name) }))}
        chosen={draft.weekdays}
        onChange={(weekdays) => change({ weekdays })}
        error={errorOf('weekdays', draft.weekdays)}
      />
      <Field label={t('zone')} error={errorOf('zone', draft.zone)}>
        {(control) => <ZoneSelect {...control} value={draft.zone} onChange={(zone) => change({ zone })} />}
      </Field>
      {remove === null ? null : (
        <div>
          <IconButton
            size="sm"
            label={t('removeWindow', { number })}
            icon={<Trash2 aria-hidden />}
            onClick={remove}
          />
        </div>
      )}
    </fieldset>
  );
}

function HoursFields({ draft, change, errorOf }: RuleFieldsProps) {
  const t = useTranslations('safety');
  const zone = useViewerZone();
  const { windows } = draft;
  return (
    <>
      {windows.map((window, index) => (
        <WindowFields
          // biome-ignore lint/suspicious/noArrayIndexKey: windows have no identity but their place.
          key={index}
          number={index + 1}
          draft={window}
          change={(part) => change({ windows: windows.with(index, { ...window, ...part }) })}
          errorOf={(field, value) => errorOf(`windows.${index}.${field}`, value)}
          remove={windows.length === 1 ? null : () => change({ windows: windows.toSpliced(index, 1) })}
        />
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          onClick={() => change({ windows: [...windows, newWindow(zone)] })}
        >
          {t('addWindow')}
        </Button>
      </div>
    </>
  );
}

/** The fields of the chosen kind. */
export function KindFields(fields: RuleFieldsProps) {
  const t = useTranslations('safety');
  switch (fields.draft.kind) {
    case 'assertion':
      return <AssertionFields {...fields} />;
    case 'gating':
      return <GatingFields {...fields} />;
    case 'bulk':
      return <BulkFields {...fields} />;
    case 'protected':
      return (
        <RuleTextField
          {...fields}
          name="approvals"
          path="approvals"
          label={t('approvalsNeeded')}
          note={t('approvalsHint')}
          inputMode="numeric"
        />
      );
    case 'hours':
      return <HoursFields {...fields} />;
  }
}
