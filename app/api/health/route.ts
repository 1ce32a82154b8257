/** The short name of the question that matters: whether work gets done. */
export { GET } from './ready/route';
