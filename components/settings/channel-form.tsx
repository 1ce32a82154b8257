'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import { type ChannelKind, channelKinds } from '@/lib/alerts/channel';
import type { AddAlertChannelAction, AlertChannelView, ChangeAlertChannelAction } from '@/lib/contract/alert';
import type { ConnectionChoice } from '@/lib/contract/connection';
import {
  AlertRouteFields,
  type AlertRouteProps,
  newRoute,
  toRouteInput,
  toTypedRoute,
} from './alert-route-fields';
import { noTarget, TargetFields, type TypedTarget, toTargetInput } from './target-fields';

function NameField({ route, change, errorOf }: Omit<AlertRouteProps, 'connections'>) {
  const t = useTranslations('alerts');
  return (
    <TextField
      label={t('name')}
      note={t('nameHint')}
      error={errorOf('name', route.name)}
      value={route.name}
      onType={(name) => change({ name })}
    />
  );
}

type NewSecretProps = {
  readonly title: string;
  readonly secret: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Shows the signing secret that Spillway has made for a webhook. */
function NewSecret({ title, secret, isOpen, onClose }: NewSecretProps) {
  const t = useTranslations('alerts');
  return (
    <Dialog open={isOpen} onOpenChange={onClose} title={title} cancelLabel={t('close')} action={null}>
      <div role="status">
        <Banner title={t('newSecret')}>
          <span className="block min-w-0 break-all">
            <Copyable value={secret} />
          </span>
        </Banner>
      </div>
    </Dialog>
  );
}

type AddChannelProps = {
  readonly connections: readonly ConnectionChoice[];
  readonly addChannel: AddAlertChannelAction;
  readonly onChanged: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Adds a channel, and shows the signing secret of a webhook once. */
export function AddChannel({ connections, addChannel, onChanged, isOpen, onClose }: AddChannelProps) {
  const t = useTranslations('alerts');
  const [kind, setKind] = useState<ChannelKind>('webhook');
  const [typed, setTyped] = useState(noTarget);
  const [route, setRoute] = useState(newRoute);
  const [secret, setSecret] = useState<string | null>(null);
  const add = useAction(addChannel, (made) => {
    onChanged();
    if (made.secret === null) onClose();
    else setSecret(made.secret);
  });
  if (secret !== null)
    return <NewSecret title={t('addTitle')} secret={secret} isOpen={isOpen} onClose={onClose} />;
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('addTitle')}
      submitLabel={t('addNow')}
      isBusy={add.isBusy}
      onSubmit={() => add.send({ ...toRouteInput(route), kind, ...toTargetInput(kind, typed) })}
      below={<ActionFailure action={add} />}
    >
      <NameField route={route} change={(part) => setRoute({ ...route, ...part })} errorOf={add.fieldError} />
      <Field label={t('kind.label')}>
        {(control) => (
          <Select
            {...control}
            value={kind}
            options={channelKinds.map((each) => ({ value: each, label: t(`kind.${each}`) }))}
            onChange={setKind}
          />
        )}
      </Field>
      <TargetFields
        kind={kind}
        typed={typed}
        change={(part) => setTyped({ ...typed, ...part })}
        errorOf={add.fieldError}
      />
      <AlertRouteFields
        route={route}
        change={(part) => setRoute({ ...route, ...part })}
        errorOf={add.fieldError}
        connections={connections}
      />
    </FormDialog>
  );
}

type ChangeChannelProps = {
  readonly channel: AlertChannelView;
  readonly connections: readonly ConnectionChoice[];
  readonly changeChannel: ChangeAlertChannelAction;
  readonly onChanged: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Changes the name of a channel, which alerts it gets, and its target. */
export function ChangeChannel(props: ChangeChannelProps) {
  const { channel, connections, changeChannel, onChanged, isOpen, onClose } = props;
  const { id, name, kind } = channel;
  const t = useTranslations('alerts');
  const [route, setRoute] = useState(toTypedRoute(channel));
  const [typed, setTyped] = useState<TypedTarget | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const save = useAction(changeChannel, (made) => {
    onChanged();
    if (made.secret === null) onClose();
    else setSecret(made.secret);
  });
  if (secret !== null)
    return <NewSecret title={t('changeTitle', { name })} secret={secret} isOpen={isOpen} onClose={onClose} />;
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('changeTitle', { name })}
      submitLabel={t('changeNow')}
      isBusy={save.isBusy}
      onSubmit={() => save.send({ id, ...toRouteInput(route), target: typed && toTargetInput(kind, typed) })}
      below={<ActionFailure action={save} />}
    >
      <NameField route={route} change={(part) => setRoute({ ...route, ...part })} errorOf={save.fieldError} />
      <AlertRouteFields
        route={route}
        change={(part) => setRoute({ ...route, ...part })}
        errorOf={save.fieldError}
        connections={connections}
      />
      <label className="inline-flex min-h-6 items-center gap-1.5">
        <input
          type="checkbox"
          className="accent-accent"
          checked={typed !== null}
          onChange={() => setTyped(typed === null ? noTarget : null)}
        />
        {t('newTarget')}
      </label>
      {typed === null ? null : (
        <>
          <p className="text-12 text-ink-2">{t('newTargetHint')}</p>
          <TargetFields
            kind={kind}
            typed={typed}
            change={(part) => setTyped({ ...typed, ...part })}
            errorOf={(field, value) => save.fieldError(`target.${field}`, value)}
          />
        </>
      )}
    </FormDialog>
  );
}
