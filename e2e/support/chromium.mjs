// How Chromium is started, for tests and benchmarks.

const isRoot = process.getuid?.() === 0;

// Only the last such argument counts, so what Playwright switches off itself is repeated.
const OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
  // Two hidden pages for the suggestions below the address, in each window: half the work of opening one.
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
];

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** The options to launch it with, windows included. */
export const options = {
  executablePath: chromium,
  args: [
    `--disable-features=${OFF.join(',')}`,
    // Chromium's sandbox does not start as root, for example in a container.
    ...(isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
  ],
};

/** The same for its headless shell, if there is one: the same engine, which draws no windows around its pages. */
export const headless = { ...options, executablePath: process.env.HEADLESS_SHELL ?? chromium };
