/** `npm run test:full` takes the sizes of a real process, and many more cases; `npm test` those at which the same is seen. */
const isFull = process.env.TEST_SIZE === 'full';

export const sized = <T>(shown: T, full: T): T => (isFull ? full : shown);
