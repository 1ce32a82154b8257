import { z } from 'zod';
import { SplitDiversion } from './split';
import { SwitchDiversion } from './switch';

/** What an operator wants, of either kind. */
export const Diversion = z.union([SplitDiversion, SwitchDiversion]);
export type Diversion = z.infer<typeof Diversion>;
