/** @throws Error when it takes longer, or the signal comes; what comes later is nobody's any more */
export async function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  let leave = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1000} seconds.`)), ms);
    const troubled = () => reject(new Error('The queue is in trouble.'));
    signal?.addEventListener('abort', troubled);
    // The signal outlives the hint: what listens to it must not gather.
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', troubled);
    };
  });
  return Promise.race([work, late]).finally(leave);
}
