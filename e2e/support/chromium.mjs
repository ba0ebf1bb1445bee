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

/** The options to launch it with. */
export const options = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    `--disable-features=${OFF.join(',')}`,
    // Chromium's sandbox does not start as root, for example in a container.
    ...(isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
  ],
};
