// Validates a bill of materials with the official CycloneDX schema: `node validate-sbom.mjs FILE`.
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const text = readFileSync(process.argv[2], 'utf8');
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const found = await validator.validate(text);
if (found !== null) {
  console.error(JSON.stringify(found, null, 2).slice(0, 4000));
  process.exit(1);
}
// The schema does not check references: each must point to a component.
const bom = JSON.parse(text);
const all = [bom.metadata.component, ...(bom.metadata.component.components ?? []), ...bom.components];
const known = new Set(all.map(component => component['bom-ref']));
const named = bom.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
const lost = named.filter(ref => !known.has(ref));
if (lost.length > 0 || known.size !== all.length) {
  console.error(`names twice or of nothing: ${lost.join(', ')}`);
  process.exit(1);
}
console.log(`sbom: ${all.length} parts, valid CycloneDX ${bom.specVersion}`);
