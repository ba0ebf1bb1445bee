// The same site with each config.json in e2e/configs.
const urls = process.env.VARIANT_URLS;
if (!urls) throw new Error('VARIANT_URLS is not set; `cargo xtask test --only e2e` sets it');

/** The origins, by file name. */
export const HOSTS: Record<string, string> = JSON.parse(urls);
