'use client';

import { ListScreen } from '@/components/lists/list-screen';
import type { ConnectionView } from '@/lib/contract/connection';
import { FunctionsList, useFunctions } from './functions-list';

type FunctionsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The Functions page: every function of one connection, and where it is used. */
export function FunctionsScreen({ connections, connectionId }: FunctionsScreenProps) {
  const list = useFunctions(connectionId);
  return (
    <ListScreen of="functions" connections={connections} list={list}>
      {(view) => <FunctionsList list={list} view={view} />}
    </ListScreen>
  );
}
