'use server';

import type { AddFreezeAction, RemoveFreezeAction, SetPolicyAction } from '@/lib/client/actions';
import { addFreeze as add, removeFreeze as remove } from '@/lib/server/change-freezes';
import { setPolicy as set } from '@/lib/server/set-policy';

export const addFreeze: AddFreezeAction = async (input) => add(input);

export const removeFreeze: RemoveFreezeAction = async (id) => remove(id);

export const setPolicy: SetPolicyAction = async (input) => set(input);
