import { z } from 'zod';

const absent = z.never().optional();

/** The fields that name a target, for the two shapes that a schema of targets has. */
export const byServer = <Id extends z.ZodType<string>>(id: Id) => ({ instanceId: id, eniIp: absent });
export const byAddress = <Ip extends z.ZodType<string>>(ip: Ip) => ({ instanceId: absent, eniIp: ip });
