/** Short alias of the readiness check, which reports whether work gets done. */
export { GET } from './ready/route';
