'use client';

import { ListScreen } from '@/components/lists/list-screen';
import type { ConnectionView } from '@/lib/contract/connection';
import { BindingsList, useBindings } from './bindings-list';

type BindingsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The Bindings page: every rule of one connection with its backend. */
export function BindingsScreen({ connections, connectionId }: BindingsScreenProps) {
  const list = useBindings(connectionId);
  return (
    <ListScreen of="bindings" connections={connections} list={list}>
      {(view) => <BindingsList list={list} view={view} />}
    </ListScreen>
  );
}
