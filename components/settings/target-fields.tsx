'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { FieldErrorOf } from '@/components/shell/use-action';
import { TextField } from '@/components/ui/forms/text-field';
import type { ChannelKind } from '@/lib/alerts/channel';
import type { AlertTargetInput } from '@/lib/contract/alert';
import { splitList } from '@/lib/input/list-text';

/** The typed target of a channel. */
export type TypedTarget = Readonly<
  Record<'url' | 'secret' | 'conversation' | 'user' | 'from' | 'to', string>
>;
export const noTarget: TypedTarget = { url: '', secret: '', conversation: '', user: '', from: '', to: '' };

const orNull = (text: string) => (text.trim() === '' ? null : text);

/** Returns the target of a channel of a kind as it is sent. */
export function toTargetInput(kind: ChannelKind, typed: TypedTarget): AlertTargetInput {
  const { url, secret, conversation, user, from, to } = typed;
  return {
    url,
    secret: orNull(secret),
    conversation: kind === 'slackBot' ? orNull(conversation) : null,
    mail: kind === 'email' ? { user: orNull(user), from, to: splitList(to) } : null,
  };
}

type TargetInputProps = {
  readonly label: string;
  readonly note: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly isSecret?: boolean;
  readonly onChange: (value: string) => void;
};

function TargetField({ label, note, value, error, isSecret = false, onChange }: TargetInputProps) {
  return (
    <TextField
      label={label}
      note={note}
      error={error}
      {...(isSecret ? { type: 'password' } : {})}
      autoComplete="off"
      value={value}
      onType={onChange}
    />
  );
}

type TargetFieldsProps = {
  readonly kind: ChannelKind;
  readonly typed: TypedTarget;
  readonly change: (part: Partial<TypedTarget>) => void;
  readonly errorOf: FieldErrorOf;
};

/** The address of a channel, and the other fields that its kind has. */
export function TargetFields({ kind, typed, change, errorOf }: TargetFieldsProps): ReactNode {
  const t = useTranslations('alerts');
  const hasSecret = kind === 'dingtalk' || kind === 'feishu' || kind === 'slackBot' || kind === 'email';
  return (
    <>
      <TargetField
        label={t('url')}
        note={t(`urlHint.${kind}`)}
        value={typed.url}
        error={errorOf('url', typed.url)}
        onChange={(url) => change({ url })}
      />
      {kind === 'slackBot' ? (
        <TargetField
          label={t('conversation')}
          note={t('conversationHint')}
          value={typed.conversation}
          error={errorOf('conversation', typed.conversation)}
          onChange={(conversation) => change({ conversation })}
        />
      ) : null}
      {kind === 'email' ? (
        <>
          <TargetField
            label={t('mail.from')}
            note={t('mail.fromHint')}
            value={typed.from}
            error={errorOf('mail.from', typed.from)}
            onChange={(from) => change({ from })}
          />
          <TargetField
            label={t('mail.to')}
            note={t('mail.toHint')}
            value={typed.to}
            error={errorOf('mail.to', typed.to)}
            onChange={(to) => change({ to })}
          />
          <TargetField
            label={t('mail.user')}
            note={t('mail.userHint')}
            value={typed.user}
            error={errorOf('mail.user', typed.user)}
            onChange={(user) => change({ user })}
          />
        </>
      ) : null}
      {hasSecret ? (
        <TargetField
          isSecret
          label={t(`secret.${kind}`)}
          note={t(`secretHint.${kind}`)}
          value={typed.secret}
          error={errorOf('secret', typed.secret)}
          onChange={(secret) => change({ secret })}
        />
      ) : null}
    </>
  );
}
