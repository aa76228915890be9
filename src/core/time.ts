/** The result of the work, or `late` when it takes longer; the work goes on, and the wait keeps no process alive. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
