import { spawnSync } from 'node:child_process';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { FAR_MS } from './wait.ts';

const EXECUTABLE = 'chromium';

/** Tests that need it are skipped without it, except where everything must be there. */
const path = spawnSync('which', [EXECUTABLE]).stdout?.toString().trim() ?? '';
export const hasChromium = path !== '';
if (!hasChromium && process.env.CI === 'true')
  throw new Error('chromium is not on the PATH: install Debian’s chromium.');

export const inChromium = `in a browser${hasChromium ? '' : ' (skipped: no chromium on the PATH)'}`;

/** One browser for the tests of a file. Each context is a visitor of its own. */
export function browserOfFile(): (options?: BrowserContextOptions) => Promise<BrowserContext> {
  let browser: Browser | null = null;
  beforeAll(async () => {
    // As root, which machines for tests often are, it needs to be told that it may run.
    browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(() => browser?.close());
  return async (options = {}) => {
    if (!browser) throw new Error('The browser is not open.');
    const context = await browser.newContext(options);
    context.setDefaultTimeout(FAR_MS);
    return context;
  };
}

/** What people with assistive technology would stumble over, each with where it is. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What sticks out of the page sideways: pixels that somebody would have to scroll for. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = (globalThis as unknown as { document: { documentElement: Sized } }).document
      .documentElement;
    return scrollWidth - clientWidth;
  });
interface Sized {
  scrollWidth: number;
  clientWidth: number;
}

/** Where `SCREENSHOTS` names a folder, what the page looks like, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
