// ajv in strict mode, without options, compiles every schema and judges every document as the library does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, schemas, documents] = process.argv.slice(2);
const { default: Ajv } = createRequire(packages)("ajv/dist/2020");
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

const ajv = new Ajv({ strict: true });
const validate = Object.fromEntries(read(schemas).map(([kind, file]) => [kind, ajv.compile(read(file))]));
const all = read(documents);
const others = all.filter(({ kind, document, fits }) => validate[kind](document) !== fits);

for (const { name, fits } of others) console.log(`${name}: the library ${fits ? "takes" : "refuses"} it, ajv does not`);
console.log(`${all.length} documents, ${all.filter(({ fits }) => !fits).length} refused; ${others.length} judged otherwise`);
process.exitCode = others.length ? 1 : 0;
