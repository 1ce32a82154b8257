import { z } from 'zod';

/**
 * The form of a region code, such as `ap-singapore` or `ap-shanghai-fsi`
 * (https://www.tencentcloud.com/document/product/213/6091).
 */
const form = /^[a-z]+(-[a-z0-9]+)+$/;
/** The longest code has 17 characters. */
const lengthMax = 40;

/** Returns whether a text has the form of a region code. Which regions exist is known to the cloud alone. */
export const isRegionCode = (text: string): boolean => text.length <= lengthMax && form.test(text);

/** Creates the schema of a region code. */
export const regionCode = (error = 'region.invalid') =>
  z.string(error).max(lengthMax, error).regex(form, error);
