import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { skipUnless } from './require.js';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium: `CHROMIUM_PATH`, else the usual places. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  return [...(named === undefined ? [] : [named]), ...candidates].find((path) => existsSync(path));
}

/** A browser that closes with the test; undefined where there is none, and the test is then skipped (or failed, see `skipUnless`). */
export async function openBrowser(t: Test): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (!skipUnless(t, executablePath !== undefined, 'Chromium (install it, or name it by CHROMIUM_PATH)')) return undefined;
  const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: flags });
  t.teardown(() => browser.close());
  return browser;
}

/** What a page complained about and asked for, from now on. */
export interface PageRecord {
  /** Console errors and warnings, uncaught exceptions, refusals by the content security policy. */
  readonly complaints: readonly string[];
  /** Every URL requested, `data:` and `blob:` left out. */
  readonly requests: readonly string[];
}

/** Starts to record; call it before the page goes anywhere. */
export function recordPage(page: Page): PageRecord {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(`${line.type()}: ${line.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) requests.push(request.url());
  });
  return { complaints, requests };
}
