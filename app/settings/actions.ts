'use server';

import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/client/actions';
import { addFreeze as add, removeFreeze as remove } from '@/lib/server/change-freezes';

export const addFreeze: AddFreezeAction = async (input) => add(input);

export const removeFreeze: RemoveFreezeAction = async (id) => remove(id);
