/** @throws Error when it takes longer or the signal aborts; a later result is dropped */
export async function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  let leave = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1000} seconds.`)), ms);
    const troubled = () => reject(new Error('The queue is in trouble.'));
    signal?.addEventListener('abort', troubled);
    // The signal outlives the hint: its listeners must not pile up.
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', troubled);
    };
  });
  return Promise.race([work, late]).finally(leave);
}
