/** What the work comes to, or `late` when it takes longer; it goes on all the same, and the wait keeps no process alive. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
