import { z } from 'zod';

/** The e-mail address of an account, in lower case. 254: RFC 5321, 4.5.3.1.3, less the brackets. */
export const Email = z.string().trim().toLowerCase().max(254, 'email.invalid').pipe(z.email('email.invalid'));
