import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import type { Answer } from './actions';

/** Every change of a function names the function and a reason. */
export type ChangeAbout = FunctionId & { readonly connectionId: string; readonly reason: string };
type Changed = Answer<{ changeId: string }>;
type Kind<K extends FunctionChange['kind']> = { readonly change: FunctionChange & { readonly kind: K } };
/** The name of what is deleted, typed by the person. */
type Typed = { readonly typedName: string };

/** The changes of functions. Each is carried out by the worker; the function's page shows how it ends. */
export type ChangeFunctionActions = {
  readonly publishVersion: (input: ChangeAbout & Kind<'publish'>) => Changed;
  readonly setAlias: (input: ChangeAbout & Kind<'setAlias'>) => Changed;
  readonly deleteAlias: (input: ChangeAbout & Kind<'deleteAlias'> & Typed) => Changed;
  readonly setProvisioned: (input: ChangeAbout & Kind<'setProvisioned'>) => Changed;
  readonly deleteVersion: (input: ChangeAbout & Kind<'deleteVersion'> & Typed) => Changed;
  readonly deleteFunction: (input: ChangeAbout & Typed) => Changed;
};
