/** The largest plan file that is read, in characters. A plan of 1,000 steps has about 2 million. */
export const planFileMax = 8_000_000;
