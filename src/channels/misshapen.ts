import type { ZodError } from 'zod';

/** Why something that was said cannot be read: the places alone, for what stands there is somebody's. */
export const misshapen = ({ issues }: ZodError): TypeError =>
  new TypeError(`of another shape than expected: ${issues.map(({ path }) => path.join('.')).join(', ')}`);
