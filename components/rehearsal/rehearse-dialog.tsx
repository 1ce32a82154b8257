'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import type { StartRehearsalAction } from '@/lib/client/rehearsals/rehearsal-views';
import type { PlanId } from '@/lib/plan/model/model';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { routes } from '@/lib/routes';
import { CommandFields } from './command-fields';
import {
  newRehearsalDraft,
  type RehearsalDraft,
  type RepeatedRehearsal,
  toRehearsalInput,
} from './rehearsal-draft';

export type RehearseDialogProps = {
  readonly planId: PlanId;
  readonly hash: string;
  readonly startRehearsal: StartRehearsalAction;
  readonly onClose: () => void;
  readonly repeated?: RepeatedRehearsal;
};

/** Fields beside each other: their controls are in one line, although some labels take two. */
const fieldRows = 'grid gap-3 md:gap-y-1.5 md:*:row-span-3 md:*:grid-rows-subgrid md:[&>*>label]:items-end';

/** Starts a rehearsal. Mount it to open it. */
export function RehearseDialog({ planId, hash, startRehearsal, onClose, repeated }: RehearseDialogProps) {
  const t = useTranslations('rehearsal');
  const router = useRouter();
  const [draft, setDraft] = useState(() => newRehearsalDraft(repeated));
  const start = useAction(startRehearsal, ({ rehearsalId }, isHere) => {
    if (!isHere) return;
    onClose();
    router.push(routes.rehearsal(rehearsalId));
  });
  const usual = repeated === undefined ? t('asPlanned') : t('asIn', { id: repeated.id });
  const field = (
    name: Exclude<keyof RehearsalDraft, 'kinds' | 'commands'>,
    label: string,
    path: string,
    note?: string,
  ) => (
    <TextField
      label={label}
      error={start.fieldError(path, draft[name])}
      {...(note === undefined ? {} : { note })}
      inputMode="decimal"
      value={draft[name]}
      placeholder={usual}
      onType={(text) => setDraft((now) => ({ ...now, [name]: text }))}
    />
  );
  return (
    <FormDialog
      onClose={onClose}
      title={t('start')}
      description={repeated === undefined ? t('startText') : t('repeatText', { id: repeated.id })}
      submitLabel={t('startNow')}
      isBusy={start.isBusy}
      onSubmit={() => start.send({ planId, hash, ...toRehearsalInput(draft, repeated) })}
      below={<ActionFailure action={start} />}
    >
      <div className={`${fieldRows} md:grid-cols-3`}>
        {field('peak', t('peak'), 'load.peakRps')}
        {field('call', t('call'), 'load.callMs')}
        {field('server', t('server'), 'load.serverRps')}
      </div>
      <div className={`${fieldRows} md:grid-cols-2`}>
        {field('lost', t('goalLost'), 'settings.goals.lostShare')}
        {field('wait', t('goalWait'), 'settings.goals.waitP95Ms')}
        {field('seed', t('seed'), 'settings.seed', t('seedNote'))}
        {field('events', t('events'), 'settings.events', t('eventsNote'))}
      </div>
      <CheckboxGroup
        label={t('faultKinds')}
        options={rehearsalFaultKinds.map((kind) => ({ value: kind, label: t(`faults.kind.${kind}`) }))}
        chosen={draft.kinds}
        onChange={(kinds) => setDraft((now) => ({ ...now, kinds }))}
      />
      {draft.kinds.length === 0 ? null : field('faults', t('faultCount'), 'settings.faults.count')}
      <CommandFields
        commands={draft.commands}
        onChange={(commands) => setDraft((now) => ({ ...now, commands }))}
        errorOf={(index, value) => start.fieldError(`settings.commands.${index}.atS`, value)}
      />
    </FormDialog>
  );
}
