/** For how long what follows belongs to what a step records; 0: nothing is waited for. */
export const gatherMs = ({ gather }: { gather?: string | undefined }): number =>
  gather === undefined ? 0 : milliseconds(gather);

/** An ISO 8601 duration as the schema lets it through, such as P3D or PT2H. */
export function milliseconds(duration: string): number {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (found?.slice(1) ?? []).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
