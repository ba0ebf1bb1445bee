// Measures the time from navigation to the first usable control, with a slow phone's CPU and network. Prints
// the median of five cold visits, each in its own browser context.
import { chromium } from '@playwright/test';

const VISITS = 5;
const CPU_SLOWDOWN = 4;
const NETWORK = {
  offline: false,
  latency: 150, // milliseconds, round trip
  downloadThroughput: 1_600_000 / 8, // bytes a second
  uploadThroughput: 750_000 / 8,
};
const CONTROL = 'Try it with sample communities';

const url = process.env.MUSTER_URL;
if (!url) throw new Error('MUSTER_URL says where the site is; `cargo xtask bench` sets it');
const isRoot = process.getuid?.() === 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
});

async function visit() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  let bytes = 0;
  let requests = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  // Measured in the page on each frame, to exclude round trips to this program.
  await page.addInitScript((name) => {
    const look = () => {
      const controls = [...document.querySelectorAll('button, a[href]')];
      const found = controls.find((control) => control.textContent.trim() === name);
      const isUsable =
        found?.checkVisibility() && !found.disabled && found.ariaDisabled !== 'true';
      if (isUsable) globalThis.firstControlAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, CONTROL);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.firstControlAt, null, { timeout: 60_000 });
  const at = await page.evaluate(() => globalThis.firstControlAt);
  await context.close();
  return { at, bytes, requests };
}

try {
  const visits = [];
  for (let n = 0; n < VISITS; n += 1) visits.push(await visit());
  visits.sort((a, b) => a.at - b.at);
  const { at, bytes, requests } = visits[Math.floor(VISITS / 2)];
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  console.log(`first usable control    median ${seconds(at)} of ${VISITS} visits`);
  console.log(`                        ${visits.map((one) => seconds(one.at)).join(', ')}`);
  console.log(`transferred until then  ${(bytes / 1000).toFixed(1)} KB in ${requests} requests`);
  console.log(`conditions              ${CPU_SLOWDOWN}x slower processor, 1.6 Mbit/s, 150 ms round trip, cold cache`);
} finally {
  await browser.close();
}
