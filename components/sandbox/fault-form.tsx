'use client';

import { Zap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Autocomplete, type AutocompleteOption } from '@/components/ui/pickers/autocomplete';
import { SegmentedField } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { SandboxObjects } from '@/lib/contract/sandbox';
import { planActions, readActions, writeActions } from '@/lib/estate/actions';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { CommandNoteLine } from './command-note-line';
import {
  callKinds,
  emptyFault,
  type FaultDraft,
  type FaultField,
  faultKinds,
  listFaultFields,
  mayTakeEffect,
  ownerNames,
  rejectionCodes,
  toFaultSpec,
} from './fault-draft';
import type { SandboxCommands } from './use-sandbox';

const units: Partial<Record<FaultField, string>> = { ms: 'ms', share: '%', afterS: 's' };

type FaultFormProps = { readonly commands: SandboxCommands; readonly objects: SandboxObjects };

/** The actions called by Spillway and by other programs, without their service. */
const actionNames = [...new Set([...planActions, ...writeActions, ...readActions])].map(
  (action) => action.split(':')[1] ?? action,
);
const toOptions = (values: readonly string[]) => [...new Set(values)].map((value) => ({ value }));

/**
 * Returns the available objects and names, by field. Any other may be typed, because a fault may precede its object.
 */
function listChoices(
  objects: SandboxObjects,
): Readonly<Partial<Record<FaultField, readonly AutocompleteOption[]>>> {
  return {
    action: [{ value: '*' }, ...toOptions(actionNames)],
    object: objects.callObjects,
    account: objects.accounts,
    code: toOptions(rejectionCodes),
    owner: toOptions(ownerNames),
    owned: objects.callObjects,
    instanceId: objects.instances,
    function: objects.functions,
    service: toOptions([...planActions, ...writeActions].map((action) => action.split(':')[0] ?? action)),
    edit: toOptions([...planActions, ...writeActions].map((action) => action.split(':')[1] ?? action)),
    region: toOptions(objects.regions),
  };
}

/** Injects a fault: its kind, the affected calls or objects, and its frequency. */
export function FaultForm({ commands, objects }: FaultFormProps) {
  const t = useTranslations('sandbox.fault');
  const notes = useAnyKey('sandbox.fault.note');
  const [draft, setDraft] = useState(emptyFault);
  const [isJudged, setIsJudged] = useState(false);
  const choices = useMemo(() => listChoices(objects), [objects]);
  const order = toFaultSpec(draft);
  const errors = isJudged && !order.ok ? order.error : {};
  const change = (part: Partial<FaultDraft>) => setDraft((before) => ({ ...before, ...part }));
  const isOfCalls = callKinds.some((kind) => kind === draft.kind);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setIsJudged(true);
        if (order.ok) commands.send({ kind: 'addFault', order: order.value }, () => setIsJudged(false));
      }}
    >
      <div className="grid items-start gap-3 md:grid-cols-2">
        <Field label={t('kind')} note={t(`about.${draft.kind}`)}>
          {(control) => (
            <Select
              {...control}
              value={draft.kind}
              onChange={(kind) => change({ kind })}
              options={faultKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            />
          )}
        </Field>
        {isOfCalls ? (
          <SegmentedField
            label={t('often')}
            value={draft.often}
            onChange={(often) => change({ often })}
            options={[
              { value: 'count', label: t('byCount') },
              { value: 'share', label: t('byShare') },
            ]}
          />
        ) : null}
      </div>
      <div className="grid items-start gap-3 md:grid-cols-2">
        {listFaultFields(draft).map((field) => (
          <Field
            key={field}
            label={t(`field.${field}`)}
            note={notes.has(field) ? notes(field) : null}
            error={errors[field] ? t(`error.${errors[field]}`) : null}
          >
            {(control) => {
              const options = choices[field];
              return options === undefined ? (
                <Input
                  {...control}
                  {...(units[field] ? { unit: units[field] } : {})}
                  value={draft[field]}
                  onChange={(event) => change({ [field]: event.target.value })}
                />
              ) : (
                <Autocomplete
                  {...control}
                  options={options}
                  value={draft[field]}
                  onChange={(value) => change({ [field]: value })}
                  emptyText={t('noneKnown')}
                  openLabel={t('openList', { field: t(`field.${field}`) })}
                />
              );
            }}
          </Field>
        ))}
      </div>
      {mayTakeEffect(draft.kind) ? (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.takesEffect}
            onChange={(event) => change({ takesEffect: event.target.checked })}
          />
          {t('takesEffect')}
        </label>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          variant="primary"
          icon={<Zap aria-hidden />}
          busy={commands.last.state === 'sending'}
        >
          {t('add')}
        </Button>
        <CommandNoteLine last={commands.last} done={t('injected')} />
      </div>
    </form>
  );
}
