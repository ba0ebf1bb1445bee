// The same site at other hosts: one for each config.json in e2e/configs.
const urls = process.env.VARIANT_URLS;
if (!urls) throw new Error('VARIANT_URLS is not set; `cargo xtask test --only e2e` sets it');

/** Where each of them is, by the name of its file. */
export const HOSTS: Record<string, string> = JSON.parse(urls);
