'use client';

import { useTranslations } from 'next-intl';
import type { FieldErrorOf } from '@/components/shell/use-action';
import { Field } from '@/components/ui/field';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import {
  type AlertEventKind,
  type AlertSeverity,
  alertEvents,
  alertSeverities,
  defaultAlertEvents,
  defaultLeadMinutes,
} from '@/lib/alerts/alert';
import type { AlertChannelView } from '@/lib/contract/alert';
import type { ConnectionChoice } from '@/lib/contract/connection';
import { splitList } from '@/lib/input/list-text';
import { useConnectionOptions } from './connections/connection-options';

/** The name and the route of a channel, with lists as they are typed. */
type TypedRoute = {
  readonly name: string;
  readonly events: readonly AlertEventKind[];
  readonly minSeverity: AlertSeverity;
  readonly connectionId: string | null;
  readonly regions: string;
  readonly domains: string;
  readonly leadMinutes: string;
};

const joined = (items: readonly (string | number)[]) => items.join(', ');

/** A new channel is quiet: it gets what needs a person, of everything. */
export const newRoute: TypedRoute = {
  name: '',
  events: defaultAlertEvents,
  minSeverity: 'info',
  connectionId: null,
  regions: '',
  domains: '',
  leadMinutes: joined(defaultLeadMinutes),
};

/** Returns the route of a channel to edit. */
export function toTypedRoute(channel: AlertChannelView): TypedRoute {
  const { name, events, minSeverity, connectionId, regions, domains, leadMinutes } = channel;
  const lists = { regions: joined(regions), domains: joined(domains), leadMinutes: joined(leadMinutes) };
  return { name, events, minSeverity, connectionId, ...lists };
}

/** Returns a route as it is sent. */
export function toRouteInput({ regions, domains, leadMinutes, ...route }: TypedRoute) {
  return {
    ...route,
    regions: splitList(regions),
    domains: splitList(domains),
    leadMinutes: splitList(leadMinutes).map(Number),
  };
}

export type AlertRouteProps = {
  readonly route: TypedRoute;
  readonly change: (part: Partial<TypedRoute>) => void;
  readonly errorOf: FieldErrorOf;
  readonly connections: readonly ConnectionChoice[];
};

/** The option for all accounts: ids have no space. */
const all = 'all accounts';

type ListFieldProps = Pick<AlertRouteProps, 'route' | 'change' | 'errorOf'> & {
  readonly name: 'regions' | 'domains' | 'leadMinutes';
};

function ListField({ name, route, change, errorOf }: ListFieldProps) {
  const t = useTranslations('alerts');
  return (
    <TextField
      label={t(name)}
      note={t(`${name}Hint`)}
      error={errorOf(name, route[name])}
      value={route[name]}
      onType={(text) => change({ [name]: text })}
    />
  );
}

/** The alerts of a channel: their events, severity and scope. */
export function AlertRouteFields({ route, change, errorOf, connections }: AlertRouteProps) {
  const t = useTranslations('alerts');
  const list = { route, change, errorOf };
  const accounts = useConnectionOptions(connections, route.connectionId === null ? [] : [route.connectionId]);
  return (
    <>
      <CheckboxGroup
        label={t('events')}
        options={alertEvents.map((event) => ({ value: event, label: t(`event.${event}`) }))}
        chosen={route.events}
        onChange={(events) => change({ events })}
        error={errorOf('events', route.events)}
      />
      {route.events.some((event) => event === 'startsSoon' || event === 'endsSoon') ? (
        <ListField name="leadMinutes" {...list} />
      ) : null}
      <Field label={t('minSeverity')}>
        {(control) => (
          <Select
            {...control}
            value={route.minSeverity}
            options={alertSeverities.map((value) => ({ value, label: t(`severity.${value}`) }))}
            onChange={(minSeverity) => change({ minSeverity })}
          />
        )}
      </Field>
      <Field label={t('connection')}>
        {(control) => (
          <Select
            {...control}
            value={route.connectionId ?? all}
            options={[{ value: all, label: t('allConnections') }, ...accounts]}
            onChange={(value) => change({ connectionId: value === all ? null : value })}
          />
        )}
      </Field>
      <ListField name="regions" {...list} />
      <ListField name="domains" {...list} />
    </>
  );
}
